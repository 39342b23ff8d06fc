"""Which weights answer, and the trainings that weights come from."""

from datetime import timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BUILT_IN = settings.BASE_DIR / "ml" / "weights"
KIND_NAMES = {
    "classifier": _("Pictures"),
    "digits": _("Digits"),
    "faces": _("Faces"),
    "numerals": _("Boxed numbers"),
    "letters": _("Letters"),
    "marks": _("Marks"),
}
TAUGHT = "classifier-"  # begins the kinds of what people teach; what is theirs is on no public page
# Of other kinds the version that is called like the kind. Generators of faces are no rivals: this one is the usual.
ANSWERS_FIRST = {"classifier": "lite2", "faces": "stylegan"}
SILENCE = timedelta(minutes=5)  # after it, a training that says nothing was killed


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def active(self, kind: str) -> "ModelVersion":
        """The version that answers for `kind` now; raises DoesNotExist where none was ever activated."""
        return self.get(kind=kind, state=ModelVersion.State.ACTIVE)

    def public(self) -> Self:
        """Without what people taught: they decide who sees it."""
        return self.exclude(kind__startswith=TAUGHT)

    def answering(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds, state=ModelVersion.State.ACTIVE)


class ModelVersion(models.Model):
    """One set of weights and its card. Rows are never deleted: results name the version that made them."""

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    kind = models.CharField(max_length=30)
    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    card = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    is_built_in = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-created_at"]
        constraints = [
            models.UniqueConstraint("kind", condition=Q(state="active"), name="one_active_version_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:8]}"

    @property
    def kind_name(self) -> str | Promise:
        return KIND_NAMES.get(self.kind, self.kind)

    @property
    def architecture(self) -> str:
        """Of a kind's networks, which: "cnn" of "ml.digits.cnn"."""
        return str(self.card.get("architecture", "")).rpartition(".")[2]

    @property
    def folder(self) -> Path:
        """Where `<name>.safetensors` and `<name>.json` lie."""
        return BUILT_IN if self.is_built_in else settings.MODEL_CACHE_DIR / self.sha256


class TrainingRunQuerySet(models.QuerySet["TrainingRun"]):
    def live(self) -> Self:
        return self.filter(state=TrainingRun.State.RUNNING, seen_at__gte=timezone.now() - SILENCE)


class TrainingRun(models.Model):
    """One training of one network, written by the command as it goes."""

    class State(models.TextChoices):
        RUNNING = "running", _("Training")
        DONE = "done", _("Trained")
        STOPPED = "stopped", _("Interrupted")

    kind = models.CharField(max_length=30)
    architecture = models.CharField(max_length=30)
    seed = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    epochs = models.PositiveIntegerField()  # planned; fewer are done where nothing is gained any more
    curves = models.JSONField(default=list)  # of every epoch: its losses, accuracies and seconds
    version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="trainings"
    )  # of a training whose weights were kept
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.architecture} {self.seed}"

    @property
    def kind_name(self) -> str | Promise:
        return KIND_NAMES.get(self.kind, self.kind)

    @property
    def epoch(self) -> float:
        """How far it is; adversaries tell of it by the minute, others at the end of each epoch."""
        return float(self.curves[-1]["epoch"]) if self.curves else 0.0

    @property
    def is_live(self) -> bool:
        return self.state == self.State.RUNNING and self.seen_at >= timezone.now() - SILENCE

    @property
    def state_now(self) -> State:
        """What the row says, unless its process died without a word."""
        return self.State(self.state) if self.is_live or self.ended_at else self.State.STOPPED
