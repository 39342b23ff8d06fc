"""A picture, what was found in it, and which other pictures look like it."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol, Self

import numpy as np
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from numpy.typing import NDArray
from PIL import Image

from accounts.grants import Owned, Right
from accounts.models import User
from accounts.sharing import Shareable, ShareableQuerySet
from classifier.models.albums import Album
from classifier.models.terms import PictureTerm, pictures_with
from classifier.terms import terms_of, wanted_by
from jobs.models import Job, Status
from prepared.queries import prepared
from prepared.rows import update
from registry.models import ModelVersion
from trash.models import KeptManager, Trashable
from uploads.pictures import encoded
from web.files import can_be_shown

ANSWER = ("model", "card", "is_certain", "saliency", "features", "fingerprint", "width", "height")
ANSWER += ("answered_at", "problem")
LARGE = ("saliency", "features", "model__card")  # what a list of pictures does without
AT_ONCE = 2_000  # terms of a statement
SURE_TYPE = 0.99  # probability, as captions ask for before they say it without "probably"


class PictureFindings(Protocol):
    """What a worker found (ml.pictures.labeller): `found` is ready for JSON, with names in every language."""

    found: dict[str, Any]
    saliency: NDArray[np.uint8] | None
    features: NDArray[np.float16] | None
    fingerprint: int | None
    size: tuple[int, int]  # height, width


class PictureQuerySet(ShareableQuerySet):
    def in_list(self) -> Self:
        return self.select_related("job", "model").defer(*LARGE)

    def having(self, text: str, owner: int) -> Self:
        """Those of this owner in which all is that was typed: found in it, by any name or kind of it in any language,
        read in it, said of it by a person, or in the name of its file."""
        things = wanted_by(text)
        rows = self.filter(owner=owner) if things else self.none()
        for wanted in things:
            rows = rows.filter(pictures_with(owner, wanted))
        return rows


class Picture(Shareable, Trashable, Owned):
    """One picture that someone asked about, and the answer. Those of an album share its job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pictures")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pictures")
    album = models.ForeignKey(Album, on_delete=models.CASCADE, null=True, blank=True, related_name="pictures")
    place = models.PositiveSmallIntegerField(default=0)  # in its album
    file = models.FileField(upload_to="pictures/%Y/%m", blank=True)
    name = models.CharField(max_length=200, blank=True)  # of the file, where it came from
    wants_labels_only = models.BooleanField(default=False)
    taught = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # of a classifier that someone taught, where it is to name the picture, too
    created_at = models.DateTimeField(default=timezone.now)

    # the answer: what `record` writes
    model = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="pictures"
    )
    card = models.JSONField(default=dict)
    is_certain = models.BooleanField(default=False)
    # A small grey PNG: the lighter, the more it spoke for the answer
    saliency = models.BinaryField(null=True)
    features = models.BinaryField(null=True)  # 1280 float16: what the network saw
    fingerprint = models.BinaryField(null=True)  # 8 bytes: near-duplicates differ in few bits
    answered_at = models.DateTimeField(null=True, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)  # why a file of an album has no answer, in English

    right_label = models.CharField(max_length=100, blank=True)  # what a person says it shows

    objects = KeptManager.from_queryset(PictureQuerySet)()

    class Meta:
        ordering = ["-created_at", "place"]
        indexes = [models.Index(fields=["owner", "-created_at", "place"], name="picture_history")]
        constraints = [
            models.UniqueConstraint("album", "place", condition=~Q(album=None), name="one_picture_per_place")
        ]

    def __str__(self) -> str:
        return f"{self.right_label or self.name or '?'} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("classifier:picture", args=[self.pk])

    def granted(self, user: User) -> Right | None:
        """Whoever may do something with an album may with its pictures."""
        return self.album.granted(user) if self.album else None

    @property
    def is_read(self) -> bool:
        return self.answered_at is not None

    @property
    def can_be_shown(self) -> bool:
        return can_be_shown(self.file, self.is_read)

    @property
    def has_small(self) -> bool:
        """Whether lists have a small one to show: of a file that is no picture there is none."""
        if self.problem or not self.is_read and not self.album_id and self.job.status == Status.FAILED:
            return False
        return self.is_read or self.can_be_shown

    @property
    def likenesses(self) -> list["Likeness"]:
        """Which pictures look like it, earlier and later ones, the nearest first."""
        return likenesses_of(self.pk, self.pk)

    @property
    def has_saliency(self) -> bool:
        """Of labels alone told without fetching it."""
        return not self.wants_labels_only and bool(self.saliency)

    def take(self, seen: PictureFindings) -> None:
        """Hold what was found, by the version that `model` names; `record` keeps it."""
        self.card = seen.found
        self.is_certain = seen.found.get("answer") is not None or is_surely_no_photograph(seen.found)
        self.saliency = None if seen.saliency is None else encoded(Image.fromarray(seen.saliency), "PNG")
        self.features = None if seen.features is None else seen.features.tobytes()
        self.fingerprint = None if seen.fingerprint is None else seen.fingerprint.to_bytes(8, "big")
        self.height, self.width = seen.size
        self.answered_at, self.problem = timezone.now(), ""

    def note_problem(self, sentence: str) -> None:
        """Of one that was deleted for good meanwhile, nothing."""
        self.problem = sentence[:500]
        if Picture.with_trashed.filter(pk=self.pk).update(problem=self.problem):
            index_pictures([self])


