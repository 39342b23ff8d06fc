"""Who did what to whose thing: rows that are added and never changed."""

from collections.abc import Iterable
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit.titles import TITLES

NAME_LENGTH = 200


class Verb(models.TextChoices):
    OPENED = "opened", _("opened")
    CREATED = "created", _("made")
    CHANGED = "changed", _("changed")
    SHARED = "shared", _("started sharing")
    UNSHARED = "unshared", _("stopped sharing")
    DELETED = "deleted", _("deleted")
    RESTORED = "restored", _("restored")
    PURGED = "purged", _("deleted for good")
    EXPORTED = "exported", _("exported")
    USED = "used", _("used")


class EntryQuerySet(models.QuerySet["Entry"]):
    def of_things_of(self, person: int | None) -> Self:
        return self.filter(owner=person)

    def by_or_of(self, name: str) -> Self:
        """What people of this name did, and what was done to their things."""
        by = models.Q(actor_name__icontains=name) | models.Q(actor__username__icontains=name)
        return self.filter(by | models.Q(owner__username__icontains=name))

    def update(self, **_fields: Any) -> NoReturn:
        raise NotImplementedError("The log is added to, and never changed.")

    def delete(self) -> NoReturn:
        raise NotImplementedError("The log is added to, and never shortened by hand.")

    def bulk_update(self, objs: Iterable[Any], fields: Any, batch_size: int | None = None) -> NoReturn:
        raise NotImplementedError("The log is added to, and never changed.")


class Entry(models.Model):
    """One line of the log. It names people and things in text, too, for it survives both of them."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # None is the site itself, where there is no name
    actor_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    verb = models.CharField(max_length=20, choices=Verb.choices)
    app_label = models.CharField(max_length=100)
    model = models.CharField(max_length=100)
    object_pk = models.CharField(max_length=64)
    object_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )  # whose thing it was
    details = models.JSONField(default=dict)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name, verbose_name_plural = _("entry of the log"), _("entries of the log")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_newest"),
            models.Index(fields=["actor", "-at"], name="audit_of_actor"),
            models.Index(fields=["owner", "-at"], name="audit_of_owner"),
            models.Index(fields=["verb", "-at"], name="audit_of_verb"),
            models.Index(fields=["app_label", "model", "-at"], name="audit_of_kind"),
            models.Index(fields=["app_label", "model", "object_pk"], name="audit_of_object"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name or '–'} {self.verb} {self.app_label}.{self.model} {self.object_name}"

    def save(self, *args: Any, **options: Any) -> None:
        """Raises NotImplementedError where the entry is in the log already."""
        if not self._state.adding:
            raise NotImplementedError("The log is added to, and never changed.")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise NotImplementedError("The log is added to, and never shortened by hand.")

    @property
    def kind(self) -> str:
        return f"{self.app_label}.{self.model}"

    @property
    def kind_title(self) -> str | Promise:
        return TITLES.get(self.kind, self.kind)
