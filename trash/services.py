"""Delete, have back, delete for good: of all kinds alike. Pages, API and the clock come through here."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from accounts.grants import Right
from accounts.models import User
from audit.models import Verb
from audit.services import record
from trash.kinds import KINDS
from trash.models import NAME_LENGTH, PERSON, Item, Trashable, trashable_models

log = logging.getLogger(__name__)
AT_ONCE = 100  # things that one run deletes for good; the next one comes soon


@transaction.atomic
def delete(*, rows: Sequence[Trashable], by: User | None, name: str = "") -> Item | None:
    """Hide rows of one kind and one owner, and what belongs to them. Undone by `restore`, ended by `purge`.

    name: what they are called together, where they are several. None where others have deleted all of them before.
    """
    if not rows:
        return None
    kind = KINDS[rows[0]._meta.label_lower]
    model = type(rows[0])
    locked = model.with_trashed.select_for_update().filter(pk__in=[row.pk for row in rows], trashed=None)
    left = set(locked.values_list("pk", flat=True))
    there = sorted((row for row in rows if row.pk in left), key=lambda row: row.pk)
    if not there:
        return None
    item = Item.objects.create(
        kind=kind.label,
        name=(name or kind.name(there[0]))[:NAME_LENGTH],
        count=len(there),
        owner=kind.owner(there[0]),
        by=by,
    )
    hide(model.with_trashed.filter(pk__in=left), item)
    for row in there:
        for along in kind.along(row):
            hide(along, item)
    note(Verb.DELETED, item, there, by)
    return item


def hide(rows: QuerySet, item: Item) -> None:
    """What had been deleted before lies inside of this item from now on."""
    before = rows.exclude(trashed=None).exclude(trashed=item).values("trashed")
    Item.objects.filter(pk__in=before, within=None).exclude(pk=item.pk).update(within=item)
    rows.model.hide(rows, item)


@transaction.atomic
def restore(*, item: Item, by: User | None) -> str:
    """As it was; answers where it is shown. What was deleted from inside of it before stays in the trash.

    Raises ValidationError where something else has taken its place, Item.DoesNotExist where it is gone.
    """
    item = Item.objects.select_for_update().get(pk=item.pk)
    kind = KINDS[item.kind]
    rows = kind.rows(item)
    if not rows or not may_restore(item, rows[0], by):
        raise Item.DoesNotExist
    for model in trashable_models():
        model.show(item)
    kind.restored(item, rows)
    note(Verb.RESTORED, item, rows, by)
    Item.objects.filter(within=item).update(within=None)
    item.delete()
    return kind.place(rows)


def may_restore(item: Item, row: Any, by: User | None) -> bool:
    """A colleague who deleted it may as long as they are allowed to; of people administrators may."""
    if by is None or by.pk == item.owner_id or item.kind == PERSON:
        return True
    return hasattr(row, "granted") and row.granted(by) == Right.OWN


@transaction.atomic
def purge(*, item: Item, by: User | None = None) -> None:
    """Delete it for good, with its files and all that is inside of it. Nothing where somebody was faster; by: None is
    the clock."""
    found = Item.objects.select_for_update().filter(pk=item.pk).first()
    if found is None:
        return
    kind = KINDS[found.kind]
    rows = kind.rows(found)
    if rows:
        note(Verb.PURGED, found, rows, by)
    kind.end(rows)
    Item.objects.filter(pk=found.pk).delete()


def note(verb: Verb, item: Item, rows: Sequence[Model], by: User | None) -> None:
    """One line of the log, however many there are."""
    more = {"count": len(rows)} if len(rows) > 1 else {}
    record(actor=by, verb=verb, row=rows[0], name=item.name, owner=item.owner, **more)


@transaction.atomic
def empty(*, owner: User) -> int:
    """All that they can have back is due at once; answers how many that are. The clock does the rest."""
    return Item.objects.of_owner(owner).update(is_ending=True)


def purge_due() -> int:
    """Answers how many. One that fails is tried again by a later run; in any order, so that many of them do not keep
    the others for ever."""
    due = list(Item.objects.due().order_by("?")[:AT_ONCE])
    for item in due:
        try:
            purge(item=item)
        except Exception:  # noqa: BLE001 - whatever it is, it concerns this one alone
            log.exception("%s %s could not be deleted for good.", item.kind, item.pk)
    return len(due)
