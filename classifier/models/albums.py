"""A folder or a ZIP of pictures that were sent together."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.grants import Grant, Granted, GrantedQuerySet
from jobs.models import Job
from registry.models import ModelVersion
from trash.models import KeptManager, Trashable


class Album(Granted, Trashable):
    """One job looks through all of its pictures."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="albums")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="album")
    name = models.CharField(max_length=200)
    wants_labels_only = models.BooleanField(default=False)
    model = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="albums"
    )
    taught = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )  # of a classifier that someone taught, where it is to name the pictures, too
    archive = models.FileField(upload_to="pictures/albums", blank=True)  # the ZIP, until it is unpacked
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(GrantedQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="album_history")]

    def __str__(self) -> str:
        return self.name or gettext("Album")

    def get_absolute_url(self) -> str:
        return reverse("classifier:album", args=[self.pk])


class AlbumGrant(Grant):
    row = models.ForeignKey(Album, on_delete=models.CASCADE, related_name="grants")
