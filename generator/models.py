"""What faces were ordered, and the pictures that were drawn."""

import hashlib
import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from accounts.grants import Owned
from accounts.sharing import Shareable, ShareableQuerySet
from generator.networks import ends_of_edit
from jobs.models import Job
from registry.models import ModelVersion
from trash.models import KeptManager, Trashable

MOST_FACES = 64  # of an order
MOST_CHOSEN = 200  # orders that are deleted at once
MOST_SEED = 2**63 - 1
LARGE = ["model__card"]  # what a list of orders does without


class OrderQuerySet(ShareableQuerySet):
    def in_list(self) -> Self:
        pictures = models.Prefetch("faces", Face.objects.defer("png"))
        return self.select_related("job", "model", "photo").defer(*LARGE).prefetch_related(pictures)

    def liked(self) -> Self:
        """Favourites, or with one among their faces."""
        return self.filter(Q(is_favourite=True) | Q(faces__is_favourite=True)).distinct()


class Order(Shareable, Trashable, Owned):
    """An order of up to 64 faces of one network: seed, seed + 1 and so on, all with the same settings."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="orders")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="order")
    model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="orders")
    count = models.PositiveSmallIntegerField(default=1)  # with a film, of its frames
    seed = models.BigIntegerField()
    truncation = models.FloatField(default=0.7)
    prompt = models.CharField(max_length=500, blank=True)
    edits = models.JSONField(default=dict)  # {name: steps}, set by sliders; they win over the prompt's
    mix_seed = models.BigIntegerField(null=True, blank=True)
    mix_from = models.PositiveSmallIntegerField(default=4)
    truncations = models.JSONField(null=True, blank=True)  # of a grid: a column each, a row for each seed
    to_seed = models.BigIntegerField(null=True, blank=True)
    way = models.FloatField(null=True, blank=True)  # how far to there; without it the faces are the whole way
    like_seed = models.BigIntegerField(null=True, blank=True)  # a face that the seeds lead away from,
    code = models.BinaryField(null=True)  # or one that was found in a photo: float16 (layers, latent),
    share = models.FloatField(default=0.0)  # by so much
    is_favourite = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    # what the worker adds
    # Of the prompt: {"edits": {name: steps}, "used": […], "unknown": […]}
    words = models.JSONField(null=True)
    seconds = models.FloatField(default=0.0)  # that drawing took

    objects = KeptManager.from_queryset(OrderQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="order_history")]
        constraints = [
            models.CheckConstraint(
                condition=Q(count__gte=1, count__lte=MOST_FACES), name="order_of_1_to_64_faces"
            )
        ]

    def __str__(self) -> str:
        return f"{self.count} × {self.model.name} {self.seed}"

    @property
    def understood(self) -> list[str | Promise]:
        """What the words make of the face, negations as what is done: "no glasses"."""
        edits = (self.words or {}).get("edits", {})
        return [ends_of_edit(name)[steps > 0] for name, steps in edits.items() if steps]

    @property
    def title(self) -> str:
        """In lists."""
        return f"{self.prompt or self.model.title} · {self.seed}"

    def get_absolute_url(self) -> str:
        return reverse("generator:order", args=[self.pk])

    @property
    def is_film(self) -> bool:
        return self.to_seed is not None and self.way is None

    @property
    def edits_of_words(self) -> dict[str, float]:
        """None until a worker has read them."""
        return dict((self.words or {}).get("edits", {}))

    @property
    def all_edits(self) -> dict[str, float]:
        return {**self.edits_of_words, **self.edits}

    @property
    def columns(self) -> int:
        """Of a grid; else 1."""
        return len(self.truncations or [0])

    def seed_of(self, place: int) -> int:
        """Of a film every frame has the first seed, else each face has the next one; of a grid each row."""
        return self.seed if self.is_film else (self.seed + place // self.columns) % (MOST_SEED + 1)

    def truncation_of(self, place: int) -> float:
        return float(self.truncations[place % self.columns]) if self.truncations else self.truncation

    def way_of(self, place: int) -> float:
        if self.to_seed is None:
            return 0.0
        return self.way if self.way is not None else place / max(self.count - 1, 1)

    def add_faces(self, pngs: dict[int, bytes], size: tuple[int, int], seconds: float) -> None:
        """Pictures by their places; size is height, width. Call inside of a transaction that holds the job's fence."""
        height, width = size
        Face.objects.bulk_create(
            Face(order=self, place=place, seed=self.seed_of(place), png=png, height=height, width=width)
            for place, png in pngs.items()
        )
        self.seconds += seconds
        self.save(update_fields=["seconds"])


class Face(models.Model):
    """One picture. A PNG of 64 or 128 pixels is a few kilobytes: kept in its row, it commits with its job's fence."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="faces")
    place = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    png = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    is_favourite = models.BooleanField(default=False)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint("order", "place", name="one_face_per_place")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.place}"

    @property
    def truncation(self) -> float:
        return self.order.truncation_of(self.place)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(bytes(self.png)).hexdigest()


class Photo(models.Model):
    """An uploaded face that an order starts from. The file goes after some days unless it is kept; what was found
    stays."""

    order = models.OneToOneField(Order, on_delete=models.CASCADE, related_name="photo")
    file = models.FileField(upload_to="faces/%Y/%m", blank=True)
    is_kept = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    # what the worker adds
    # PNG of the face in the photo, as the network sees it; goes with the file
    aligned = models.BinaryField(null=True)
    drawn = models.BinaryField(null=True)  # PNG of what the network makes of it
    error = models.FloatField(null=True, blank=True)  # how far the two are apart, 0 is the same

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(is_kept=False) & ~Q(file=""), name="photo_to_forget"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.error}"
