"""When an order will be done. People are served in turn: what counts is what each of the others has left."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet

from generator.models import Order
from jobs.models import OPEN, Status

LATEST = 20  # orders of a network from which its speed is known


@dataclass(frozen=True)
class Eta:
    """position: how many orders are served before this one or in turn with it, 0 where there is none; seconds: until
    the last face is drawn, None where the network's speed is not known yet."""

    position: int
    seconds: float | None


def eta_of(order: Order) -> Eta:
    """Of an order that has not ended."""
    before = [other for other in open_orders() if other.pk != order.pk and is_before(other, order)]
    pace = seconds_a_face(order)
    if pace is None:
        return Eta(len(before), None)
    left: Counter[int] = Counter()
    for other in before:
        left[other.owner_id] += other.left
    own = left.pop(order.owner_id, 0) + max(order.count - order.faces.count(), 0)
    return Eta(len(before), pace * (own + sum(min(others, own) for others in left.values())))


def open_orders() -> QuerySet[Any]:
    """Each with `left`, the faces that are still to be drawn."""
    return Order.objects.filter(job__status__in=OPEN).defer("code").annotate(left=F("count") - Count("faces"))


def is_before(other: Order, order: Order) -> bool:
    """One's own orders are served one after the other, those of others in turn with them."""
    return other.owner_id != order.owner_id or other.created_at < order.created_at


def seconds_a_face(order: Order) -> float | None:
    """Of the latest orders that the same network drew here."""
    ended = Order.objects.filter(model=order.model_id, job__status=Status.DONE, seconds__gt=0)
    latest = list(ended.order_by("-created_at").values_list("seconds", "count")[:LATEST])
    return sum(seconds for seconds, _count in latest) / sum(count for _s, count in latest) if latest else None
