"""Numbers and codes in requests, each refused with one sentence."""

import math
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from generator import order_settings


@extend_schema_field(OpenApiTypes.NUMBER)
class RangeField(serializers.Field):
    """A number from `least` to `most`, both among them; anything else is refused with one sentence, NaN too."""

    default_error_messages = {"range": _("This must be a number from {least} to {most}.")}

    def __init__(self, least: float, most: float, **options: Any) -> None:
        super().__init__(**options)
        self.least, self.most = least, most

    def to_internal_value(self, data: Any) -> float:
        try:
            value = math.nan if isinstance(data, bool) else self.number(data)
        except (TypeError, ValueError, OverflowError):
            value = math.nan
        if not self.least <= value <= self.most:
            self.fail("range", least=self.least, most=self.most)
        return value

    def number(self, data: Any) -> float:
        return float(data)

    def to_representation(self, value: float) -> float:
        return value


@extend_schema_field(OpenApiTypes.INT)
class WholeField(RangeField):
    default_error_messages = {"range": _("This must be a whole number from {least} to {most}.")}

    def number(self, data: Any) -> float:
        if isinstance(data, float) and not data.is_integer():
            return math.nan
        return int(data if isinstance(data, float) else str(data)[:30])


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.Field):
    """A face that was found in a photo, as an order's settings and its PNG files have it."""

    default_error_messages = {"code": _("This is no code of a face: take it from the settings of an order.")}

    def to_internal_value(self, data: Any) -> bytes:
        try:
            return order_settings.decoded_code(data)
        except (TypeError, ValueError):
            self.fail("code")

    def to_representation(self, value: bytes) -> None:
        return None
