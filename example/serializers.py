from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from example.models import Example
from jobs.serializers import JobSerializer
from trash.kinds import KINDS


class ThingSerializer(serializers.Serializer):
    """`kind` is as in "grading.exam", `url` the page of it."""

    kind = serializers.CharField()
    name = serializers.CharField()
    url = serializers.CharField()


class LoadedExampleSerializer(serializers.ModelSerializer):
    """`things`: what of it is there already."""

    job = JobSerializer(read_only=True)
    things = serializers.SerializerMethodField()

    class Meta:
        model = Example
        fields = read_only_fields = ["id", "job", "things", "created_at"]

    @extend_schema_field(ThingSerializer(many=True))
    def get_things(self, example: Example) -> list[dict[str, Any]]:
        there = [row for row in example.rows() if row.trashed_id is None]
        return [
            {
                "kind": row._meta.label_lower,
                "name": KINDS[row._meta.label_lower].name(row),
                "url": self.context["request"].build_absolute_uri(row.get_absolute_url()),
            }
            for row in there
        ]
