"""Taught classifiers as the REST contract has them, and what came in with a request."""

from dataclasses import asdict
from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from classifier.models import Classifier, Delivery, Example, Training
from classifier.presentation.classifiers import FILES
from classifier.presentation.teaching_warnings import warnings_of
from jobs.serializers import JobSerializer
from registry.models import ModelVersion
from web.serializers import ReadySerializer


class NewClassifierSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, default="", allow_blank=True)
    labels = serializers.ListField(child=serializers.CharField(max_length=100), default=list, max_length=200)
    file = serializers.FileField(required=False)


class ClassifierChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False)
    is_shared = serializers.BooleanField(required=False)


class LabelSerializer(serializers.Serializer):
    label = serializers.CharField(allow_blank=True, default="")


class TrainSerializer(serializers.Serializer):
    fine_tune = serializers.BooleanField(default=True)


class VersionChoiceSerializer(serializers.Serializer):
    version = serializers.IntegerField(min_value=1)


class ExampleSerializer(ReadySerializer):
    label = serializers.CharField(source="label.name", read_only=True)
    is_seen = serializers.SerializerMethodField()
    picture_url = serializers.SerializerMethodField()

    class Meta:
        model = Example
        fields = ["id", "label", "name", "sha256", "is_seen", "picture_url", "created_at"]
        read_only_fields = fields

    def get_is_seen(self, example: Example) -> bool:
        """Whether the network has looked at it."""
        return bool(example.seen_by)

    def get_picture_url(self, example: Example) -> str:
        arguments = [example.classifier_id, example.pk]
        return reverse("classifier:api-example-picture", args=arguments, request=self.context["request"])


class DeliverySerializer(ReadySerializer):
    """Pictures that came in together."""

    skipped = serializers.SerializerMethodField()
    taken = serializers.SerializerMethodField()
    job = JobSerializer(read_only=True)

    class Meta:
        model = Delivery
        fields = ["id", "taken", "skipped", "created_at", "job"]
        read_only_fields = fields

    def get_taken(self, delivery: Delivery) -> int:
        return delivery.examples.count()

    def get_skipped(self, delivery: Delivery) -> list[dict[str, str]]:
        """[{name, problem}]: files that were left out, and why."""
        return delivery.skipped_texts


class TrainingSerializer(ReadySerializer):
    """One training; empty fields are filled as it goes."""

    verdict_text = serializers.CharField(source="get_verdict_display", read_only=True)
    version = serializers.PrimaryKeyRelatedField(read_only=True)
    job = JobSerializer(read_only=True)

    class Meta:
        model = Training
        fields = [
            "id",
            "stage",
            "curves",
            "evaluation",
            "verdict",
            "verdict_text",
            "version",
            "created_at",
            "job",
        ]
        read_only_fields = fields


class TaughtVersionSerializer(serializers.ModelSerializer):
    accuracy = serializers.SerializerMethodField()
    interval = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = ["id", "sha256", "state", "accuracy", "interval", "files", "created_at"]
        read_only_fields = fields

    def get_accuracy(self, version: ModelVersion) -> float | None:
        """On held-out pictures."""
        return version.taught_by.evaluation.get("accuracy") if hasattr(version, "taught_by") else None

    def get_interval(self, version: ModelVersion) -> list[float] | None:
        return version.taught_by.evaluation.get("interval") if hasattr(version, "taught_by") else None

    def get_files(self, version: ModelVersion) -> dict[str, str] | None:
        """Links to weights, card and the whole network as ONNX; for its owner."""
        if not self.context.get("is_own"):
            return None
        pk, request = self.context["classifier"].pk, self.context["request"]
        return {
            name: reverse("classifier:api-version-file", args=[pk, version.pk, name], request=request)
            for name in FILES
        }


class ClassifierSerializer(ReadySerializer):
    url = serializers.HyperlinkedIdentityField("classifier:api-classifier-detail")
    owner = serializers.CharField(source="owner.username", read_only=True)
    is_own = serializers.SerializerMethodField()
    labels = serializers.SerializerMethodField()
    active = serializers.SerializerMethodField()

    class Meta:
        model = Classifier
        fields = ["id", "url", "name", "owner", "is_own", "is_shared", "labels", "active", "created_at"]
        read_only_fields = fields

    def get_is_own(self, classifier: Classifier) -> bool:
        return classifier.owner_id == self.context["request"].user.pk

    def get_labels(self, classifier: Classifier) -> list[dict[str, Any]]:
        """[{id, name, count}]: its classes and how many pictures each has."""
        return [
            {"id": label.pk, "name": label.name, "count": label.count}  # type: ignore[attr-defined]
            for label in classifier.counted_labels
        ]

    def get_active(self, classifier: Classifier) -> int | None:
        """The version that answers."""
        version = classifier.active_version
        return version.pk if version else None


class ClassifierDetailSerializer(ClassifierSerializer):
    """With what was found among its pictures, its last training and all its versions."""

    comparison = serializers.SerializerMethodField()
    warnings = serializers.SerializerMethodField()
    deliveries = serializers.SerializerMethodField()
    training = serializers.SerializerMethodField()
    versions = serializers.SerializerMethodField()

    class Meta(ClassifierSerializer.Meta):
        fields = [
            *ClassifierSerializer.Meta.fields,
            "comparison",
            "warnings",
            "deliveries",
            "training",
            "versions",
        ]
        read_only_fields = fields

    def get_comparison(self, classifier: Classifier) -> dict[str, Any] | None:
        """{same, near, shared, look_alikes}: pairs [id, id, distance] of examples, `shared` those of `same` and `near`
        in two classes; mislabelled: [id, its class, the one it looks like, probability]; confused: [class, class,
        share]. For its owner."""
        return classifier.found_among if self.get_is_own(classifier) else None

    def get_warnings(self, classifier: Classifier) -> list[dict[str, Any]] | None:
        """[{kind, text, labels}]: what is worth a look before it learns; for its owner."""
        if not self.get_is_own(classifier):
            return None
        return [asdict(one) for one in warnings_of(classifier, classifier.found_among)]

    def get_deliveries(self, classifier: Classifier) -> list[dict[str, Any]] | None:
        """The last ten uploads; for its owner."""
        rows = classifier.deliveries.select_related("job")[:10]
        return self.part(DeliverySerializer, rows, many=True) if self.get_is_own(classifier) else None

    def get_training(self, classifier: Classifier) -> dict[str, Any] | None:
        last = classifier.trainings.select_related("job", "version").first()
        return self.part(TrainingSerializer, last) if last else None

    def get_versions(self, classifier: Classifier) -> list[dict[str, Any]]:
        context = {"classifier": classifier, "is_own": self.get_is_own(classifier)}
        return self.part(
            TaughtVersionSerializer, classifier.versions.select_related("taught_by"), context, many=True
        )

    def part(
        self,
        serializer: type[serializers.ModelSerializer],
        rows: Any,
        context: dict | None = None,
        **options: Any,
    ) -> Any:
        return serializer(rows, context=self.context | (context or {}), **options).data
