"""Is an answer right, and what is it worth? Plain values in, points out: all that is ever scored is scored here.

A key is "" (none yet), a text, or a list of texts:

- choice: a text is the one right option; a list is the exact set that must be marked, or with `any_of` any one of it.
- ox: "O" or "X".
- number, digits_grid: compared as numbers, "007" is 7, "1,5" is 1.5, "1/2" is 0.5; within `tolerance`; a list = any
  one of them.
- letter: whatever its case; a list = any one of them.
- open: the value is the points that the teacher gives, or rows of the item's rubric: "a+c".
- joined: the whole text; a list = any one of them.

What is right is worth all of the item's points, all else 0, unless `marking`, the item's rule, says otherwise. Each
part of it may be missing:

- "incorrect", "unmarked": what a wrong answer and none are worth, below 0 as well; never more than the item.
- "partial": of several options that must be marked, "each" that is right is worth its share; "right_minus_wrong": each
  that is wrong takes away as much, down to "least" (0).
- "weights": {option: points}: what options are worth where the answer is not right; those of several are added, down
  to "least".
- "accepted": {value: points}, of templates: where values are accepted, the key has no say.
- "counts": "for_everyone": its points are everybody's, whatever they answered; "left_out": it counts for nothing;
  "bonus": its points are not among those that can be reached.

Of an open item the rule holds the rubric: {"rubric": [{"mark": "a", "points": 2, "note": "the right formula"}]}.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Key = str | list[str]
NUMBER = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)")
FRACTION = re.compile(r"-?\d{1,12}/\d{1,12}", re.ASCII)
NO_POINTS = Decimal(0)
EACH, RIGHT_MINUS_WRONG = "each", "right_minus_wrong"
FOR_EVERYONE, LEFT_OUT, BONUS = "for_everyone", "left_out", "bonus"


def as_number(text: str) -> Decimal | None:
    """The number that was written, None where it is not one."""
    if not NUMBER.fullmatch(text.strip()):
        return None
    try:
        return Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None


def as_quantity(text: str) -> Fraction | None:
    """The number that was written, or the fraction."""
    if FRACTION.fullmatch(text.strip()):
        over, under = text.strip().split("/")
        return Fraction(int(over), int(under)) if int(under) else None
    number = as_number(text)
    return None if number is None else Fraction(number)


def has_key(kind: str, key: Key) -> bool:
    """Whether the item can be scored; an item without a key counts for nothing until it has one."""
    return kind == "open" or bool(key)


def most_for(*, kind: str, key: Key, points: Decimal, marking: Mapping[str, Any] | None = None) -> Decimal:
    """What the item adds to the points that can be reached."""
    counts = (marking or {}).get("counts", "")
    if counts in (LEFT_OUT, BONUS):
        return NO_POINTS
    return points if counts == FOR_EVERYONE or has_key(kind, key) else NO_POINTS


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
    """What an answer is worth; of an open item what was given, at most the item's."""
    marking = marking or {}
    if (counts := marking.get("counts", "")) == FOR_EVERYONE:
        return points
    if counts == LEFT_OUT or not has_key(kind, key):
        return NO_POINTS
    if kind == "open":
        return min(max(given_points(value, marking.get("rubric", [])), NO_POINTS), points)
    if not value:
        return min(as_points(marking.get("unmarked", 0)), points)
    if accepted := marking.get("accepted"):
        return as_points(accepted.get(value, marking.get("incorrect", 0)))
    if is_right(kind, value, key, any_of, tolerance):
        return points
    wanted = key if kind == "choice" and isinstance(key, list) and not any_of else []
    return points_in_part(value.split(","), wanted, points, marking)


def given_points(value: str, rubric: Sequence[Mapping[str, Any]]) -> Decimal:
    """What a person gave: a number, or the sum of the rows of the rubric that are named."""
    if (number := as_number(value)) is not None:
        return number
    worth = {row["mark"]: as_points(row["points"]) for row in rubric}
    return sum((worth.get(mark, NO_POINTS) for mark in value.split("+")), NO_POINTS)


def points_in_part(
    marked: Sequence[str], wanted: Sequence[str], points: Decimal, marking: Mapping[str, Any]
) -> Decimal:
    """Of an answer that is not right. wanted: the options that must all be marked, none where one is the answer."""
    weights, incorrect = marking.get("weights", {}), min(as_points(marking.get("incorrect", 0)), points)
    if any(option in weights for option in marked) and (wanted or len(marked) == 1):
        worth = sum((as_points(weights.get(option, 0)) for option in marked), NO_POINTS)
        return bounded(worth, as_points(marking.get("least", worth)), points)
    right = len(set(marked) & set(wanted))
    if not right or "partial" not in marking:
        return incorrect
    lost = len(set(marked) - set(wanted)) if marking["partial"] == RIGHT_MINUS_WRONG else 0
    return bounded(points * (right - lost) / len(wanted), as_points(marking.get("least", 0)), points)


def bounded(worth: Decimal, least: Decimal, most: Decimal) -> Decimal:
    return as_points(min(max(worth, least), most))


def as_points(value: float | str | Decimal) -> Decimal:
    """As rows have them."""
    return Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def total_of(points: Decimal, *, step: str = "", is_never_negative: bool = False) -> Decimal:
    """The score of a paper whose answers are worth so much together; step: to the multiples of which it is rounded,
    halves upwards."""
    if is_never_negative:
        points = max(points, NO_POINTS)
    if step:
        points = (points / Decimal(step)).quantize(Decimal(1), ROUND_HALF_UP) * Decimal(step)
    return as_points(points)


def is_right(kind: str, value: str, key: Key, any_of: bool = False, tolerance: Decimal = NO_POINTS) -> bool:
    keys = key if isinstance(key, list) else [key]
    if kind == "choice":
        marked = value.split(",")
        return marked in [[option] for option in keys] if any_of else sorted(marked) == sorted(keys)
    if kind in ("number", "digits_grid"):
        return any(is_close(value, right, tolerance) for right in keys)
    return value.upper() in [right.upper() for right in keys]


def is_close(value: str, key: str, tolerance: Decimal) -> bool:
    written, right = as_quantity(value), as_quantity(key)
    return written is not None and right is not None and abs(written - right) <= Fraction(tolerance)
