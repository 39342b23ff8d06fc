"""Trainings as the REST contract has them."""

from rest_framework import serializers

from jobs.serializers import JobSerializer
from registry.models import TrainingRun
from registry.serializers.versions import VersionField
from registry.trainings import MOST_EPOCHS, Source, check_comparable


class TrainingRequestSerializer(serializers.Serializer):
    kind = serializers.CharField(max_length=30)
    architecture = serializers.CharField(max_length=30)
    source = serializers.ChoiceField(Source.choices)
    epochs = serializers.IntegerField(min_value=1, max_value=MOST_EPOCHS)
    seed = serializers.IntegerField(min_value=1, max_value=2**31 - 1, default=1)


class TrainingRunSerializer(serializers.ModelSerializer):
    """curves: of every epoch so far its losses, accuracies and seconds; model: the candidate it became; begins_from:
    "checkpoint" or "weights" of the training that it goes on from, empty before a worker has found which."""

    state = serializers.CharField(source="state_now", read_only=True)
    begins_from = serializers.CharField(read_only=True)
    model = VersionField(source="version", read_only=True)
    job = JobSerializer(read_only=True, allow_null=True)

    class Meta:
        model = TrainingRun
        fields = [
            "id",
            "kind",
            "architecture",
            "source",
            "seed",
            "epochs",
            "state",
            "goes_on_from",
            "begins_from",
            "stop_asked_at",
            "curves",
            "model",
            "job",
            "started_at",
            "ended_at",
        ]
        read_only_fields = fields


class GoOnSerializer(serializers.Serializer):
    epochs = serializers.IntegerField(min_value=1, max_value=MOST_EPOCHS)


class CompareSerializer(serializers.Serializer):
    """run: two to four trainings of one kind."""

    run = serializers.PrimaryKeyRelatedField(
        queryset=TrainingRun.objects.select_related("version", "job", "goes_on_from"), many=True
    )

    def validate_run(self, runs: list[TrainingRun]) -> list[TrainingRun]:
        check_comparable(runs)
        return runs


class RunRowSerializer(serializers.Serializer):
    """One thing of each, as people read it."""

    label = serializers.CharField()
    texts = serializers.ListField(child=serializers.CharField())


class SideBySideSerializer(serializers.Serializer):
    """settings: those that differ; figures: of the versions on the same test sets, by the name of the set."""

    runs = TrainingRunSerializer(many=True)
    settings = RunRowSerializer(many=True)
    durations = RunRowSerializer(many=True)
    figures = serializers.DictField(child=RunRowSerializer(many=True))
