from rest_framework import serializers

from jobs.models import Job


class JobSerializer(serializers.ModelSerializer):
    """How a job stands; the same few fields wherever a resource carries its job."""

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
