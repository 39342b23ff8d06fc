"""What was deleted and can still come back.

    Item ──◄ Trashable rows     everything that one deletion hid: an album, its pictures, their job
      └───◄ Item                what had been deleted before from inside of it: listed again when it comes back

A row that is in the trash names its item. `objects` of its model leaves it out, and so do the managers that lead to it
from other rows; `with_trashed` has all. Joins (`Count("examples")`, `filter(exam__owner=…)`) ask neither: they must say
`trashed=None` themselves.
"""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import AnyUser
from siteconfig.services import site_settings

NAME_LENGTH = 200
PERSON = "accounts.user"  # kind of the item of someone who was deleted: its owner is the person


def kept_days() -> timedelta:
    """How long the site keeps what is deleted; it may say something else tomorrow, also for what is there already."""
    return timedelta(days=site_settings().trash_days)


class ItemQuerySet(models.QuerySet["Item"]):
    def of_owner(self, user: AnyUser) -> Self:
        """Their own: not what lies inside of something else that was deleted, and nothing too late."""
        return self.listed().filter(owner=user).exclude(kind=PERSON)

    def for_user(self, user: AnyUser) -> Self:
        """What they can have back: their own, what they deleted of others', and for admins people."""
        deleted = self.listed().filter(by=user).exclude(kind=PERSON)
        return self.endable_by(user) | deleted

    def endable_by(self, user: AnyUser) -> Self:
        """What they can delete for good: not what is others', though these let them delete it."""
        people = self.listed().filter(kind=PERSON)
        return self.of_owner(user) | people if user.is_staff else self.of_owner(user)

    def listed(self) -> Self:
        return self.filter(within=None, is_ending=False, deleted_at__gt=timezone.now() - kept_days())

    def due(self) -> Self:
        is_due = models.Q(is_ending=True) | models.Q(deleted_at__lte=timezone.now() - kept_days())
        return self.filter(is_due, within=None)


class Item(models.Model):
    """One deletion, of one thing or of several of a kind at once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=100)  # "grading.exam", as trash.kinds has them
    name = models.CharField(max_length=NAME_LENGTH, blank=True)  # of the thing, as it was called
    count = models.PositiveIntegerField(default=1)  # things
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    within = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="inside")
    deleted_at = models.DateTimeField(default=timezone.now)
    is_ending = models.BooleanField(default=False)  # the trash was emptied; the clock does the rest
    was_active = models.BooleanField(default=True)  # of a person: could sign in until then

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-deleted_at", "pk"]
        verbose_name, verbose_name_plural = _("thing in the trash"), _("things in the trash")
        indexes = [
            models.Index(fields=["owner", "kind", "-deleted_at"], name="trash_of_owner"),
            models.Index(fields=["deleted_at"], name="trash_due"),
        ]

    def __str__(self) -> str:
        return self.name or self.kind

    @property
    def purge_at(self) -> datetime:
        return self.deleted_at + kept_days()


class KeptManager(models.Manager):
    """Without what is in the trash."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(trashed=None)


class Trashable(models.Model):
    """A row that can lie in the trash. A model's own `objects` is KeptManager.from_queryset(…)()."""

    trashed = models.ForeignKey(
        Item, on_delete=models.RESTRICT, null=True, blank=True, editable=False, related_name="+"
    )

    with_trashed = models.Manager()

    class Meta:
        abstract = True

    @classmethod
    def hide(cls, rows: models.QuerySet, item: Item) -> None:
        """Put those into the trash that are not there yet."""
        rows.filter(trashed=None).update(trashed=item)

    @classmethod
    def show(cls, item: Item) -> None:
        """Take out all that came in with it. Raises ValidationError where something else has taken their place."""
        cls.with_trashed.filter(trashed=item).update(trashed=None)


def trashable_models() -> list[type[Trashable]]:
    return [model for model in apps.get_models() if issubclass(model, Trashable)]
