"""What the REST sides of several apps share."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer, Serializer

from web.forms import MOMENTS

FILE = {"type": "string", "format": "binary"}  # these are for form_schema()
FILES = {"type": "array", "items": FILE}
TEXT = {"type": "string"}


class AnyAccept(DefaultContentNegotiation):
    """For answers that are files: whatever the client says it accepts, errors are JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type


class PartView(GenericAPIView):
    """A part of one row, as JSON or a file; errors are JSON whatever the client accepts."""

    content_negotiation_class = AnyAccept
    pagination_class = None
    filter_backends = ()
    serializer_class = Serializer


class DatesFilter(filters.FilterSet):
    """`?created_after=` and `?created_before=` for the histories of the API."""

    created_after = filters.DateTimeFilter("created_at", "gte", validators=MOMENTS)
    created_before = filters.DateTimeFilter("created_at", "lt", validators=MOMENTS)


def idempotency_key(request: Request) -> str:
    """That of the header, so that a request that is sent again makes nothing new; empty where there is none."""
    return request.headers.get("Idempotency-Key", "")[:200]


def validate(serializer: type[BaseSerializer], data: Any, **context: Any) -> dict[str, Any]:
    """What came in, as `serializer` has it. Raises ValidationError with sentences, which is answered as a 400."""
    given = serializer(data=data, context=context)
    given.is_valid(raise_exception=True)
    validated: dict[str, Any] = given.validated_data
    return validated


def form_schema(fields: dict[str, Any]) -> dict[str, Any]:
    """For the schema: a form with these fields, of which some are files."""
    return {"multipart/form-data": {"type": "object", "properties": fields}}
