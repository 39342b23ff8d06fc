"""How the site answers what goes wrong: programs under /api/ in one shape, people with a page that says what to do."""

import sys
from collections.abc import Sequence

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import status as http
from rest_framework.exceptions import APIException, ErrorDetail, NotAuthenticated, ParseError

from web.parsers import TooLarge
from web.quotas import QuotaExceeded

RETRY_SECONDS = 5  # a PostgreSQL that starts anew is back within these
DATABASE_IS_AWAY = _("The site cannot reach its database for the moment. Try again in a few seconds.")
TOO_LARGE = _("This form is larger than 10 MB without its files. Send pictures as files.")
ROLE_MISSES = _("Your role does not include this.")
WHO_ASKS = _(
    "Nobody is signed in. Sign in, or make a token on your account page and send it: Authorization: Bearer <token>."
)
NO_PAGE = _("There is no such page, or it belongs to someone else.")
NOT_THERE_ANY_MORE = _("What this was about is no longer there. Load the page again.")
FORM_IS_OLD = _(
    "This page was opened before you last signed in, or your browser keeps no cookies. Load it again."
)
FORM_ONLY = _("This address takes what a form sends, and shows nothing. Go back to the page with the form.")
HEADINGS = {
    400: _("This cannot be read"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Nothing to see here"),
    413: _("Too large"),
    429: _("Too much at once"),
    507: _("No room left"),
}
DATABASE_ERRORS = (OperationalError, InterfaceError)  # refused, locked, unreadable, restarted


class Conflict(APIException):
    """What is asked for does not fit how things stand; the detail says why."""

    status_code = http.HTTP_409_CONFLICT
    default_code = "conflict"


class TooMany(APIException):
    """A quota is exceeded."""

    status_code = http.HTTP_429_TOO_MANY_REQUESTS
    default_code = "throttled"


class Unavailable(APIException):
    """The database cannot be reached."""

    status_code = http.HTTP_503_SERVICE_UNAVAILABLE
    default_code = "unavailable"
    default_detail = DATABASE_IS_AWAY
    wait = RETRY_SECONDS


class BadInput(BadRequest):
    """A request that no view can use; its text is a sentence for whoever sent it."""


class RequestErrors(ExceptionHandler):
    """What Django refuses while it reads a request is the client's error, not ours, as is an exceeded quota; a database
    that is away is neither's."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, NotAuthenticated):
            exc.detail = ErrorDetail(str(WHO_ASKS), exc.default_code)
            return exc
        if isinstance(exc, QuotaExceeded):
            return TooMany(exc.sentence)
        if isinstance(exc, RequestDataTooBig):
            return TooLarge(TOO_LARGE)
        if isinstance(exc, SuspiciousOperation):
            return ParseError(_("This form cannot be read: it has too many fields or files."))
        if isinstance(exc, DATABASE_ERRORS):
            return Unavailable()
        return super().convert_known_exceptions(exc)

    def get_headers(self, exc: APIException) -> dict[str, str]:
        own = self.exc.headers if isinstance(self.exc, QuotaExceeded) else {}
        return {**super().get_headers(exc), **own}

    def convert_unhandled_exceptions(self, exc: Exception) -> APIException:
        return exc if isinstance(exc, APIException) else APIException()  # whose sentence is translated


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def is_scripted(request: HttpRequest) -> bool:
    """Sent by a script of one of our pages, which says on that page what is answered."""
    return "HX-Request" in request.headers


def sentences_only(status: int, sentences: Sequence[str | Promise]) -> HttpResponse:
    return HttpResponse(
        "\n".join(map(str, sentences)), status=status, content_type="text/plain; charset=utf-8"
    )


def error_response(status: int, code: str, detail: str | Promise) -> JsonResponse:
    """One error in the shape of drf-standardized-errors, for what no view of the API answers."""
    kind = "server_error" if status >= 500 else "client_error"
    errors = [{"code": code, "detail": str(detail), "attr": None}]
    return JsonResponse({"type": kind, "errors": errors}, status=status)


def error_page(
    request: HttpRequest, status: int, sentence: str | Promise, asks: bool = False
) -> HttpResponse:
    """What went wrong, for people; asks: with whom to ask for it."""
    if is_scripted(request):
        return sentences_only(status, [sentence])
    context = {"heading": HEADINGS[status], "sentence": sentence, "asks": asks}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    unreadable = _("This request cannot be read. Go back, and try it again.")
    sentence = str(exception) if isinstance(exception, BadInput) else unreadable
    if is_api(request):
        return error_response(400, "parse_error", sentence)
    if isinstance(exception, RequestDataTooBig):
        return error_page(request, 413, TOO_LARGE)
    return error_page(request, 400, sentence)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return error_response(403, "permission_denied", ROLE_MISSES)
    return error_page(request, 403, str(exception) or ROLE_MISSES, asks=True)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page that was opened before its person signed in, in another tab, has the token of a session that is gone.
    Scripts are told so by 401, like who must sign in: both need another token."""
    if is_scripted(request):
        return sentences_only(401, [FORM_IS_OLD])
    if request.user.is_authenticated and request.path == resolve_url(settings.LOGIN_URL):  # in another tab
        return redirect_to_login(request.POST.get("next", ""))
    return error_page(request, 403, FORM_IS_OLD)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_api(request):
        return error_response(404, "not_found", _("There is nothing at this address of the API."))
    if is_scripted(request):
        return sentences_only(404, [NOT_THERE_ANY_MORE])
    return error_page(request, 404, NO_PAGE)


def server_error(request: HttpRequest) -> HttpResponse:
    """For whatever was raised outside the API's views: 503 where the database is away, else the fault is ours."""
    if isinstance(sys.exc_info()[1], DATABASE_ERRORS):
        return unavailable(request)
    if is_api(request):
        return error_response(500, "error", str(APIException.default_detail))
    return defaults.server_error(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Made without the database: no user, no session."""
    if is_api(request):
        answer: HttpResponse = error_response(503, Unavailable.default_code, DATABASE_IS_AWAY)
    else:
        answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer
