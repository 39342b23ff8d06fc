"""All that is somebody's in one file, until it is forgotten."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.sharing import OwnQuerySet
from jobs.models import Job

KEPT = timedelta(days=1)  # after it was made


class Export(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="export")
    file = models.FileField(upload_to="exports/%Y/%m", blank=True)  # a ZIP; empty until the job is done
    size = models.PositiveBigIntegerField(default=0)  # bytes
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.owner} {self.created_at:%Y-%m-%d}"

    @property
    def expires_at(self) -> datetime | None:
        """None as long as it is being made."""
        return self.job.ended_at + KEPT if self.job.ended_at else None
