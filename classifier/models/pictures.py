"""A picture, what was found in it, and which other pictures look like it."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import AnyUser
from jobs.models import Job
from registry.models import ModelVersion

ANSWER = ["model", "card", "words", "saliency", "features", "fingerprint", "width", "height", "problem"]


class OwnQuerySet(models.QuerySet):
    def for_user(self, user: AnyUser) -> Self:
        return self.filter(owner=user)


class PictureQuerySet(OwnQuerySet):
    def shared(self) -> Self:
        return self.exclude(share_key=None)


class Album(models.Model):
    """A folder or a ZIP of pictures that were sent together; one job looks through it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="albums")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="album")
    name = models.CharField(max_length=200)
    archive = models.FileField(upload_to="pictures/albums", blank=True)  # the ZIP, until it is unpacked
    created_at = models.DateTimeField(default=timezone.now)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="album_history")]

    def __str__(self) -> str:
        return self.name


class Picture(models.Model):
    """One picture that someone asked about, and the answer. Those of an album share its job."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pictures")
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pictures")
    album = models.ForeignKey(Album, on_delete=models.CASCADE, null=True, blank=True, related_name="pictures")
    file = models.FileField(upload_to="pictures/%Y/%m")
    name = models.CharField(max_length=200, blank=True)  # of the file, as it was called where it came from
    wants_labels_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    share_key = models.UUIDField(null=True, blank=True, unique=True)

    # the answer: what `record` writes
    model = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="pictures"
    )
    card = models.JSONField(default=dict)
    words = models.TextField(blank=True)  # every name and text found, in both languages, to search in
    saliency = models.BinaryField(
        null=True
    )  # a small grey PNG: the lighter, the more it spoke for the answer
    features = models.BinaryField(null=True)  # 1280 float16: what the network saw, to compare pictures by
    fingerprint = models.BinaryField(null=True)  # 8 bytes: near-duplicates differ in few bits
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=500, blank=True)  # why a file of an album is no picture, in English

    right_label = models.CharField(max_length=100, blank=True)  # what a person says it shows

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="picture_history")]

    def __str__(self) -> str:
        return f"{self.right_label or self.name or '?'} {self.pk}"


class Likeness(models.Model):
    """Two pictures of one person that look alike; kept once, by the later one."""

    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="likenesses")
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
