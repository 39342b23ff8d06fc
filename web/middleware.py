"""What is refused before it reaches a view, and what is answered for one."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from web.errors import FORM_ONLY, BadInput, error_page, is_api, is_scripted, sentences_only
from web.heads import UNREADABLE, keeps_letters
from web.parsers import BROKEN_FORM, NOT_STORABLE, UNREADABLE_HEAD, is_storable
from web.quotas import QuotaExceeded, count_request

SIGN_IN = _("You are no longer signed in. Sign in to go on.")
LARGEST_ID = 2**63 - 1
ANSWERED = "answered_forms"  # of a session: the keys of its last forms, and where each led
MOST_ANSWERED, KEY_LENGTH = 20, 64


class InputMiddleware:
    """NUL in a path is 404, in a query, cookie or form 400: PostgreSQL raises where it is asked for such a text.
    A number in a path that no row can have is 404, too, and a header that cannot be read 400.

    Forms of the API are left to its parsers, which the views choose.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", "") or not is_storable(request.COOKIES):
            raise BadInput(NOT_STORABLE)
        if not has_readable_head(request):
            raise BadInput(UNREADABLE_HEAD)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> None:
        if any(isinstance(value, int) and value > LARGEST_ID for value in kwargs.values()):
            raise Http404
        if request.method == "POST" and not is_api(request) and not is_storable(form_of(request)):
            raise BadInput(NOT_STORABLE)


def has_readable_head(request: HttpRequest) -> bool:
    """Whether its types can be read: `web.heads` takes one that cannot for none, and the API asks what is accepted."""
    if request.META.get("CONTENT_TYPE") and not request.content_type:
        return False
    try:
        if is_api(request):
            request.accepted_types  # noqa: B018 (reads the header)
    except UNREADABLE:
        return False
    return keeps_letters(request.encoding or "utf-8")


def form_of(request: HttpRequest) -> dict[str, Any]:
    """The names of its fields and their values. Raises BadInput where it cannot be read."""
    try:
        return dict(request.POST.lists())
    except UNREADABLE as problem:
        raise BadInput(BROKEN_FORM) from problem


class MethodMiddleware:
    """A page where a browser would show an empty answer: whoever signs in again may be led to where a form went."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or is_api(request) or response.content:
            return response
        page = error_page(request, 405, FORM_ONLY)
        page["Allow"] = response["Allow"]
        return page


class FormMiddleware:
    """What becomes of a form, told so that the page with the form can stay as it is until it was taken.

    To scripts (static/js/forms.js) a redirect is 204 with `HX-Redirect`, a refusal 422 with its sentences, and 401 says
    that one must sign in. Without scripts, who must sign in comes back to the page of the form: its own address may
    show nothing. A form that is sent again because its answer was lost is done once, by its `Idempotency-Key`
    (draft-ietf-httpapi-idempotency-key-header).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_scripted(request):
            return self.to_browser(request, self.get_response(request))
        key = request.headers.get("Idempotency-Key", "")[:KEY_LENGTH]
        if key and (target := dict(request.session.get(ANSWERED, ())).get(key)):
            return client_redirect(request, target)
        response = self.get_response(request)
        if leads_to_login(response):
            return sentences_only(401, [SIGN_IN])
        if refused := getattr(request, "refused", None):
            return sentences_only(422, refused)
        if not is_redirect(response):
            return response
        if key:
            answered = request.session.get(ANSWERED, [])
            request.session[ANSWERED] = [*answered, [key, response["Location"]]][-MOST_ANSWERED:]
        return client_redirect(request, response["Location"])

    def to_browser(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        page = request.headers.get("Referer", "")
        if request.method != "POST" or not leads_to_login(response) or not is_ours(request, page):
            return response
        comes_from = urlsplit(page)._replace(scheme="", netloc="")
        return response if is_login(comes_from.path) else redirect_to_login(comes_from.geturl())


def is_ours(request: HttpRequest, page: str) -> bool:
    return url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())


def is_redirect(response: HttpResponse) -> bool:
    return response.status_code in (301, 302, 303)


def leads_to_login(response: HttpResponse) -> bool:
    return is_redirect(response) and is_login(urlsplit(response["Location"]).path)


def is_login(path: str) -> bool:
    return path == resolve_url(settings.LOGIN_URL)


def client_redirect(request: HttpRequest, target: str) -> HttpResponse:
    """A browser that is sent to another place on the page that it shows would not load it anew by itself."""
    answer = HttpResponseClientRedirect(target, status=204)
    here = request.headers.get("HX-Current-URL", "")
    to = urlsplit(target)
    if to.fragment and is_ours(request, here) and to.path == urlsplit(here).path:
        answer["HX-Refresh"] = "true"
    return answer


class QuotaMiddleware:
    """Counts what comes to pages, and answers them where a quota is exceeded; for the API web.errors does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or is_api(request):
            return None
        try:
            if request.user.is_authenticated:
                count_request(request.user.pk)
        except QuotaExceeded as refusal:
            return self.process_exception(request, refusal)
        except DatabaseError:  # the view says so, if it needs one
            return None
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, QuotaExceeded):
            return None
        answer = error_page(request, 429, error.sentence)
        for name, value in error.headers.items():
            answer[name] = value
        return answer
