from typing import Any

from rest_framework import serializers
from rest_framework.reverse import reverse

from dataexport.models import Export
from jobs.serializers import JobSerializer


class ExportSerializer(serializers.ModelSerializer):
    """`file_url` is null until the job is done; at `expires_at` the file goes."""

    job = JobSerializer(read_only=True)
    file_url = serializers.SerializerMethodField()
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)

    class Meta:
        model = Export
        fields = read_only_fields = ["id", "job", "size", "file_url", "created_at", "expires_at"]

    def get_file_url(self, export: Export) -> str | None:
        request: Any = self.context["request"]
        return reverse("dataexport:api-file", args=[export.pk], request=request) if export.file else None
