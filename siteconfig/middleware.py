"""In which language a visitor is answered."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from siteconfig.services import shown_site


class SiteLanguageMiddleware(LocaleMiddleware):
    """What a person chose (a cookie) stands above the language of the site, and that above what their browser asks for.
    Programs choose by `Accept-Language`."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not has_chosen(request) and (language := shown_site().language):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()


def has_chosen(request: HttpRequest) -> bool:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    is_program = "Authorization" in request.headers and "Accept-Language" in request.headers
    return is_program or chosen in dict(settings.LANGUAGES)
