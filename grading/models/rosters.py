"""Rosters as they were uploaded, until a worker has read them."""

from django.db import models

from accounts.grants import GrantedPartQuerySet
from grading.models.exams import Exam
from jobs.models import Job
from school.models import ListUpload


class RosterQuerySet(GrantedPartQuerySet):
    path_to_owner = "exam__owner"


class RosterUpload(ListUpload):
    """One table of students: read by a worker, which replaces the roster of the exam unless it is a preview."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="roster_upload")
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="roster_uploads")

    objects = RosterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.exam}: {self.count}"
