"""Middleware and context processor of this app's switch: with FACES=off nobody reaches its pages and its API, and
nothing links to them.

The licence of the photographs that its networks learned from forbids more than non-commercial research, so a site
must be able to do without it.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from web.errors import error_page, error_response, is_api

FACES_ARE_OFF = gettext_noop("Faces are switched off on this site.")


def faces_context(request: HttpRequest) -> dict[str, bool]:
    """A context processor: whether templates may link to faces."""
    return {"has_faces": settings.FACES}


class FacesMiddleware:
    """Answers 404 with a sentence for every address of this app, also for those that come later."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if settings.FACES or match is None or match.app_name != "generator":
            return None
        if is_api(request):
            return error_response(404, "not_found", _(FACES_ARE_OFF))
        return error_page(request, 404, _(FACES_ARE_OFF))
