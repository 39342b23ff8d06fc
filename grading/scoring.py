"""Is an answer right, and what is it worth? Plain values in, points out.

A key is "" (none yet), a text, or a list of texts:

- choice: a text is the one right option; a list is the exact set that must be marked, or with `any_of` any one of it.
- ox: "O" or "X".
- number, digits_grid: compared as numbers, "007" is 7 and "1,5" is 1.5; within `tolerance`; a list = any one of them.
- letter: whatever its case; a list = any one of them.
- open: the value is the points that the teacher gives, or rows of the item's rubric: "a+c".
- joined: the whole text; a list = any one of them.

Nothing marked is 0 points, as is what is not right, unless `marking` says otherwise: {"incorrect": -1, "unmarked": 0,
"accepted": {value: points}}, of which each part may be missing. Where values are accepted, the key has no say. Of
an open item it holds the rubric: {"rubric": [{"mark": "a", "points": 2, "note": "the right formula"}]}.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

Key = str | list[str]
NUMBER = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)")
NO_POINTS = Decimal(0)


def as_number(text: str) -> Decimal | None:
    """The number that was written, None where it is not one."""
    if not NUMBER.fullmatch(text.strip()):
        return None
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None


def has_key(kind: str, key: Key) -> bool:
    """Whether the item can be scored; an item without a key counts for nothing until it has one."""
    return kind == "open" or bool(key)


def points_for(
    *,
    kind: str,
    value: str,
    key: Key,
    points: Decimal,
    any_of: bool = False,
    tolerance: Decimal = NO_POINTS,
    marking: Mapping[str, Any] | None = None,
) -> Decimal:
    """All of the item's points or none, or what `marking` says; of an open item what was given, at most the item's."""
    if not has_key(kind, key):
        return NO_POINTS
    marking = marking or {}
    if kind == "open":
        return min(max(given_points(value, marking.get("rubric", [])), NO_POINTS), points)
    if not value:
        return as_points(marking.get("unmarked", 0))
    if accepted := marking.get("accepted"):
        return as_points(accepted.get(value, marking.get("incorrect", 0)))
    return points if is_right(kind, value, key, any_of, tolerance) else as_points(marking.get("incorrect", 0))


def given_points(value: str, rubric: Sequence[Mapping[str, Any]]) -> Decimal:
    """What a person gave: a number, or the sum of the rows of the rubric that are named."""
    if (number := as_number(value)) is not None:
        return number
    worth = {row["mark"]: as_points(row["points"]) for row in rubric}
    return sum((worth.get(mark, NO_POINTS) for mark in value.split("+")), NO_POINTS)


def as_points(value: float | str) -> Decimal:
    """As rows have them."""
    return Decimal(str(value)).quantize(Decimal("0.01"))


def is_right(kind: str, value: str, key: Key, any_of: bool = False, tolerance: Decimal = NO_POINTS) -> bool:
    keys = key if isinstance(key, list) else [key]
    if kind == "choice":
        marked = value.split(",")
        return marked in [[option] for option in keys] if any_of else sorted(marked) == sorted(keys)
    if kind in ("number", "digits_grid"):
        return any(is_close(value, right, tolerance) for right in keys)
    return value.upper() in [right.upper() for right in keys]


def is_close(value: str, key: str, tolerance: Decimal) -> bool:
    written, right = as_number(value), as_number(key)
    return written is not None and right is not None and abs(written - right) <= tolerance
