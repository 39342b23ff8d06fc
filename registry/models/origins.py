"""Where weights come from, uploads and trainings, and how they are measured."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import OPEN, Job, Status
from registry.models.versions import ModelVersion, OfKind, name_of_network
from web.files import Folders

SILENCE = timedelta(minutes=5)  # after it, a training that says nothing was killed


class Upload(models.Model):
    """Weights that an admin sent; a worker looks at them, and keeps them as a candidate or says what is wrong."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="upload")
    card = models.JSONField(default=dict)
    file = models.FileField(upload_to="models/uploads", blank=True)  # gone when the job has ended
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads"
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.card.get('name', '?')} {self.pk}"

    def record(self, version: ModelVersion) -> None:
        self.version = version
        self.save(update_fields=["version"])


class TrainingRunQuerySet(models.QuerySet["TrainingRun"]):
    def live(self) -> Self:
        by_command = Q(job=None, state=TrainingRun.State.RUNNING, seen_at__gte=timezone.now() - SILENCE)
        return self.filter(by_command | Q(job__status__in=OPEN))

    def stopped(self) -> Self:
        """Those that someone asked to end with what they have learned."""
        return self.filter(stop_asked_at__isnull=False)


class TrainingRun(OfKind):
    """One training of one network, written as it goes: by the command, or by the worker that does its job."""

    FOLDERS = Folders("trainings", is_stored=False)  # what a killed worker goes on with

    class State(models.TextChoices):
        RUNNING = "running", _("Training")
        DONE = "done", _("Trained")
        STOPPED = "stopped", _("Interrupted")

    class Begin(models.TextChoices):
        """From what of another training it goes on."""

        CHECKPOINT = "checkpoint", _("its checkpoint")
        WEIGHTS = "weights", _("its weights")

    architecture = models.CharField(max_length=30)
    seed = models.BigIntegerField()
    source = models.CharField(max_length=20, blank=True)  # what a worker's training learns from
    job = models.OneToOneField(
        Job, on_delete=models.CASCADE, null=True, blank=True, related_name="training_run"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    epochs = models.PositiveIntegerField()  # planned; fewer are done where nothing is gained any more
    curves = models.JSONField(default=list)  # of every epoch: its losses, accuracies and seconds
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="trainings"
    )  # of a training whose weights were kept
    goes_on_from = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="went_on"
    )
    more_epochs = models.PositiveIntegerField(default=0)  # than the training from which it goes on
    begins_from = models.CharField(max_length=10, choices=Begin.choices, blank=True)  # as the worker found it
    stop_asked_at = models.DateTimeField(null=True, blank=True)  # with what it had learned by then
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.architecture} {self.seed}"

    @property
    def title(self) -> str:
        """What is trained."""
        return f"{self.kind_name} · {name_of_network(self.architecture)}"

    @property
    def epoch(self) -> float:
        """How far it is; adversaries tell of it by the minute, others at the end of each epoch."""
        return float(self.curves[-1]["epoch"]) if self.curves else 0.0

    @property
    def may_be_stopped(self) -> bool:
        """A worker is at it, and nobody has said so yet."""
        return bool(self.job and self.job.status == Status.RUNNING and not self.stop_asked_at)

    @property
    def may_go_on(self) -> bool:
        """It was a job and has ended, and something is left of it."""
        return bool(self.source and not self.is_live and (self.curves or self.version_id))

    @property
    def is_live(self) -> bool:
        if self.job:
            return not self.job.has_ended
        return self.state == self.State.RUNNING and self.seen_at >= timezone.now() - SILENCE

    @property
    def state_now(self) -> State:
        """What the row says, unless its process died without a word, or its job ended without a version."""
        return self.State(self.state) if self.is_live or self.ended_at else self.State.STOPPED


class MeasurementQuerySet(models.QuerySet["Measurement"]):
    def under_way(self) -> Self:
        return self.filter(job__status__in=OPEN, job__trashed=None)


class Measurement(models.Model):
    """One time that a worker measures a version, or tried; what it finds is kept with the version."""

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="measurements")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="measurement")
    created_at = models.DateTimeField(default=timezone.now)

    objects = MeasurementQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.version} {self.pk}"
