"""What can be deleted. Each app registers its own in its trash.py:

register(
    Kind(
        model=Album,
        title=_("Album"),
        icon="images",
        along=lambda album: [Picture.with_trashed.filter(album=album), Job.with_trashed.filter(album=album)],
        purge=lambda album: services.purge_album(album=album),
    )
)
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User
from audit import titles
from trash.models import Item


def address_of(row: Any) -> str:
    return str(row.get_absolute_url())


def owner_of(row: Any) -> User:
    owner: User = row.owner
    return owner


def trashed_with(item: Item) -> list[Any]:
    model: Any = KINDS[item.kind].model
    return list(model.with_trashed.filter(trashed=item).order_by("pk"))


@dataclass(frozen=True)
class Kind:
    """along: what is hidden with a row, and comes back with it; purge: makes an end of a row and its files, called in a
    transaction; purge_together: of many in one statement, where people delete thousands; url: where it is shown;
    list_url: the name of the page that shows several that were deleted together, where the first's own does not; name:
    what it is called, in no language; owner: whose it is; rows: the things of an item, without what was hidden along;
    restored: what else is done with an item that comes back, and its rows; handed_over: what somebody who is deleted
    did inside of things of others becomes theirs."""

    model: type[Model]
    title: str | Promise
    icon: str
    purge: Callable[[Any], object]
    along: Callable[[Any], Iterable[QuerySet]] = lambda row: ()
    purge_together: Callable[[Sequence[Any]], object] | None = None
    url: Callable[[Any], str] = address_of
    list_url: str = ""
    name: Callable[[Any], str] = str
    owner: Callable[[Any], User] = owner_of
    rows: Callable[[Item], list[Any]] = trashed_with
    restored: Callable[[Item, list[Any]], object] = lambda item, rows: None
    handed_over: Callable[[User], object] = lambda person: None

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def place(self, rows: Sequence[Any]) -> str:
        """Where they are shown."""
        return reverse(self.list_url) if self.list_url and len(rows) > 1 else self.url(rows[0])

    def end(self, rows: Sequence[Any]) -> None:
        """Of all of them, in a transaction."""
        if self.purge_together:
            self.purge_together(rows)
            return
        for row in rows:
            self.purge(row)


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    KINDS[kind.label] = kind
    titles.register(kind.label, kind.title, kind.name)  # for the log
