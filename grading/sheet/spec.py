"""What a teacher asks for: the items of an exam and the paper they are printed on."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from grading.sheet.boxes import PAPERS

KINDS = ("choice", "ox", "number", "digits_grid", "letter", "open")
# By the network that reads their cells; "joined" is of templates alone
ITEMS_OF = {
    "marks": ("choice", "ox", "digits_grid", "joined"),
    "numerals": ("number",),
    "letters": ("letter",),
}


class LayoutError(ValueError):
    """The exam cannot be laid out; ``code`` says why, ``item`` is the number of the wrong item (or None)."""

    def __init__(self, code: str, sentence: str, item: int | None = None):
        super().__init__(sentence)
        self.code = code
        self.item = item


@dataclass(frozen=True)
class ItemSpec:
    """One item: choice has ``options`` (ox its own), number and digits_grid ``digits``, open ``lines``."""

    number: int
    kind: str
    options: tuple[str, ...] = ()
    digits: int = 3
    points: float = 1
    lines: int = 5

    @property
    def printed(self) -> list[Any]:
        """What its boxes depend on."""
        parts = {
            "choice": list(self.options),
            "open": self.lines,
            "number": self.digits,
            "digits_grid": self.digits,
        }
        return [self.number, self.kind, parts.get(self.kind)]


@dataclass(frozen=True)
class SheetSpec:
    """What a sheet asks for. ``id_groups``, as (label, digits), take the place of ``id_digits``."""

    title: str
    items: tuple[ItemSpec, ...]
    language: str = "ko"
    paper: str = "A4"
    id_digits: int = 8
    id_groups: tuple[tuple[str, int], ...] = ()
    versions: int = 1

    @property
    def id_parts(self) -> tuple[tuple[str, int], ...]:
        """The student number as (label, digits) groups; empty when the sheet has none."""
        if self.id_groups:
            return self.id_groups
        return (("", self.id_digits),) if self.id_digits else ()

    @property
    def bare(self) -> "SheetSpec":
        """With what its boxes depend on alone: the same for sheets that are laid out alike."""
        items = tuple(replace(item, points=1) for item in self.items)
        groups = tuple(("", digits) for _label, digits in self.id_groups)
        return replace(self, title="", language="", versions=1, items=items, id_groups=groups)

    @property
    def key(self) -> str:
        """64 hexadecimal digits that change with what the boxes depend on, not with words or points.

        Stored layouts are found by it: what may change later are the boxes of new exams, not the keys of old ones.
        """
        id_parts = [digits for _, digits in self.id_parts]
        return hexadecimal([self.paper, id_parts, [item.printed for item in self.items]])


def hexadecimal(value: Any) -> str:
    """64 digits that change with this JSON."""
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()


def check_spec(spec: SheetSpec) -> None:
    if spec.paper not in PAPERS:
        raise LayoutError("paper", f"Paper is one of {', '.join(PAPERS)}.")
    if not spec.items:
        raise LayoutError("no_items", "An exam needs at least one item.")
    lengths = [digits for _, digits in spec.id_parts]
    if sum(lengths) > 12 or len(lengths) > 6 or min(lengths, default=1) < 1:
        raise LayoutError("id_digits", "A student number has 1 to 12 digits, in at most 6 groups.")
    seen: set[int] = set()
    for item in spec.items:
        if item.number in seen:
            raise LayoutError("twice", f"Item {item.number} is there twice.", item.number)
        seen.add(item.number)
        _check_item(item)


def _check_item(item: ItemSpec) -> None:
    if item.kind not in KINDS:
        raise LayoutError("kind", f"Item {item.number}: a kind is one of {', '.join(KINDS)}.", item.number)
    if item.kind == "choice" and not 2 <= len(set(item.options)) == len(item.options) <= 10:
        raise LayoutError("options", f"Item {item.number} needs 2 to 10 different options.", item.number)
    if item.kind in ("number", "digits_grid") and not 1 <= item.digits <= 12:
        raise LayoutError("digits", f"Item {item.number} needs 1 to 12 digits.", item.number)
    if item.kind == "open" and not 1 <= item.lines <= 40:
        raise LayoutError("lines", f"Item {item.number} needs 1 to 40 lines.", item.number)
