"""Exams that come from another site, until a worker has taken them in."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.sharing import OwnQuerySet
from grading.models.exams import Exam
from jobs.models import Job


class ExamImport(models.Model):
    """One file that `grading.transfer.exam_export` has written here or elsewhere."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="exam_import")
    file = models.FileField(upload_to="imports/%Y/%m", blank=True)  # until it was read
    exam = models.ForeignKey(Exam, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.exam or self.file)
