"""Requests as they are read from what a client says of them, before any middleware."""

from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

UNREADABLE = (ValueError, TypeError, LookupError)  # what is raised for parameters like `a*=no-charset''%ff`
LETTERS = "".join(map(chr, range(0x20, 0x7F)))


class Request(WSGIRequest):
    """A Content-Type that cannot be read, or in whose charset the query cannot, is none: `InputMiddleware` refuses it.
    Django reads both at once, and fails."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]  # its stubs lack it
        except (*UNREADABLE, SuspiciousOperation):
            self.content_type, self.content_params, self._encoding = "", {}, None


class Site(WSGIHandler):
    request_class = Request


def keeps_letters(charset: str) -> bool:
    """Whether it has ASCII where ASCII is. Python has others, too: some read no text, some make a NUL of `+AAA-`."""
    try:
        return LETTERS.encode().decode(charset, "replace") == LETTERS
    except (LookupError, ValueError):
        return False
