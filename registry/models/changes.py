"""The log: which version answered from when on, and who changed that."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from registry.models.versions import ModelVersion, OfKind, OfKindQuerySet

DOUBTS = {
    "far_worse": gettext_noop(
        "Measured on the same %(count)s pictures, %(version)s reaches %(own)s and %(live)s %(theirs)s."
    ),
    "incomparable": gettext_noop(
        "Measured on %(count)s pictures, %(version)s reaches %(own)s; %(live)s could not be measured on them."
    ),
    "unmeasured": gettext_noop("%(version)s could not be measured, so that nobody knows how good it is."),
}


@dataclass(frozen=True)
class Doubt:
    """What speaks against a version. reason: a key of DOUBTS; own, theirs: shares as people read them, of the version
    and of the one that answered then."""

    reason: str
    version: str
    live: str = ""
    own: str = ""
    theirs: str = ""
    count: int = 0

    @classmethod
    def of(cls, reason: str, version: ModelVersion, live: ModelVersion | None = None) -> Self:
        return cls(
            reason,
            str(version),
            str(live or ""),
            version.probe_text,
            live.probe_text if live else "",
            version.probe.get("count", 0),
        )

    @property
    def text(self) -> str:
        return gettext(DOUBTS[self.reason]) % self.as_json()

    @property
    def figures(self) -> str:
        """Short, and the same in every language."""
        return f"{self.own or '?'} ← {self.theirs or '?'}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class AppendOnly(TypeError):
    """A row of the log is never changed and never deleted."""


class ChangeQuerySet(OfKindQuerySet["Change"]):
    def in_force(self, moment: datetime) -> Self:
        """Of each kind the last change until then: its `after` is what was live."""
        newest = Change.objects.filter(kind=OuterRef("kind"), at__lte=moment)
        return self.filter(pk=Subquery(newest.values("pk")[:1]))

    def to_take_back(self, kind: str) -> "Change | None":
        """The last change that nobody has taken back."""
        changes = self.filter(kind=kind, takes_back=None, taken_back_by=None)
        return changes.select_related("before__measuring").first()

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
    despite = models.JSONField(default=dict)  # the doubt of which `by` was asked; empty where there was none
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

    @property
    def despite_text(self) -> str:
        return Doubt(**self.despite).text if self.despite else ""
