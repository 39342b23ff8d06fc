"""The example that someone looks around in, and the things that it is made of.

    Example ──◄ Thing     names a row of an app: its exam, its album, its classifier

The rows are ordinary ones. That they belong to an example is said here alone, so that all of them go together.
"""

import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.sharing import OwnQuerySet
from jobs.models import Job
from trash.kinds import KINDS
from trash.models import Item, KeptManager, Trashable


class Example(Trashable):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="example")
    created_at = models.DateTimeField(default=timezone.now)

    objects = KeptManager.from_queryset(OwnQuerySet)()

    class Meta:
        ordering = ["-created_at"]
        verbose_name, verbose_name_plural = _("example"), _("examples")
        constraints = [
            models.UniqueConstraint("owner", condition=models.Q(trashed=None), name="one_example_of_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("example:result", args=[self.job_id])

    @classmethod
    def show(cls, item: Item) -> None:
        """Raises ValidationError where they have loaded another one meanwhile."""
        owners = cls.with_trashed.filter(trashed=item).values("owner")
        if cls.objects.filter(owner__in=owners).exists():
            raise ValidationError(
                gettext("There is another example now. Remove that one, then restore this.")
            )
        super().show(item)

    def add(self, *rows: Trashable) -> None:
        """These are things of it."""
        Thing.objects.bulk_create(
            Thing(example=self, kind=row._meta.label_lower, row_id=str(row.pk)) for row in rows
        )

    def rows(self, of: str = "") -> list[Any]:
        """What it is made of, also what lies in the trash; of an app ("grading"), of a kind ("grading.exam") or all."""
        return [row for thing in self.things.filter(kind__startswith=of) for row in thing.rows()]


class Thing(models.Model):
    example = models.ForeignKey(Example, on_delete=models.CASCADE, related_name="things")
    kind = models.CharField(max_length=100)  # "grading.exam", as trash.kinds has them
    row_id = models.CharField(max_length=36)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"

    def rows(self) -> models.QuerySet[Any]:
        """The row, in the trash, too; empty where it is gone for good."""
        model: Any = KINDS[self.kind].model
        rows: models.QuerySet[Any] = model.with_trashed.filter(pk=self.row_id)
        return rows
