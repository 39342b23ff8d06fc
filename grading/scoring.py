"""Is an answer right, and what is it worth? Plain values in, points out.

A key is "" (none yet), a text, or a list of texts:

- choice: a text is the one right option; a list is the exact set that must be marked, or with `any_of` any one of it.
- ox: "O" or "X".
- number, digits_grid: compared as numbers, "007" is 7 and "1,5" is 1.5; within `tolerance`; a list = any one of them.
- letter: whatever its case; a list = any one of them.
- open: the value is the points that the teacher gives.

Nothing marked is 0 points.
"""

import re
from decimal import Decimal, InvalidOperation

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
    *, kind: str, value: str, key: Key, points: Decimal, any_of: bool = False, tolerance: Decimal = NO_POINTS
) -> Decimal:
    """All of the item's points or none; of an open item what was given, at most the item's."""
    if not value or not has_key(kind, key):
        return NO_POINTS
    if kind == "open":
        return min(max(as_number(value) or NO_POINTS, NO_POINTS), points)
    return points if is_right(kind, value, key, any_of, tolerance) else NO_POINTS


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
