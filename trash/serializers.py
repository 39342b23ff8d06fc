from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from trash.kinds import KINDS
from trash.models import Item


@extend_schema_serializer(component_name="TrashItem")
class ItemSerializer(serializers.ModelSerializer):
    """`kind` is as in "grading.exam", `kind_name` the same in words; `count`: things that were deleted together;
    `purge_at`: when it goes for good."""

    kind_name = serializers.SerializerMethodField()
    purge_at = serializers.DateTimeField(read_only=True)

    class Meta:
        model = Item
        fields = read_only_fields = ["id", "kind", "kind_name", "name", "count", "deleted_at", "purge_at"]

    def get_kind_name(self, item: Item) -> str:
        return str(KINDS[item.kind].title)
