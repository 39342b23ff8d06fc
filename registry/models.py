"""Which weights answer."""

from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

BUILT_IN = settings.BASE_DIR / "ml" / "weights"


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    def active(self, kind: str) -> "ModelVersion":
        """The version that answers for `kind` now; raises DoesNotExist where none was ever activated."""
        return self.get(kind=kind, state=ModelVersion.State.ACTIVE)

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
    def folder(self) -> Path:
        """Where `<name>.safetensors` and `<name>.json` lie."""
        return BUILT_IN if self.is_built_in else settings.MODEL_CACHE_DIR / self.sha256
