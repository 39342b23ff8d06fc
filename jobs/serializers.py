from copy import copy
from datetime import datetime
from typing import Any, BinaryIO, ClassVar, cast

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.reverse import reverse

from jobs.models import Job
from uploads.pictures import check
from uploads.problems import BadFile

MOMENT = serializers.DateTimeField()


class ReadySerializer(serializers.ModelSerializer):
    """A ModelSerializer for small quick answers: the fields of its model are worked out once, not for every answer."""

    ready: ClassVar[dict[type, dict[str, Any]]] = {}

    def get_fields(self) -> dict[str, Any]:
        kind = type(self)
        if kind not in self.ready:
            self.ready[kind] = super().get_fields()
        return {name: copy(field) for name, field in self.ready[kind].items()}


class PictureField(serializers.FileField):
    """One picture, refused with a sentence where it is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)  # `check` has a better sentence for it

    def to_internal_value(self, data: Any) -> Any:
        image = super().to_internal_value(data)
        try:
            check(cast(BinaryIO, image.file))
        except BadFile as problem:
            raise serializers.ValidationError(_(str(problem))) from problem
        return image


class JobSerializer(serializers.ModelSerializer):
    """How a job stands; the same few fields wherever a resource carries its job.

    The fields are declared for the schema. They are written by hand because every quick answer carries a job: the way
    through a field object for each took five times as long.
    """

    step = serializers.CharField(source="step_text", read_only=True)
    error = serializers.CharField(source="error_text", read_only=True)
    url = serializers.HyperlinkedIdentityField("jobs:api-detail")
    result_url = serializers.CharField(read_only=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "task",
            "status",
            "progress",
            "step",
            "error",
            "url",
            "result_url",
            "created_at",
            "started_at",
            "ended_at",
        ]
        read_only_fields = fields

    def to_representation(self, job: Job) -> dict[str, Any]:
        return {
            "id": str(job.pk),
            "task": job.task,
            "status": job.status,
            "progress": job.progress,
            "step": job.step_text,
            "error": job.error_text,
            "url": reverse("jobs:api-detail", args=[job.pk], request=self.context["request"]),
            "result_url": job.result_url,
            "created_at": written(job.created_at),
            "started_at": written(job.started_at),
            "ended_at": written(job.ended_at),
        }


def written(moment: datetime | None) -> str | None:
    """A time as every resource has it."""
    return MOMENT.to_representation(moment) if moment else None
