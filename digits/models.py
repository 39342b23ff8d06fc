"""A drawing or picture, what was read in it, and what the network did on the way."""

import uuid
from collections.abc import Mapping
from typing import Any, Protocol, Self

import numpy as np
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from accounts.grants import Owned
from accounts.sharing import Shareable, ShareableQuerySet
from jobs.models import Job
from prepared.rows import update
from registry.models import ModelVersion
from registry.trainings import HELD_OUT
from trash.models import KeptManager, Trashable
from web.files import can_be_shown

SIDE = 28  # of a framed digit, as the networks take it
FRAME_BYTES = SIDE * SIDE
PLACED = ("is_certain", "box", "row")  # of a digit and a sign


ANSWER = ("model", "text", "digits", "signs", "others", "frames", "saliency", "is_certain", "width", "height")


class DigitsAnswer(Protocol):
    """What a network says of a picture (ml.digits.reader); size is height and width."""

    text: str
    digits: list[dict[str, Any]]
    signs: list[dict[str, Any]]
    others: list[dict[str, Any]]
    frames: NDArray[np.uint8]
    saliency: NDArray[np.uint8] | None
    is_certain: bool
    size: tuple[int, int]


class ReadingQuerySet(ShareableQuerySet):
    def in_list(self) -> Self:
        return self.select_related("job").defer("frames", "saliency", "pixels")


class Reading(Shareable, Trashable, Owned):
    """One picture that someone asked about, and the answer."""

    class Source(models.TextChoices):
        CANVAS = "canvas", _("Drawing")
        UPLOAD = "upload", _("Picture")
        PIXELS = "pixels", _("Numbers")

    class Verdict(models.TextChoices):
        READ = "read", _("Read")
        UNSURE = "unsure", _("I am not sure.")
        NO_DIGIT = "no_digit", _("That is no digit.")
        EMPTY = "empty", _("There is nothing to read here.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="reading")
    source = models.CharField(max_length=10, choices=Source.choices)
    picture = models.FileField(upload_to="digits/%Y/%m", blank=True)
    pixels = models.BinaryField(null=True)  # 784 bytes, ink high, where no file was sent
    wants_saliency = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    # the answer: what `record` writes
    model = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    text = models.CharField(max_length=500, blank=True)
    digits = models.JSONField(default=list)
    signs = models.JSONField(default=list)  # - . , / + =, each with its place `at` among all characters
    others = models.JSONField(default=list)
    frames = models.BinaryField(default=bytes)
    saliency = models.BinaryField(null=True)
    is_certain = models.BooleanField(default=False)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)

    right_text = models.CharField(max_length=500, blank=True)  # what a person says stands there

    objects = KeptManager.from_queryset(ReadingQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="reading_history")]

    def __str__(self) -> str:
        return f"{self.answer_text or '?'} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("digits:reading", args=[self.pk])

    def take(self, answer: DigitsAnswer) -> None:
        """Hold what was read, by the version that `model` names; `record` keeps it."""
        self.text = answer.text[:500]
        self.digits, self.signs, self.others = answer.digits, answer.signs, answer.others
        self.is_certain = answer.is_certain
        self.frames = answer.frames.tobytes()
        self.saliency = None if answer.saliency is None else answer.saliency.tobytes()
        self.height, self.width = answer.size

    @property
    def answer_text(self) -> str:
        return self.right_text or self.text

    @property
    def characters(self) -> list[dict[str, Any]]:
        """Digits and signs as they stand: value, probability, is_certain, box, row, and which of the digits it is."""
        read = [
            character(str(digit["value"]), digit.get("confidence"), digit, place)
            for place, digit in enumerate(self.digits)
        ]
        for sign in self.signs:
            read.insert(sign["at"], character(sign["value"], sign["probability"], sign, None))
        return read

    @property
    def right_digits(self) -> str:
        """What a person says stands there, without signs and rows."""
        return "".join(one for one in self.right_text if one.isdigit())

    @property
    def crossed_out(self) -> int:
        """How many digits somebody crossed out. Answers of before this was told name none."""
        return sum(other.get("is_crossed_out", False) for other in self.others)

    @property
    def verdict(self) -> str:
        if self.digits:
            return self.Verdict.READ if self.is_certain else self.Verdict.UNSURE
        return self.Verdict.NO_DIGIT if self.others else self.Verdict.EMPTY

    @property
    def title(self) -> str:
        """In lists: what was read, else why not, else how its job stands."""
        if self.answer_text or self.model_id:
            return self.answer_text or str(self.verdict_text)
        return str(self.job.get_status_display())

    @property
    def verdict_text(self) -> str | Promise:
        return self.Verdict(self.verdict).label

    def frame(self, place: int) -> bytes:
        """The 784 bytes, ink high, that the network saw of the digit at `place`."""
        return bytes(self.frames[place * FRAME_BYTES : (place + 1) * FRAME_BYTES])

    def saliency_of(self, place: int) -> bytes:
        return bytes((self.saliency or b"")[place * FRAME_BYTES : (place + 1) * FRAME_BYTES])

    @property
    def is_read(self) -> bool:
        return self.model_id is not None

    @property
    def can_be_shown(self) -> bool:
        return self.pixels is not None or can_be_shown(self.picture, self.is_read)

    @property
    def frame_count(self) -> int:
        return len(self.frames) // FRAME_BYTES


def character(
    value: str, probability: float | None, place: dict[str, Any], digit: int | None
) -> dict[str, Any]:
    """As `Reading.characters` has them; place: of a digit or a sign."""
    own = {"value": value, "probability": probability} | {name: place.get(name) for name in PLACED}
    return own | {"digit": digit}


def record(answers: Mapping[Reading, DigitsAnswer]) -> None:
    """Keep what was read in each."""
    for reading, answer in answers.items():
        reading.take(answer)
    update(list(answers), ANSWER)


def corrected_digits() -> tuple[NDArray[np.uint8], list[int], list[bool]]:
    """(n, 28, 28) as the network saw them, what they are, and whether they are held out: by the id of their reading,
    so that it is the same ones for ever. Only readings where people counted as many digits as the network."""
    frames, labels, is_held_out = [], [], []
    readings = Reading.objects.exclude(right_text="").order_by("created_at", "pk")
    for reading in readings.only("right_text", "frames").iterator():
        digits = reading.right_digits
        if len(digits) == reading.frame_count:
            frames.append(bytes(reading.frames))
            labels += [int(digit) for digit in digits]
            is_held_out += [reading.pk.int % HELD_OUT == 0] * len(digits)
    pictures = np.frombuffer(b"".join(frames), np.uint8).reshape(-1, SIDE, SIDE)
    return pictures, labels, is_held_out


class Inside(models.Model):
    """Every number of the network on one digit: kept as a file, since it is large and can be made again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="insides")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="inside")
    place = models.PositiveSmallIntegerField()
    label = models.PositiveSmallIntegerField(null=True, blank=True)  # the right answer, for the way back
    file = models.FileField(upload_to="digits/inside", blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint("reading", "place", "label", name="one_inside_per_label"),
            models.UniqueConstraint(
                "reading", "place", condition=models.Q(label=None), name="one_inside_per_digit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reading_id} {self.place} {self.label}"
