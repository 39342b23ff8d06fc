"""The OpenAPI schema of the API: what each operation does, and every answer that goes wrong, all in one shape."""

import inspect
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from drf_standardized_errors.openapi import AutoSchema
from rest_framework import serializers

from web.tables import XLSX

# What any request may meet: a parser, the size, the rights, a row that is gone, the quota, the disk, the database
ERRORS = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "429", "500", "503", "507"]


class ErrorSerializer(serializers.Serializer):
    """One thing that is wrong: a code for programs, a sentence for people, and the field where it is about one."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ErrorsSerializer(serializers.Serializer):
    """What is answered in place of a result."""

    type = serializers.ChoiceField(["validation_error", "client_error", "server_error"])
    errors = ErrorSerializer(many=True)  # type: ignore[assignment]  # a property of serializers, which nobody asks for here


# For extend_schema(parameters=…) of what makes a row: the view hands it on, and the services keep it
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of up to 200 letters: asked again with the same one, the answer is the row that was made.",
)
WAIT = OpenApiParameter(
    "Prefer",
    str,
    OpenApiParameter.HEADER,
    description="`wait=30` holds the answer until the job has ended, 30 seconds at most (RFC 7240).",
)


class Schema(AutoSchema):
    """An operation is described by the docstring of its own method; that of the class is for whoever reads the code.

    drf-standardized-errors would make a component for every field that can be wrong: one says it for all.
    """

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        action = getattr(self.view, "action", None) or self.method.lower()
        return inspect.cleandoc(getattr(self.view, action).__doc__ or "")

    def get_operation(self, *args: Any) -> dict[str, Any] | None:
        """What starts a job waits for it where that is asked for."""
        operation: dict[str, Any] | None = super().get_operation(*args)
        if operation and {"201", "202"} <= operation["responses"].keys():
            waits = {
                "name": WAIT.name,
                "in": "header",
                "schema": {"type": "string"},
                "description": WAIT.description,
            }
            operation.setdefault("parameters", []).append(waits)
        return operation

    def _get_allowed_error_status_codes(self) -> list[str]:
        return ERRORS

    def _should_add_error_response(self, responses: dict[str, object], status_code: str) -> bool:
        return status_code not in responses

    def _get_error_response_serializer(self, status_code: str) -> type[serializers.Serializer]:
        return ErrorsSerializer


# For extend_schema(responses=…)
ANY_FILE = {(200, "*/*"): OpenApiTypes.BINARY}  # of the kind that was uploaded
CSV_FILE = {(200, "text/csv"): OpenApiTypes.BINARY}
XLSX_FILE = {(200, XLSX): OpenApiTypes.BINARY}
