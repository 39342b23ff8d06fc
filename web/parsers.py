"""What a request may bring."""

from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from rest_framework import status as http
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser

MOST_JSON = 1_000_000  # bytes; files come as multipart


class TooLarge(APIException):
    status_code = http.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("This JSON is larger than 1 MB. Send pictures and files as multipart/form-data.")


class SmallJSONParser(JSONParser):
    """JSON, refused by its size before it is read."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        length = (parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0
        if int(length) > MOST_JSON:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except (ParseError, RecursionError) as problem:
            unreadable = _("This JSON cannot be read: {problem}. NaN and Infinity are no numbers of JSON.")
            raise ParseError(str(unreadable).format(problem=problem)) from problem
