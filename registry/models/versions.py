"""Which weights there are, and which answer."""

from pathlib import Path
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jobs.models import Job

BUILT_IN = settings.BASE_DIR / "ml" / "weights"
KIND_NAMES = {
    "classifier": _("Pictures"),
    "digits": _("Digits"),
    "faces": _("Faces"),
    "numerals": _("Boxed numbers"),
    "letters": _("Letters"),
    "marks": _("Marks"),
    "image_types": _("Types of images"),
    "scripts": _("Scripts of text"),
    "encoder": _("Faces in photographs, for the generator"),
}
# What people call networks and architectures, by the names that programs know them by
CONVOLUTIONAL, DENSE, SMALL, LINEAR = (
    _("Convolutional network"),
    _("Dense network of the tutorial"),
    _("Small convolutional network"),
    _("Linear layer"),
)
NETWORK_NAMES = {
    "lite0": "EfficientNet-Lite0",
    "lite2": "EfficientNet-Lite2",
    "digits": CONVOLUTIONAL,
    "cnn": CONVOLUTIONAL,
    "digits_dense": DENSE,
    "dense": DENSE,
    "marks": SMALL,
    "numerals": SMALL,
    "letters": SMALL,
    "CellNet": SMALL,
    "image_types": LINEAR,
    "scripts": LINEAR,
    "stylegan": "StyleGAN",
    "dcgan": "DCGAN",
    "gan": "GAN",
    "encoder": _("From a photo to a face of the StyleGAN"),
    "directions": _("Edits of the StyleGAN"),
}
TAUGHT = "classifier-"  # begins the kinds of what people teach; what is theirs is on no public page
# Of other kinds the version that is called like the kind. Generators of faces are no rivals: this one is the usual.
ANSWERS_FIRST = {"classifier": "lite2", "faces": "stylegan"}
# Whose versions can say the same or something else
RIVALS = ("classifier", "digits", "numerals", "letters", "marks")
# Which of them may give a share of the answers: not readers of sheets, for one exam is read by one network
CANARIES = ("classifier", "digits")
# Which have a probe set, on which a worker measures them, and may come from elsewhere
MEASURED = (*RIVALS, "faces")
# By how the data's name begins
LICENCE_PAGES = {"CelebA": "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html"}


def name_of_network(name: str) -> str | Promise:
    """Of one that came from elsewhere, what its maker calls it."""
    return NETWORK_NAMES.get(name, name)


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
    is_uploaded = models.BooleanField(default=False)  # then its card is what its maker says, and no more
    measured = models.JSONField(default=list)  # figures as a card's metrics, found by a worker of this site
    # Of those the one by which versions are compared, {set, md5, count, measure, value}; value: None where it could not
    # be measured on that set; empty as long as nobody tried.
    probe = models.JSONField(default=dict)
    measured_at = models.DateTimeField(null=True, blank=True)
    measuring = models.ForeignKey(  # the last job that measures it, or did
        Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
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
    def title(self) -> str | Promise:
        return name_of_network(self.name)

    @property
    def exact_title(self) -> str:
        """Tells it from others that are called alike."""
        return f"{self.title} {self.sha256[:8]}"

    @property
    def can_be_measured(self) -> bool:
        return self.kind in MEASURED

    @property
    def architecture(self) -> str:
        """Of a kind's networks, which: "cnn" of "ml.digits.cnn"."""
        return str(self.card.get("architecture", "")).rpartition(".")[2]

    @property
    def figures(self) -> list[dict[str, Any]]:
        """Those of its card, and those that this site found besides; is_stated: only its maker says so."""
        stated = [row | {"is_stated": self.is_uploaded} for row in self.card.get("metrics", [])]
        return [*stated, *(row | {"is_stated": False} for row in self.measured)]

    @property
    def proven(self) -> list[dict[str, Any]]:
        """The figures that this project or this site found."""
        return [row for row in self.figures if not row["is_stated"]]

    @property
    def probe_text(self) -> str:
        """The figure by which versions are compared, as people read it."""
        value = self.probe.get("value")
        return "" if value is None else f"{value:.2%}".replace("%", " %")

    @property
    def parameters_text(self) -> str:
        """How many weights it has, as people read it."""
        count = self.card.get("parameters")
        return f"{count:,}" if isinstance(count, int) else ""

    @property
    def licences(self) -> list[dict[str, Any]]:
        """Of all that it learned from, as its card says, with where to read more."""
        return [with_page(data) for data in self.card.get("data", []) if isinstance(data, dict)]

    @property
    def folder(self) -> Path:
        """Where `<name>.safetensors` and `<name>.json` lie."""
        return BUILT_IN if self.is_built_in else settings.MODEL_CACHE_DIR / self.sha256


def with_page(data: dict[str, Any]) -> dict[str, Any]:
    """{name, licence, use, …} of a card, and {is_non_commercial, url}; url is "" where none is known."""
    name, licence = str(data.get("name", "")), str(data.get("licence", ""))
    url = next((url for begin, url in LICENCE_PAGES.items() if name.startswith(begin)), "")
    return data | {"is_non_commercial": "non-commercial" in licence, "url": url}
