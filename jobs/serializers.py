from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from jobs.models import Job
from jobs.waiting import position_of
from web.serializers import written


class JobSerializer(serializers.ModelSerializer):
    """How a job stands; the same few fields wherever a resource carries its job.

    The fields are declared for the schema. They are written by hand because every quick answer carries a job: the way
    through a field object for each took five times as long.
    """

    step = serializers.CharField(source="step_text", read_only=True)
    queue_position = serializers.SerializerMethodField()
    error = serializers.CharField(source="error_text", read_only=True)
    url = serializers.HyperlinkedIdentityField("jobs:api-detail")
    result_url = serializers.CharField(read_only=True)

    class Meta:
        model = Job
        fields = [
            "id",
            "task",
            "subject",
            "status",
            "progress",
            "step",
            "queue_position",
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
            "subject": job.subject,
            "status": job.status,
            "progress": job.progress,
            "step": job.step_text,
            "queue_position": self.get_queue_position(job),
            "error": job.error_text,
            "url": reverse("jobs:api-detail", args=[job.pk], request=self.context["request"]),
            "result_url": job.result_url,
            "created_at": written(job.created_at),
            "started_at": written(job.started_at),
            "ended_at": written(job.ended_at),
        }

    def get_queue_position(self, job: Job) -> int | None:
        """None in lists: it would be queries for each."""
        return None if isinstance(self.root, serializers.ListSerializer) else position_of(job)


class EndedJobsSerializer(serializers.Serializer):
    """Jobs in the order in which they ended, and where to go on."""

    jobs = JobSerializer(many=True)
    cursor = serializers.CharField()
