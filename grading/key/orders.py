"""Versions that ask the same items in another order, with their options in another order, too: order maps.

A map says of each place of a version which item of the first version is asked there, and which of its options stands
at each of the printed ones. The key is given once, for the first version. What a place asks is worked out when the
exam is saved, and kept with the item that is printed there (`Item.shuffled`), so that scoring looks nowhere else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grading.models import Item, ItemKind
from grading.scoring import Key

LONGEST = 100_000  # characters of a typed or uploaded map
Place = list[Any]  # [number of the item, its options in the printed order; empty: as they are]
Order = dict[str, Place]  # by the number of the place
Orders = dict[str, Order]  # by version
IN_ORDER = re.compile(r"(\d{1,2})\s*[:：]\s*(\d[\d\s,;]*)", re.ASCII)  # 2: 7 4 1
Places = Mapping[tuple[int, int], tuple[Item, Mapping[str, str]]]
SAME = ("kind", "digits")  # and as many options: it is printed alike


def read_orders(text: str, items: Sequence[Item], versions: int) -> Orders:
    """From lines "version, place, item, options", or "2: 7 4 1" for the items of version 2 in order. Raises
    ValidationError with a sentence for each line that is wrong."""
    by_number = {item.number: item for item in items}
    orders: Orders = {}
    sentences: list[str] = []
    for line_number, line in enumerate(text.splitlines(), start=1):
        try:
            for version, place, number, options in places_in(line, items):
                put_place(orders, by_number, versions, version, place, number, options)
        except ValidationError as error:
            words = {"line": line_number, "sentence": error.messages[0]}
            sentences.append(_("Line %(line)s: %(sentence)s") % words)
    if sentences:
        raise ValidationError(sentences[:10])
    return orders


def places_in(line: str, items: Sequence[Item]) -> list[tuple[int, int, int, str]]:
    """(version, place, item, options) of a line; none of an empty one, or of a header."""
    if not re.search(r"\d", line):
        return []
    if found := IN_ORDER.fullmatch(line.strip()):
        numbers = [int(text) for text in re.findall(r"\d{1,4}", found[2], re.ASCII)]
        if len(numbers) != len(items):
            words = {"given": len(numbers), "wanted": len(items)}
            raise ValidationError(_("these are %(given)s numbers for %(wanted)s items.") % words)
        places = zip((item.number for item in items), numbers, strict=True)
        return [(int(found[1]), place, number, "") for place, number in places]
    sign = next((one for one in "\t;," if one in line), ",")
    cells = [cell.strip() for cell in line.split(sign, 3)]
    if len(cells) < 3 or not all(re.fullmatch(r"\d{1,4}", cell, re.ASCII) for cell in cells[:3]):
        raise ValidationError(_("write version, place, item and its options: 2, 1, 7, 3 1 2 5 4."))
    version, place, number = map(int, cells[:3])
    return [(version, place, number, cells[3] if len(cells) > 3 else "")]


def put_place(
    orders: Orders,
    items: Mapping[int, Item],
    versions: int,
    version: int,
    place: int,
    number: int,
    options: str | Sequence[str],
) -> None:
    if not 2 <= version <= versions:
        raise ValidationError(_("the exam has versions 2 to %(last)s.") % {"last": versions})
    for one in (place, number):
        if one not in items:
            raise ValidationError(_("there is no item %(number)s.") % {"number": one})
    order = orders.setdefault(str(version), {})
    if str(place) in order:
        raise ValidationError(_("place %(place)s is there twice.") % {"place": place})
    order[str(place)] = [number, options_from(options, items[number].options)]


def options_from(given: str | Sequence[str], labels: Sequence[str]) -> list[str]:
    """3 1 2 5 4, 3/1/2/5/4, 31254, or a list."""
    text = given if isinstance(given, str) else " ".join(given)
    parts = [part for part in re.split(r"[\s/,;]+", given) if part] if isinstance(given, str) else [*given]
    if len(parts) == 1 and len(parts[0]) == len(labels):
        parts = list(parts[0])
    if parts and sorted(parts) != sorted(labels):
        words = {"options": text[:40], "labels": " ".join(labels)}
        raise ValidationError(_("“%(options)s” is not %(labels)s in another order.") % words)
    return [] if parts == list(labels) else parts


def orders_from(places: Iterable[Mapping[str, Any]], items: Sequence[Item], versions: int) -> Orders:
    """From {"version", "place", "item", "options"} each. Raises ValidationError."""
    by_number = {item.number: item for item in items}
    orders: Orders = {}
    for one in places:
        where = (one["version"], one["place"], one["item"])
        put_place(orders, by_number, versions, *where, one.get("options") or [])
    return orders


def as_places(orders: Orders) -> list[dict[str, Any]]:
    """As programs have it, in order."""
    return sorted(
        (
            {"version": int(version), "place": int(place), "item": number, "options": options}
            for version, order in orders.items()
            for place, (number, options) in order.items()
        ),
        key=lambda one: (one["version"], one["place"]),
    )


def as_text(orders: Orders) -> str:
    """As it is typed: a line a place."""
    lines = (
        [one["version"], one["place"], one["item"], " ".join(one["options"])] for one in as_places(orders)
    )
    return "\n".join(", ".join(str(cell) for cell in line if cell != "") for line in lines)


def shuffle(rows: Sequence[Item], orders: Orders, versions: int) -> None:
    """Work out what each place asks in each version, on rows that are not saved. Raises ValidationError where a map
    does not fit these items."""
    sentences: list[str] = []
    for row in rows:
        row.shuffled = [None] * versions if orders else []
    for version, order in orders.items():
        try:
            shuffle_version(rows, order, int(version))
        except ValidationError as error:
            words = {"version": version, "sentence": error.messages[0]}
            sentences.append(_("Order of version %(version)s: %(sentence)s") % words)
    if sentences:
        raise ValidationError(sentences)
    if len(orders) == versions - 1:  # of no other version there is a key
        for row in rows:
            row.answer, row.answers = row.key(1), []


def shuffle_version(rows: Sequence[Item], order: Order, version: int) -> None:
    by_number = {row.number: row for row in rows}
    asked = {row.number: order.get(str(row.number), [row.number, []]) for row in rows}
    numbers = [number for number, _options in asked.values()]
    if missing := sorted(set(by_number) - set(numbers)):
        raise ValidationError(_("item %(number)s is nowhere.") % {"number": missing[0]})
    if set(numbers) - set(by_number) or set(order) - {str(number) for number in by_number}:
        raise ValidationError(_("it names items that are not there."))
    for row in rows:
        number, options = asked[row.number]
        row.shuffled[version - 1] = asked_at(row, by_number[number], options)


def asked_at(place: Item, item: Item, options: Sequence[str]) -> dict[str, Any]:
    """What stands where `place` is printed. Raises ValidationError where the sheet has no room for it there."""
    is_alike = all(getattr(place, name) == getattr(item, name) for name in SAME)
    if not is_alike or len(place.options) != len(item.options):
        words = {"number": item.number, "place": place.number}
        raise ValidationError(_("item %(number)s is not answered as place %(place)s is.") % words)
    if place.kind == ItemKind.OPEN and place.number != item.number:  # their rubrics are one for all versions
        raise ValidationError(_("the written item %(number)s stays at its place.") % {"number": item.number})
    shown = options or item.options
    if sorted(shown) != sorted(item.options):
        raise ValidationError(_("item %(number)s has other options now.") % {"number": item.number})
    labels = dict(zip(place.options, shown, strict=True))  # printed → the item's own
    printed = {own: label for label, own in labels.items()}
    weights = item.marking.get("weights", {})
    moved = {"weights": {printed.get(own, own): points for own, points in weights.items()}} if weights else {}
    return {
        "item": item.number,
        "labels": labels if item.kind == ItemKind.CHOICE else {},
        "answer": relabelled(item.key(1), printed),
        "any_of": item.any_of,
        "points": str(item.points),
        "tolerance": str(item.tolerance),
        "marking": {**item.marking, **moved},
    }


def relabelled(key: Key, labels: Mapping[str, str]) -> Key:
    if isinstance(key, list):
        return [labels.get(one, one) for one in key]
    return labels.get(key, key)


def as_asked(value: str, labels: Mapping[str, str], options: Sequence[str]) -> str:
    """What was marked, by the item's own options in their order."""
    if not labels or not value:
        return value
    own = {labels.get(one, one) for one in value.split(",")}
    return ",".join(option for option in options if option in own)


def places_of(items: Iterable[Item]) -> Places:
    """(version, number of an item) → where it is printed, and what the printed options stand for; only of versions
    with a map."""
    return {
        (version, asked["item"]): (item, asked["labels"])
        for item in items
        for version, asked in enumerate(item.shuffled, start=1)
        if asked
    }
