"""How the API answers what goes wrong."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import status as http
from rest_framework.exceptions import APIException, ParseError

from web.parsers import TooLarge
from web.quotas import QuotaExceeded


class Conflict(APIException):
    """What is asked for does not fit how things stand; the detail says why."""

    status_code = http.HTTP_409_CONFLICT
    default_code = "conflict"


class TooMany(APIException):
    """A quota is exceeded."""

    status_code = http.HTTP_429_TOO_MANY_REQUESTS
    default_code = "throttled"


class RequestErrors(ExceptionHandler):
    """What Django refuses while it reads a request is the client's error, not ours; so is a quota that is exceeded."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, QuotaExceeded):
            return TooMany(exc.sentence)
        if isinstance(exc, RequestDataTooBig):
            return TooLarge(_("This form is larger than 10 MB without its files. Send pictures as files."))
        if isinstance(exc, SuspiciousOperation):
            return ParseError(_("This form cannot be read: it has too many fields or files."))
        return super().convert_known_exceptions(exc)

    def get_headers(self, exc: APIException) -> dict[str, str]:
        own = self.exc.headers if isinstance(self.exc, QuotaExceeded) else {}
        return {**super().get_headers(exc), **own}