def record(answers: Mapping[Picture, PictureFindings]) -> None:
    """Keep what was found in each; nothing of one that was deleted for good meanwhile."""
    for picture, seen in answers.items():
        picture.take(seen)
    update(list(answers), ANSWER)
    index_pictures(answers)


def is_surely_no_photograph(found: dict[str, Any]) -> bool:
    """Of what nothing is named in: then the type of image is what it shows."""
    image_type = found.get("image_type")
    return bool(image_type and not found.get("labels") and image_type["probability"] >= SURE_TYPE)


def index_pictures(pictures: Collection[Picture]) -> None:
    """Anew, so that they are found by what their rows say; nothing of those that were deleted for good meanwhile."""
    ids = [picture.pk for picture in pictures]
    PictureTerm.objects.filter(picture__in=ids).delete()
    there = set(Picture.with_trashed.filter(pk__in=ids).values_list("pk", flat=True))
    index_new(picture for picture in pictures if picture.pk in there)


def index_new(pictures: Iterable[Picture]) -> None:
    """Those that are in no index yet: by the names of their files."""
    rows = (
        PictureTerm(owner_id=picture.owner_id, term=term, picture_id=picture.pk)
        for picture in pictures
        for term in terms_of(picture.card, picture.name, picture.right_label)
    )
    PictureTerm.objects.bulk_create(rows, batch_size=AT_ONCE)


class Likeness(models.Model):
    """Two pictures of one person that look alike; kept once, by the one that was looked at later."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")
    distance = models.FloatField()  # of the features: 0 is the same, 1 has nothing in common
    is_near_duplicate = models.BooleanField(default=False)

    class Meta:
        ordering = ["distance"]
        constraints = [
            models.UniqueConstraint("picture", "other", name="one_likeness_per_pair"),
            models.CheckConstraint(condition=~Q(picture=F("other")), name="no_likeness_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.picture_id} {self.other_id} {self.distance:.2f}"

    def beside(self, picture: Picture) -> uuid.UUID:
        """The other one of the two."""
        return self.other_id if self.picture_id == picture.pk else self.picture_id


@prepared
def likenesses_of(picture_id: uuid.UUID, other_id: uuid.UUID) -> models.QuerySet[Likeness]:
    """With either of the two; the nearest first."""
    return Likeness.objects.filter(Q(picture__id=picture_id) | Q(other__id=other_id)).order_by("distance")
