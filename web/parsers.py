"""What a request may bring."""

import io
import math
from typing import IO, Any

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from rest_framework import parsers
from rest_framework import status as http
from rest_framework.exceptions import APIException, ParseError

from web.heads import UNREADABLE

MOST_JSON = 1_000_000  # bytes; files come as multipart
LONGEST_NUMBER = 18  # digits: what every database takes for a whole number
NOT_STORABLE = _(
    "This holds a character that is no text (NUL, or half of a pair of surrogates) or a number beyond 64 bits. "
    "Leave it out."
)

UNREADABLE_HEAD = _("The headers of this request cannot be read. Send its Content-Type in UTF-8.")
BROKEN_FORM = _(
    "This form cannot be read. Send it whole, as multipart/form-data with a boundary and short headers."
)


class TooLarge(APIException):
    status_code = http.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("This JSON is larger than 1 MB. Send pictures and files as multipart/form-data.")


def is_storable(data: Any) -> bool:
    """Whether databases can keep it: PostgreSQL knows no NUL, UTF-8 no half of a pair, and numbers have 64 bits.

    Raises RecursionError where it is nested too deeply.
    """
    if isinstance(data, str):
        return "\0" not in data and is_utf8(data)
    if isinstance(data, int | float):
        return math.isfinite(data) and -(2**63) <= data < 2**64
    if isinstance(data, dict):
        return all(is_storable(name) and is_storable(value) for name, value in data.items())
    return all(map(is_storable, data)) if isinstance(data, list) else True


def is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a pair of surrogates
        return False
    return True


def parsed_number(text: str) -> int | None:
    """A number from 0 on; of one that no database takes, as many digits as it does: nothing is numbered so high."""
    return int(text[:LONGEST_NUMBER]) if text.isascii() and text.isdecimal() else None


def require_storable(form: MultiValueDict) -> None:
    """Raises ParseError where a name or value of the form is not."""
    if not is_storable(dict(form.lists())):
        raise ParseError(NOT_STORABLE)


class SmallJSONParser(parsers.JSONParser):
    """JSON in UTF-8 (RFC 8259), refused by its size before it is understood."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        body = stream.read(MOST_JSON + 1)
        if len(body) > MOST_JSON:
            raise TooLarge
        try:
            data = super().parse(io.BytesIO(body), media_type)
            is_kept = is_storable(data)
        except (ParseError, RecursionError) as problem:
            unreadable = _("This JSON cannot be read: {problem}. NaN and Infinity are no numbers of JSON.")
            raise ParseError(str(unreadable).format(problem=problem)) from problem
        if not is_kept:
            raise ParseError(NOT_STORABLE)
        return data


class FormParser(parsers.FormParser):
    """A form without files."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        form = super().parse(stream, media_type, parser_context)
        require_storable(form)
        return form


class MultiPartParser(parsers.MultiPartParser):
    """A form with files."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            form = super().parse(stream, media_type, parser_context)
        except (ParseError, *UNREADABLE) as problem:
            raise ParseError(BROKEN_FORM) from problem
        require_storable(form.data)
        return form
