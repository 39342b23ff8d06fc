"""Class lists as they were uploaded, until a worker has read them."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import models
from django.utils import timezone

from grading.models.exams import Exam
from grading.roster import RosterRow
from jobs.models import Job
from trash.models import PartQuerySet
from web.files import remove_on_commit

SHOWN = 200  # students of a preview


class RosterQuerySet(PartQuerySet):
    path_to_owner = "exam__owner"


class RosterUpload(models.Model):
    """One table of students: read by a worker, which replaces the roster of the exam unless it is a preview."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="roster_upload")
    exam = models.ForeignKey(Exam, on_delete=models.CASCADE, related_name="roster_uploads")
    file = models.FileField(upload_to="rosters/%Y/%m", blank=True)  # deleted once it is read: it holds names
    is_preview = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    # what the worker adds
    columns = models.JSONField(default=list)  # the header: a text each
    rows = models.JSONField(default=list)  # of a preview, {"number", "name", "class_name"} each
    problems = models.JSONField(default=list)  # sentences in the language of who uploaded it
    count = models.PositiveIntegerField(default=0)  # students

    objects = RosterQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.exam}: {self.count}"

    def record(self, students: Sequence[RosterRow]) -> None:
        """Keep what was found, and of the file nothing. Call within the job's finishing(), or where it is rejected."""
        self.count = len(students)
        self.rows = [asdict(row) for row in students[:SHOWN]] if self.is_preview else []
        remove_on_commit([self.file])
        self.file = ""
        self.save(force_update=True)  # of a deleted exam nothing comes back
