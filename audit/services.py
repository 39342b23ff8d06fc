"""Add to the log, and forget what is older than the site keeps: all that is ever done with it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from audit import titles
from audit.models import NAME_LENGTH, Entry


def record(
    *,
    actor: AbstractBaseUser | None,
    verb: str,
    row: Model,
    owner: AbstractBaseUser | None = None,
    name: str = "",
    **details: Any,
) -> Entry:
    """That `actor` did this to `row`; None is the site by itself. Call within the transaction of what was done.

    owner: whose thing it is, where that is not `row.owner`; name: of the thing, where that is not its own; details:
    whatever JSON can hold.
    """
    owner_pk = owner.pk if owner is not None else getattr(row, "owner_id", None)
    return Entry.objects.create(
        actor_id=actor.pk if actor else None,
        actor_name=name_of(actor)[:NAME_LENGTH],
        verb=verb,
        app_label=row._meta.app_label,
        model=str(row._meta.model_name),
        object_pk=str(row.pk),
        object_name=(name or titles.name_of(row))[:NAME_LENGTH],
        owner_id=owner_pk,
        details=details,
    )


def forget(*, before: datetime) -> int:
    """Entries that are older; answers how many they were."""
    old = Entry.objects.filter(at__lt=before)
    return old._raw_delete(old.db)  # type: ignore[attr-defined]  # delete() is for nobody


def name_of(person: AbstractBaseUser | None) -> str:
    """The full name, else the one that they sign in with; empty of nobody."""
    if person is None:
        return ""
    full_name: str = getattr(person, "get_full_name", str)()
    return full_name or person.get_username()
