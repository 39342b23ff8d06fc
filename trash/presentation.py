"""What pages are told of the trash."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from trash.kinds import KINDS, Kind
from trash.models import Item


@dataclass(frozen=True)
class KindCount:
    """How many things of a kind one has in the trash."""

    label: str
    title: str | Promise
    count: int


def counts_of(items: QuerySet[Item]) -> list[KindCount]:
    """In the order in which apps are installed."""
    counts = dict(items.order_by().values_list("kind").annotate(Count("pk")))
    return [
        KindCount(kind.label, kind.title, counts[kind.label])
        for kind in KINDS.values()
        if kind.label in counts
    ]


def with_kinds(items: list[Item]) -> list[tuple[Item, Kind]]:
    return [(item, KINDS[item.kind]) for item in items]


def name_of(item: Item) -> str:
    """Of what has no name, what kind of thing it is."""
    return item.name or str(KINDS[item.kind].title)


def restored_text(item: Item) -> str:
    """That it is back, and how many there were."""
    if item.count == 1:
        return _("“%(name)s” is back, as it was.") % {"name": name_of(item)}
    text = _("“%(name)s”: all %(count)s are back, as they were.")
    return text % {"name": name_of(item), "count": item.count}
