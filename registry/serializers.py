"""Versions as the REST contract has them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from prepared.queries import prepared
from registry.models import ModelVersion, ModelVersionQuerySet


class ModelSerializer(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField("registry:api-detail")
    architecture = serializers.CharField(read_only=True)
    parameters = serializers.SerializerMethodField()
    metrics = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "url",
            "kind",
            "name",
            "state",
            "is_built_in",
            "architecture",
            "parameters",
            "metrics",
            "sha256",
            "created_at",
        ]
        read_only_fields = fields

    def get_parameters(self, version: ModelVersion) -> int | None:
        return version.card.get("parameters")

    def get_metrics(self, version: ModelVersion) -> list[dict[str, Any]]:
        """[{set, md5, measure, value}]: every figure with the name of its test set."""
        return version.card.get("metrics", [])


class ModelDetailSerializer(ModelSerializer):
    """With the whole card: config, data and licences, calibration, seed, training curves."""

    class Meta(ModelSerializer.Meta):
        fields = [*ModelSerializer.Meta.fields, "card"]
        read_only_fields = fields


@prepared
def versions_with(kind: str, pk: int) -> ModelVersionQuerySet:
    """One, or none; without its card."""
    return ModelVersion.objects.filter(kind=kind, pk=pk).defer("card").order_by()


@prepared
def versions_called(kind: str, name: str) -> ModelVersionQuerySet:
    """The newest first; without their cards."""
    return ModelVersion.objects.filter(kind=kind, name=name).defer("card").order_by("-created_at")


LONGEST_ID = 18  # digits: what every database takes for a whole number


class VersionField(serializers.Field):
    """A version of the networks of a kind, by its id or its name."""

    default_error_messages = {
        "unknown": _("There is no network “{name}” for this. GET /api/models/?kind={kind} lists them.")
    }

    def __init__(self, kind: str = "", **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def to_internal_value(self, data: Any) -> ModelVersion:
        name = str(data).replace("\x00", "")  # which PostgreSQL takes in no text
        is_id = name.isascii() and name.isdecimal() and len(name) <= LONGEST_ID
        found = versions_with(self.kind, int(name)) if is_id else versions_called(self.kind, name)
        if not found:
            self.fail("unknown", name=name[:50], kind=self.kind)
        return found[0]

    def to_representation(self, value: ModelVersion) -> dict[str, Any]:
        return {"id": value.pk, "name": value.name, "sha256": value.sha256}
