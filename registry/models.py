"""Which weights answer, which did and who changed that, and the trainings that weights come from."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobs.models import OPEN, Job

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


class OfKind(models.Model):
    """A row about networks of one kind."""

    kind = models.CharField(max_length=30)

    class Meta:
        abstract = True

    @property
    def kind_name(self) -> str | Promise:
        return KIND_NAMES.get(self.kind, self.kind)


Row = TypeVar("Row", bound=OfKind)


class OfKindQuerySet(models.QuerySet[Row]):
    def public(self) -> Self:
        """Without what people taught: they decide who sees it."""
        return self.exclude(kind__startswith=TAUGHT)


class ModelVersionQuerySet(OfKindQuerySet["ModelVersion"]):
    def active(self, kind: str) -> "ModelVersion":
        """The version that answers for `kind` now; raises DoesNotExist where none was ever activated."""
        return self.get(kind=kind, state=ModelVersion.State.ACTIVE)

    def answering(self, *kinds: str) -> Self:
        return self.filter(kind__in=kinds, state=ModelVersion.State.ACTIVE)

    def offered(self) -> Self:
        """Those that anyone may ask by name: not what an admin has yet to look at, nor what was put away."""
        return self.filter(state__in=[ModelVersion.State.ACTIVE, ModelVersion.State.READY])


class ModelVersion(OfKind):
    """One set of weights and its card. Rows are never deleted: results name the version that made them."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("Candidate")  # uploaded or trained here, and never active yet
        READY = "ready", _("Ready")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Archived")

    name = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    card = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    is_built_in = models.BooleanField(default=False)
    measured = models.JSONField(default=list)  # figures as a card's metrics, found by a worker of this site
    milliseconds = models.FloatField(null=True, blank=True)  # of one picture, where a worker has measured it
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
    def architecture(self) -> str:
        """Of a kind's networks, which: "cnn" of "ml.digits.cnn"."""
        return str(self.card.get("architecture", "")).rpartition(".")[2]

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Those of its card, and those that this site found besides."""
        return [*self.card.get("metrics", []), *self.measured]

    @property
    def folder(self) -> Path:
        """Where `<name>.safetensors` and `<name>.json` lie."""
        return BUILT_IN if self.is_built_in else settings.MODEL_CACHE_DIR / self.sha256


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


class AppendOnly(TypeError):
    """A row of the log is never changed and never deleted."""


class ChangeQuerySet(OfKindQuerySet["Change"]):
    def in_force(self, moment: datetime) -> Self:
        """Of each kind the last change until then: its `after` is what was live."""
        newest = Change.objects.filter(kind=OuterRef("kind"), at__lte=moment)
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def to_take_back(self, kind: str) -> "Change | None":
        """The last change that nobody has taken back."""
        return self.filter(kind=kind, takes_back=None, taken_back_by=None).first()

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly


class Change(OfKind):
    """One line of the log: from then on another version answered for a kind."""

    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)  # stays when the person is gone; empty: the site
    before = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    after = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=500, blank=True)  # the site's own are English, translated when shown
    takes_back = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="taken_back_by"
    )

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "-at"], name="change_history")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.before or '–'} → {self.after or '–'}"

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise AppendOnly

    @property
    def why_text(self) -> str:
        return gettext(self.why) if self.why else ""


class TrainingRunQuerySet(models.QuerySet["TrainingRun"]):
    def live(self) -> Self:
        by_command = Q(job=None, state=TrainingRun.State.RUNNING, seen_at__gte=timezone.now() - SILENCE)
        return self.filter(by_command | Q(job__status__in=OPEN))


class TrainingRun(OfKind):
    """One training of one network, written as it goes: by the command, or by the worker that does its job."""

    class State(models.TextChoices):
        RUNNING = "running", _("Training")
        DONE = "done", _("Trained")
        STOPPED = "stopped", _("Interrupted")

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
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.architecture} {self.seed}"

    @property
    def epoch(self) -> float:
        """How far it is; adversaries tell of it by the minute, others at the end of each epoch."""
        return float(self.curves[-1]["epoch"]) if self.curves else 0.0

    @property
    def is_live(self) -> bool:
        if self.job:
            return not self.job.has_ended
        return self.state == self.State.RUNNING and self.seen_at >= timezone.now() - SILENCE

    @property
    def state_now(self) -> State:
        """What the row says, unless its process died without a word, or its job ended without a version."""
        return self.State(self.state) if self.is_live or self.ended_at else self.State.STOPPED
