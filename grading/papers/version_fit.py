"""Whose key fits best: a paper that says another version than the one that was sat is scored by the wrong key.

What two keys say alike tells nothing. Of the answers that are worth more by one of them, about as many speak for
either where a student guessed; where all but a few speak for the other, McNemar's test (1947) tells it from chance.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from math import sqrt

from grading.models import Item
from grading.scoring import has_key, points_for

# Standard errors by which another version must be ahead: of a hundred students who only guess, one is asked about
AHEAD = 2.5
Worth = Callable[[int, int, str], Decimal | None]


def judge(items: Iterable[Item]) -> Worth:
    """What the value at the place of an item (its key in the database) is worth in a version, worked out once each;
    None where that has no key yet."""
    by_key = {item.pk: item for item in items}

    @cache
    def worth(item: int, version: int, value: str) -> Decimal | None:
        one = by_key[item]
        if not has_key(one.kind, one.key(version)):
            return None
        return points_for(value=value, **one.compared(version), **one.scored(version))

    return worth


def better_version(
    answers: Iterable[tuple[int, str]], version: int, versions: int, worth: Worth
) -> int | None:
    """The version whose key these answers, (item, value) each, fit far better than their own; None where there is
    none."""
    best, ahead = None, AHEAD
    marked = [(item, value) for item, value in answers if value]
    for other in range(1, versions + 1):
        pairs = ((worth(item, other, value), worth(item, version, value)) for item, value in marked)
        known = [one - own for one, own in pairs if one is not None and own is not None]
        more, less = sum(one > 0 for one in known), sum(one < 0 for one in known)
        if more and (found := (more - less) / sqrt(more + less)) >= ahead:
            best, ahead = other, found
    return best
