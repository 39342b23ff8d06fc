"""Versions as the REST contract has them."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from jobs.serializers import JobSerializer
from prepared.queries import prepared
from registry.canaries import given
from registry.downloads import may_download
from registry.models import (
    Change,
    Disagreement,
    Measurement,
    ModelVersion,
    ModelVersionQuerySet,
    Shadow,
    Upload,
)
from registry.models.shadows import answer_name
from registry.uploads import checked_card
from registry.weight_files import size
from web.forms import MOMENTS


class ModelSerializer(serializers.ModelSerializer):
    url = serializers.HyperlinkedIdentityField("registry:api-detail")
    architecture = serializers.CharField(read_only=True)
    parameters = serializers.SerializerMethodField()
    metrics = serializers.SerializerMethodField()
    licences = serializers.SerializerMethodField()
    probe = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            "id",
            "url",
            "kind",
            "name",
            "state",
            "is_built_in",
            "is_uploaded",
            "probe",
            "measured_at",
            "milliseconds",
            "architecture",
            "parameters",
            "metrics",
            "licences",
            "sha256",
            "created_at",
        ]
        read_only_fields = fields

    def get_parameters(self, version: ModelVersion) -> int | None:
        return version.card.get("parameters")

    def get_metrics(self, version: ModelVersion) -> list[dict[str, Any]]:
        """[{set, md5, measure, value, is_stated}]: every figure with the name of its test set; is_stated: only its
        maker says so."""
        return version.figures

    def get_probe(self, version: ModelVersion) -> dict[str, Any] | None:
        """{set, md5, count, measure, value}: what a worker of this site found on the probe set, by which versions are
        compared; value is null where it could not be measured. null: nobody has measured it yet."""
        return version.probe or None

    def get_licences(self, version: ModelVersion) -> list[dict[str, Any]]:
        """[{name, licence, use, is_non_commercial, url}]: what it learned from, and what that may be used for."""
        return version.licences


class ModelDetailSerializer(ModelSerializer):
    """With the whole card: config, data and licences, calibration, seed, training curves. bytes: of its weights, null
    where they are gone; weights_url: they and the card as a ZIP, null where you may not load them."""

    bytes = serializers.SerializerMethodField()
    weights_url = serializers.SerializerMethodField()

    class Meta(ModelSerializer.Meta):
        fields = [*ModelSerializer.Meta.fields, "bytes", "weights_url", "card"]
        read_only_fields = fields

    def get_bytes(self, version: ModelVersion) -> int | None:
        return size(version)

    def get_weights_url(self, version: ModelVersion) -> str | None:
        request = self.context["request"]
        if not may_download(version, request.user):
            return None
        return reverse("registry:api-weights", args=[version.pk], request=request)


@prepared
def versions_with(kind: str, pk: int) -> ModelVersionQuerySet:
    """One, or none; without its card."""
    return ModelVersion.objects.filter(kind=kind, pk=pk).defer("card").order_by()


@prepared
def versions_called(kind: str, name: str) -> ModelVersionQuerySet:
    """Of those that are offered, the one that answers first, then the newest; without their cards."""
    versions = ModelVersion.objects.filter(kind=kind, name=name).offered()
    return versions.defer("card").order_by("state", "-created_at")


LONGEST_ID = 18  # digits: what every database takes for a whole number


@extend_schema_field(
    {
        "nullable": True,
        "oneOf": [
            {"type": "string"},
            {"type": "integer"},
            {
                "type": "object",
                "properties": {
                    "id": {"type": "integer"},
                    "name": {"type": "string"},
                    "sha256": {"type": "string"},
                },
            },
        ],
    }
)
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


class ConfirmationSerializer(serializers.Serializer):
    """confirm: it shall answer although it is far worse than the one that answers, or could not be measured."""

    confirm = serializers.BooleanField(source="is_confirmed", default=False)


class WhySerializer(ConfirmationSerializer):
    why = serializers.CharField(max_length=500)


class OptionalWhySerializer(ConfirmationSerializer):
    why = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class UploadRequestSerializer(serializers.Serializer):
    """Weights and card, refused with a sentence where they are not well formed."""

    weights = serializers.FileField(allow_empty_file=True)
    card = serializers.FileField(allow_empty_file=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return attrs | {"card": checked_card(attrs["weights"], attrs["card"])}


class UploadSerializer(serializers.ModelSerializer):
    """model: what became of it, a candidate; null until its job is done."""

    model = VersionField(source="version", read_only=True)
    job = JobSerializer(read_only=True)

    class Meta:
        model = Upload
        fields = ["id", "model", "job", "created_at"]
        read_only_fields = fields


class MeasurementSerializer(serializers.ModelSerializer):
    """What is found stands with the model, as its `probe` and in its `metrics`."""

    model = VersionField(source="version", read_only=True)
    job = JobSerializer(read_only=True)

    class Meta:
        model = Measurement
        fields = ["id", "model", "job", "created_at"]
        read_only_fields = fields


class ShadowRequestSerializer(serializers.Serializer):
    percent = serializers.IntegerField(min_value=1, max_value=100)


class CanaryRequestSerializer(serializers.Serializer):
    percent = serializers.IntegerField(min_value=1, max_value=50)


class PredictionSerializer(serializers.Serializer):
    """What a version said of one thing; where it found none, its name is empty and its probability null."""

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return {"name": answer_name(value), "probability": value["probability"]}


class DisagreementSerializer(serializers.ModelSerializer):
    live = PredictionSerializer(read_only=True)
    own = PredictionSerializer(read_only=True)
    right = serializers.ChoiceField(Disagreement.Right.choices, allow_blank=True)
    crop_url = serializers.HyperlinkedIdentityField("registry:api-crop")

    class Meta:
        model = Disagreement
        fields = ["id", "at", "live", "own", "right", "crop_url"]
        read_only_fields = ["at"]


class ShadowSerializer(serializers.ModelSerializer):
    """compared: things (digits, cells, pictures) in those requests; agreed: of how many the two said the same; failed:
    requests on which it had no answer; disagreements: the newest. is_canary: it gave those answers, and what the live
    one would have said was compared; given: since then, of both, the answers and how many were corrected;
    ended_because: why the site ended it."""

    model = VersionField(source="version", read_only=True)
    live = VersionField(read_only=True)
    by = serializers.CharField(source="by_name", read_only=True)
    disagreements = serializers.SerializerMethodField()
    given = serializers.SerializerMethodField()

    class Meta:
        model = Shadow
        fields = [
            "model",
            "live",
            "is_canary",
            "percent",
            "by",
            "began_at",
            "ended_at",
            "requests",
            "compared",
            "agreed",
            "failed",
            "ended_because",
            "given",
            "disagreements",
        ]
        read_only_fields = fields

    @extend_schema_field(DisagreementSerializer(many=True))
    def get_disagreements(self, shadow: Shadow) -> list[dict[str, Any]]:
        rows = shadow.disagreements.defer("crop")
        return DisagreementSerializer(rows, many=True, context=self.context).data

    def get_given(self, shadow: Shadow) -> dict[str, dict[str, int]] | None:
        """{own, live: {answers, corrected}}; null of a shadow, which gives none."""
        if not shadow.is_canary:
            return None
        own, live = given(shadow)
        return {"own": asdict(own), "live": asdict(live)}


class ChangeSerializer(serializers.ModelSerializer):
    """A line of the log: from then on `after` answered in place of `before`; an empty `by` is the site itself. despite:
    the figures that spoke against it, and that `by` confirmed; empty where nothing did."""

    by = serializers.CharField(source="by_name", read_only=True)
    before = VersionField(read_only=True)
    after = VersionField(read_only=True)
    why = serializers.CharField(source="why_text", read_only=True)
    despite = serializers.CharField(source="despite_text", read_only=True)

    class Meta:
        model = Change
        fields = ["id", "kind", "at", "by", "before", "after", "why", "despite", "takes_back"]
        read_only_fields = fields


class MomentSerializer(serializers.Serializer):
    at = serializers.DateTimeField(required=False, validators=MOMENTS)
