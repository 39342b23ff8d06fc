"""The OpenAPI schema of the API: every answer that goes wrong is documented, all in one shape."""

from drf_spectacular.types import OpenApiTypes
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


class Schema(AutoSchema):
    """drf-standardized-errors would make a component for every field that can be wrong: one says it for all."""

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
