"""How the API answers what goes wrong."""

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.utils.translation import gettext_lazy as _
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework.exceptions import ParseError

from jobs.parsers import TooLarge


class RequestErrors(ExceptionHandler):
    """What Django refuses while it reads a request is the client's error, not ours."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if isinstance(exc, RequestDataTooBig):
            return TooLarge(_("This form is larger than 10 MB without its files. Send pictures as files."))
        if isinstance(exc, SuspiciousOperation):
            return ParseError(_("This form cannot be read: it has too many fields or files."))
        return super().convert_known_exceptions(exc)
