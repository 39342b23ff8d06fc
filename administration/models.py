"""What is counted now and then, because a page could not count it."""

from django.db import models
from django.utils import timezone


class FolderSize(models.Model):
    """One of the folders that the storage begins with."""

    folder = models.CharField(max_length=100, primary_key=True)
    files = models.PositiveBigIntegerField()
    size = models.PositiveBigIntegerField()  # bytes
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-size"]

    def __str__(self) -> str:
        return self.folder
