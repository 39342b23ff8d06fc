"""Runs of items that look alike, and the boxes of one item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby

from grading.sheet.boxes import (
    BOX,
    BOX_PITCH,
    BOX_ROW,
    FIVE_GAP,
    GRID_BOX,
    GRID_LABEL,
    HEADING,
    LABEL,
    PAD,
    PITCH,
    Field,
    box_at,
    bubble,
    bubble_column,
)
from grading.sheet.spec import ItemSpec

BUBBLES = ("choice", "ox")
SHORT = 3  # runs shorter than this do not get a heading of their own


@dataclass(frozen=True)
class Section:
    """Items that stand below one heading, in columns of equal width."""

    items: tuple[ItemSpec, ...]

    @cached_property
    def kind(self) -> str:
        """Choice and ox may be mixed, as choice; all other sections hold one kind."""
        kinds = {item.kind for item in self.items}
        return "choice" if "choice" in kinds else min(kinds)

    @cached_property
    def is_bubble_rows(self) -> bool:
        return self.kind in BUBBLES

    @cached_property
    def label(self) -> float:
        """Width left of an item's boxes for its number, in mm; a digits_grid has its number above."""
        return 0.0 if self.kind == "digits_grid" else LABEL

    @cached_property
    def content(self) -> float:
        """Width of an item's boxes, in mm."""
        if self.is_bubble_rows:
            return PITCH * max(len(options_of(item)) for item in self.items)
        digits = 1 if self.kind == "letter" else max(item.digits for item in self.items)
        return digits * (PITCH if self.kind == "digits_grid" else BOX_PITCH)

    @cached_property
    def row(self) -> float:
        """Height of one item, in mm."""
        if self.is_bubble_rows:
            return PITCH
        return GRID_LABEL + GRID_BOX + 2.0 + 10 * PITCH if self.kind == "digits_grid" else BOX_ROW

    def offset(self, row: int) -> float:
        """From the top of a column to its row ``row``, in mm."""
        return PAD + row * self.row + (row // 5 * FIVE_GAP if self.is_bubble_rows else 0.0)

    def height(self, rows: int) -> float:
        """Of a column with so many rows, with the heading above it, in mm."""
        return HEADING + self.offset(rows - 1) + self.row + PAD

    def rows_in(self, height: float) -> int:
        """How many rows fit in ``height``; whole fives where there are that many: students count by them."""
        rows = 0
        while self.height(rows + 1) <= height + 1e-6:
            rows += 1
        return rows // 5 * 5 if rows > 5 and self.is_bubble_rows else rows

    def fields(self, item: ItemSpec, x: float, y: float) -> list[Field]:
        """The boxes of ``item``, whose content starts at (x, y)."""
        if self.is_bubble_rows:
            return _bubble_row(item, x, y)
        return _digits_grid(item, x, y) if self.kind == "digits_grid" else _box_row(item, x, y)


def options_of(item: ItemSpec) -> tuple[str, ...]:
    return ("O", "X") if item.kind == "ox" else item.options


def sections(items: Sequence[ItemSpec]) -> Iterator[Section]:
    """Cut ``items`` where their look changes; several short runs of one family in a row share a section."""
    for family, run in groupby(items, key=lambda item: "bubbles" if item.kind in BUBBLES else item.kind):
        alike = [tuple(part) for _, part in groupby(run, key=_look)]
        for is_short, parts in groupby(alike, key=lambda part: len(part) < SHORT):
            if is_short and family != "open":
                yield Section(tuple(chain.from_iterable(parts)))
            else:
                yield from map(Section, parts)


def _look(item: ItemSpec) -> tuple[str, int]:
    by = {"choice": len(item.options), "digits_grid": item.digits, "number": item.digits, "open": item.number}
    return item.kind, by.get(item.kind, 0)


def _bubble_row(item: ItemSpec, x: float, y: float) -> list[Field]:
    options = enumerate(options_of(item))
    return [bubble(item.number, 0, text, x + (i + 0.5) * PITCH, y + PITCH / 2) for i, text in options]


def _box_row(item: ItemSpec, x: float, y: float) -> list[Field]:
    count, kind = (1, "letter") if item.kind == "letter" else (item.digits, "digit")
    x, y = x + (BOX_PITCH - BOX) / 2, y + (BOX_ROW - BOX) / 2
    boxes = [box_at(x + part * BOX_PITCH, y, BOX, BOX) for part in range(count)]
    return [Field(item.number, part, None, kind, box) for part, box in enumerate(boxes)]


def _digits_grid(item: ItemSpec, x: float, y: float) -> list[Field]:
    fields = []
    for part in range(item.digits):
        centre = x + (part + 0.5) * PITCH
        write = box_at(centre - GRID_BOX / 2, y + GRID_LABEL, GRID_BOX, GRID_BOX)
        fields.append(Field(item.number, part, None, "text", write))
        fields += bubble_column(item.number, part, centre, y + GRID_LABEL + GRID_BOX + 2.0)
    return fields
