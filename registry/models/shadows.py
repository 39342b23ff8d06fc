"""Versions in the shadow of the one that answers: what they would have said, and where that was something else."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from registry.models.versions import ModelVersion, OfKind, OfKindQuerySet

WORDS = {
    "": _("nothing"),
    "mark": _("marked"),
    "empty": _("empty"),
    "withdrawn": _("withdrawn"),
    "blank": _("nothing"),
    "other": _("something else"),
}


class ShadowQuerySet(OfKindQuerySet["Shadow"]):
    def running(self, kind: str) -> Self:
        return self.filter(kind=kind, ended_at=None)

    def own_and_running(self, version: ModelVersion) -> Self:
        """Those of a version, the latest first, and the one that runs of its kind."""
        return self.filter(Q(version=version) | Q(kind=version.kind, ended_at=None))

    def end(self) -> None:
        self.filter(ended_at=None).update(ended_at=timezone.now())


class Shadow(OfKind):
    """From when to when a version saw a share of what the live one answered. Nobody was shown what it said; things
    (digits, cells, pictures) were counted on which the two agree. A canary is the other way round: it gave a share of
    the answers, and what the live one would have said was shown to nobody."""

    class Worse(models.TextChoices):
        """Why the site ended a canary by itself."""

        CORRECTIONS = "corrections", _("people corrected more of its answers")
        DISAGREEMENTS = "disagreements", _("where the two disagree, people found the other one right")

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="shadows")
    live = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    is_canary = models.BooleanField(default=False)
    percent = models.PositiveSmallIntegerField()  # of the requests, 1 to 100; of a canary to 50
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)  # stays when the person is gone; empty: the site
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    requests = models.PositiveIntegerField(default=0)
    compared = models.PositiveIntegerField(default=0)  # things in them
    agreed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(
        default=0
    )  # times that it could not answer; of a canary, the live one
    ended_because = models.CharField(
        max_length=20, choices=Worse.choices, blank=True
    )  # empty: a person ended it

    objects = ShadowQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        constraints = [
            models.UniqueConstraint("kind", condition=Q(ended_at=None), name="one_shadow_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.version} beside {self.live}"

    @property
    def share(self) -> float | None:
        """Percent of what was compared on which they agree."""
        return 100 * self.agreed / self.compared if self.compared else None

    @property
    def differing_share(self) -> float | None:
        return 100 - self.share if self.share is not None else None

    def counted(self, right: str) -> int:
        """How often admins said so of what they disagree on."""
        return self.disagreements.filter(right=right).count()

    @property
    def judged(self) -> list[tuple[str | Promise, int]]:
        """How often admins said so of what they disagree on."""
        counted = dict(self.disagreements.order_by().values_list("right").annotate(models.Count("pk")))
        return [(right.label, counted.get(right, 0)) for right in Disagreement.Right]


class DisagreementManager(models.Manager["Disagreement"]):
    """Without those on things that are in the trash."""

    def get_queryset(self) -> models.QuerySet["Disagreement"]:
        return super().get_queryset().filter(job__trashed=None)


class Disagreement(models.Model):
    """One thing of which the two said something else. live, own: {"name", "probability"}, the name a text or
    {"en", "ko"}."""

    class Right(models.TextChoices):
        OWN = "own", _("This one is right")
        LIVE = "live", _("The other one is right")
        NEITHER = "neither", _("Neither is right")

    shadow = models.ForeignKey(Shadow, on_delete=models.CASCADE, related_name="disagreements")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+")  # of the request
    live = models.JSONField()
    own = models.JSONField()
    crop = models.BinaryField()  # a PNG
    right = models.CharField(max_length=10, choices=Right.choices, blank=True)  # as an admin judged
    at = models.DateTimeField(default=timezone.now)

    objects = DisagreementManager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{answer_name(self.live)} / {answer_name(self.own)}"

    @property
    def live_text(self) -> str:
        return answer_name(self.live)

    @property
    def own_text(self) -> str:
        return answer_name(self.own)

    @property
    def own_percent(self) -> str:
        return answer_percent(self.own)

    @property
    def live_percent(self) -> str:
        return answer_percent(self.live)


def answer_percent(said: dict[str, Any]) -> str:
    return "" if said["probability"] is None else f"{100 * said['probability']:.1f} %"


def answer_name(said: dict[str, Any]) -> str:
    """The name in the reader's language."""
    name = said["name"]
    if isinstance(name, dict):
        return str(name.get((get_language() or "ko")[:2], name["en"]))
    return str(WORDS.get(name, name))
