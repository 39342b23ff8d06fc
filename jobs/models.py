"""What was asked and how it ended.

    submit ──► queued ──claim──► running ──finishing──► done
                 ▲  │               │ │ └──Rejected, tries used up──► failed ──retry──► queued
                 │  └──cancel──┐    │ └──cancel──► cancelled ──retry──► queued
                 │             └────┼────────────► cancelled
                 └─lease lost, error┘

The row is the truth; a message only wakes whoever does such work. Every arrow is one conditional UPDATE that counts its
rows, so duplicated, late or lost messages change nothing. `attempt` only grows: it is the fence that keeps a worker
which was given up for dead from saving its result.
"""

import uuid
from collections.abc import Iterable
from typing import Any, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import AnyUser
from trash.models import Item, KeptManager, Trashable
from web.logs import ID_LENGTH


class Queue(models.TextChoices):
    """Who waits behind whom: work takes seconds to minutes, an answer is wanted at once."""

    WORK = "work", _("Work")
    QUICK = "quick", _("Quick answers")


class Status(models.TextChoices):
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


OPEN = (Status.QUEUED, Status.RUNNING)
TRIES = 5
SUBJECT_LENGTH = 100


class JobQuerySet(models.QuerySet["Job"]):
    def for_user(self, user: AnyUser) -> Self:
        return self.filter(owner=user)

    def listed(self) -> Self:
        """In the history."""
        return self.filter(forgotten=None)

    def of_app(self, app: str) -> Self:
        return self.filter(task__startswith=f"{app}.")

    def about(self, text: str) -> Self:
        return self.filter(subject__icontains=text) if text else self

    def queued(self, task: str, suspects: bool = False, skip: Iterable[uuid.UUID] = ()) -> Self:
        """What waits of this task, the oldest first."""
        waiting = self.filter(task=task, status=Status.QUEUED, is_suspect=suspects)
        return waiting.exclude(pk__in=skip).order_by("created_at")

    def running_in(self, process: uuid.UUID | None) -> Self:
        return self.filter(status=Status.RUNNING, process=process)

    def give_back(self, tries: int = 1, **changes: object) -> int:
        """Of running ones: into the queue, each with so many more tries; how many they were."""
        tries_left = F("tries_left") + tries
        return self.update(status=Status.QUEUED, sent_at=None, tries_left=tries_left, **changes)

    def fail(self, sentence: str) -> int:
        return self.update(status=Status.FAILED, error=sentence, ended_at=timezone.now())

    def unsent(self) -> Self:
        """The outbox: queued jobs that Redis has got no message for."""
        return self.filter(status=Status.QUEUED, sent_at=None)


class Job(Trashable):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="jobs")
    task = models.CharField(max_length=100)
    queue = models.CharField(max_length=10, choices=Queue.choices, default=Queue.WORK)
    key = models.CharField(max_length=200, blank=True)
    subject = models.CharField(
        max_length=SUBJECT_LENGTH, blank=True
    )  # what it is about, as it was called then
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    step = models.CharField(max_length=200, blank=True)  # an English message, translated when it is shown
    position = models.CharField(
        max_length=50, blank=True
    )  # "12 / 30": where within the step, in any language
    attempt = models.PositiveIntegerField(default=0)
    tries_left = models.PositiveSmallIntegerField(default=TRIES)
    error = models.CharField(max_length=500, blank=True)  # an English message, translated when it is shown
    process = models.UUIDField(null=True, blank=True)  # the Worker that runs it, or did
    is_suspect = models.BooleanField(default=False)  # it was running when a process died: it is tried alone
    size = models.PositiveBigIntegerField(null=True, blank=True)  # bytes that came with it and are kept
    language = models.CharField(max_length=10, default=get_language)
    # Which asked for it, for the log; processes of before a deploy, which know nothing of it, still add rows
    request_id = models.CharField(max_length=ID_LENGTH, blank=True, default="", db_default="")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    forgotten = models.UUIDField(null=True, blank=True)  # left out of the history, by this deletion
    wait: Any = None  # a jobs.waiting.Wait, where it is shown

    objects = KeptManager.from_queryset(JobQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                "owner", "task", "key", condition=~Q(key="") & Q(trashed=None), name="one_job_per_key"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(status="queued", sent_at=None), name="job_outbox"
            ),
            models.Index(fields=["task", "created_at"], condition=Q(status="queued"), name="job_waiting"),
            models.Index(fields=["seen_at"], condition=Q(status="running"), name="job_leases"),
            # Both answer from the index alone: of 100,000 jobs one page more, and none at work
            models.Index(
                fields=["owner", "-created_at"],
                condition=Q(trashed=None, forgotten=None),
                name="job_listed",
            ),
            models.Index(fields=["created_at"], name="job_asked"),
            models.Index(fields=["owner", "ended_at"], condition=Q(ended_at__isnull=False), name="job_ended"),
            models.Index(fields=["owner", "-created_at"], condition=Q(ended_at=None), name="job_open"),
            models.Index(fields=["owner", "size"], condition=Q(size__isnull=False), name="job_sizes"),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"

    @classmethod
    def hide(cls, rows: models.QuerySet, item: Item) -> None:
        """What runs ends at its next report; it waits there until it is taken out."""
        super().hide(rows, item)
        running = cls.with_trashed.filter(trashed=item, status=Status.RUNNING)
        running.update(status=Status.QUEUED, tries_left=F("tries_left") + 1, progress=0, step="", position="")

    @classmethod
    def show(cls, item: Item) -> None:
        """A key that was used again meanwhile is that of the other job. What waited goes on: polls find it."""
        mine = cls.with_trashed.filter(trashed=item)
        for job in mine.exclude(key=""):
            if cls.objects.filter(owner=job.owner_id, task=job.task, key=job.key).exists():
                mine.filter(pk=job.pk).update(key="")
        mine.filter(status=Status.QUEUED).update(sent_at=None)
        super().show(item)

    @property
    def app(self) -> str:
        return self.task.partition(".")[0]

    @property
    def has_ended(self) -> bool:
        return self.status not in OPEN

    @property
    def result_url(self) -> str:
        return reverse(f"{self.app}:result", args=[self.pk])

    @property
    def title(self) -> str:
        """What was asked, in the app's words (`job_titles` of its app config, task → lazy text), and of what."""
        titles: dict[str, str] = getattr(apps.get_app_config(self.app), "job_titles", {})
        return " · ".join(filter(None, [str(titles.get(self.task, self.task)), self.subject]))

    @property
    def waited(self) -> float | None:
        """Seconds until work on it began; None while it has not."""
        return (self.started_at - self.created_at).total_seconds() if self.started_at else None

    @property
    def worked(self) -> float | None:
        """Seconds from its last beginning to its end; None while it has none."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def poll_seconds(self) -> int:
        """The page asks often while the work is young and less often when it takes long."""
        age = (timezone.now() - self.created_at).total_seconds()
        return 1 if age < 10 else 2 if age < 60 else 3 if age < 300 else 10

    @property
    def step_text(self) -> str:
        return f"{gettext(self.step)} {self.position}".strip() if self.step else ""

    @property
    def error_text(self) -> str:
        return gettext(self.error) if self.error else ""


class Worker(models.Model):
    """A process that does jobs. Its beat is the lease of all that it runs."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    started = models.CharField(max_length=30, blank=True)  # tells it from a later process with the same pid
    queues = models.JSONField(default=list)
    kinds = models.JSONField(default=list)  # names of tasks
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["host", "pid"]
        verbose_name, verbose_name_plural = _("worker"), _("workers")

    def __str__(self) -> str:
        return f"{','.join(self.queues)}@{self.host}"
