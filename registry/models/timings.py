"""What answers cost of networks that come in packages; of versions their rows say it."""

from django.db import models


class PackagedTiming(models.Model):
    """key: of packaged.networks.NETWORKS; package_version: what was timed; another one is timed anew."""

    key = models.CharField(max_length=50, unique=True)
    package_version = models.CharField(max_length=50)
    milliseconds = models.FloatField()
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key}: {self.milliseconds} ms"
