"""How items, versions and whole papers are scored, over the wire."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grading.results.grade_scales import clean_grades
from web.refusals import refusals


@extend_schema_field({"type": "object", "additionalProperties": True})
class MarkingField(serializers.JSONField):
    """The rule of an item: {"counts", "partial", "weights", "incorrect", "unmarked", "least"}, each where it is not as
    usual."""


@extend_schema_field(
    {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "number"}}}
)
class GradesField(serializers.JSONField):
    """Of `achievement`, `nine` and `five` those that are given, each with its cuts in percent."""

    def to_internal_value(self, data: Any) -> Any:
        with refusals():
            return clean_grades(super().to_internal_value(data))


class OrderPlaceSerializer(serializers.Serializer):
    """At this place of this version stands this item of the first, its options in this order (none: as they are)."""

    version = serializers.IntegerField(min_value=2, max_value=26)
    place = serializers.IntegerField(min_value=1, max_value=999)
    item = serializers.IntegerField(min_value=1, max_value=999)
    options = serializers.ListField(child=serializers.CharField(max_length=4), max_length=10, default=list)


class OrdersSerializer(serializers.Serializer):
    places = OrderPlaceSerializer(many=True)
