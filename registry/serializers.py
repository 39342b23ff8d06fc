"""Versions as the REST contract has them."""

from typing import Any

from rest_framework import serializers

from registry.models import ModelVersion


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
