"""What a report is made of, from top to bottom: figures, a histogram, tables, a square code. Each knows how high it is
and draws itself; where a table does not fit, it goes on on the next page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self

import segno

from grading.sheet.boxes import Box
from grading.sheet.pen import PdfPen

GAP = 3.0  # mm between columns of a table, and below blocks
HEADING, HEADER, ROW = 8.0, 5.4, 5.2
RULE_GREY, TINT, SOFT = 0.65, 0.93, 0.35
FIGURES_HEIGHT, BARS_HEIGHT = 14.0, 34.0
FEWEST_ROWS = 3  # of a table below its heading; with fewer it begins on the next page
CODE_SIDE = 24.0
QUIET = 4  # modules of white around a square code


class Block(Protocol):
    @property
    def height(self) -> float: ...

    def draw(self, pen: PdfPen, box: Box) -> None: ...

    def split(self, room: float) -> tuple["Block | None", "Block | None"]:
        """What fits in `room` mm, and what is left for the next page."""


@dataclass(frozen=True)
class Whole:
    """Goes to the next page as it is where it does not fit."""

    @property
    def height(self) -> float:
        raise NotImplementedError

    def split(self, room: float) -> tuple[Self | None, Self | None]:
        return (self, None) if self.height <= room else (None, self)


@dataclass(frozen=True)
class Figures(Whole):
    """Names and values, beside each other."""

    pairs: Sequence[tuple[str, str]]

    @property
    def height(self) -> float:
        return FIGURES_HEIGHT + GAP

    def draw(self, pen: PdfPen, box: Box) -> None:
        x, y, width, _height = box
        each = (width + GAP) / max(len(self.pairs), 1)
        for place, (name, value) in enumerate(self.pairs):
            left = x + place * each
            pen.rect((left, y, each - GAP, FIGURES_HEIGHT), stroke=RULE_GREY, line=0.2, radius=1)
            pen.text((left + 1.5, y + 1, each - GAP - 3, 4.5), name, 7.5, grey=SOFT)
            pen.text((left + 1.5, y + 5.5, each - GAP - 3, 7.5), value, 13, bold=True)


@dataclass(frozen=True)
class Note(Whole):
    text: str

    @property
    def height(self) -> float:
        return ROW + GAP / 2

    def draw(self, pen: PdfPen, box: Box) -> None:
        pen.text((box[0], box[1], box[2], ROW), self.text, 8.5, grey=SOFT)


@dataclass(frozen=True)
class Bars(Whole):
    """A histogram: (label, count) of each bar; `place` is the one that is somebody's own."""

    title: str
    bars: Sequence[tuple[str, int]]
    place: int | None = None

    @property
    def height(self) -> float:
        return HEADING + BARS_HEIGHT + GAP

    def draw(self, pen: PdfPen, box: Box) -> None:
        x, y, width, _height = box
        pen.text((x, y, width, HEADING), self.title, 10, bold=True)
        each, most = width / max(len(self.bars), 1), max((count for _label, count in self.bars), default=0)
        bottom, reach = y + HEADING + BARS_HEIGHT - 5, BARS_HEIGHT - 10
        for place, (label, count) in enumerate(self.bars):
            left, tall = x + place * each, reach * count / (most or 1)
            is_own = place == self.place
            pen.rect((left + 1, bottom - tall, each - 2, tall), fill=0.25 if is_own else 0.75)
            pen.text((left, bottom - tall - 4.5, each, 4), str(count), 7.5, align="center", bold=is_own)
            pen.text(
                (left, bottom + 0.5, each, 4.5),
                f"{label} ◀" if is_own else label,
                7,
                align="center",
                bold=is_own,
            )
        pen.line((x, bottom), (x + width, bottom), grey=0.4)


@dataclass(frozen=True)
class Column:
    """weight: its share of the width."""

    title: str
    weight: float
    align: str = "left"


@dataclass(frozen=True)
class Table:
    """Rows under a header, in `across` columns of the page one after the other. `strong`: places of rows that stand
    out."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]
    across: int = 1
    strong: frozenset[int] = frozenset()

    @property
    def deep(self) -> int:
        """Rows of a column."""
        return -(-len(self.rows) // self.across)

    @property
    def top(self) -> float:
        return (HEADING if self.title else 0.0) + HEADER

    @property
    def height(self) -> float:
        return self.top + self.deep * ROW + GAP

    def split(self, room: float) -> tuple["Table | None", "Table | None"]:
        if self.height - GAP <= room:
            return self, None
        deep = int((room - self.top) // ROW)
        if deep < min(FEWEST_ROWS, self.deep):
            return None, self
        return self.part(0, deep * self.across), self.part(deep * self.across, len(self.rows))

    def part(self, first: int, last: int) -> "Table":
        strong = frozenset(place - first for place in self.strong if first <= place < last)
        return replace(self, rows=self.rows[first:last], strong=strong)

    def draw(self, pen: PdfPen, box: Box) -> None:
        x, y, width, _height = box
        if self.title:
            pen.text((x, y, width, HEADING), self.title, 10, bold=True)
            y += HEADING
        each = (width + GAP) / self.across
        for across in range(self.across):
            rows = range(across * self.deep, min((across + 1) * self.deep, len(self.rows)))
            if rows:
                self.draw_column(pen, (x + across * each, y, each - GAP, 0), rows)

    def draw_column(self, pen: PdfPen, box: Box, rows: range) -> None:
        x, y, width, _height = box
        pen.rect((x, y, width, HEADER), fill=TINT)
        self.draw_cells(pen, (x, y, width, HEADER), [column.title for column in self.columns], True, 7.5)
        for line, place in enumerate(rows):
            top = y + HEADER + line * ROW
            self.draw_cells(pen, (x, top, width, ROW), self.rows[place], place in self.strong, 8.5)
            pen.line((x, top + ROW), (x + width, top + ROW), grey=0.85, line=0.1)

    def draw_cells(self, pen: PdfPen, box: Box, texts: Sequence[str], is_bold: bool, size: float) -> None:
        left, y, width, height = box
        total = sum(column.weight for column in self.columns)
        for column, text in zip(self.columns, texts, strict=True):
            wide = width * column.weight / total
            pen.text((left + 0.7, y, wide - 1.4, height), text, size, bold=is_bold, align=column.align)
            left += wide


@dataclass(frozen=True)
class Code(Whole):
    """A link as a square code, beside what it is for."""

    link: str
    text: str

    @property
    def height(self) -> float:
        return CODE_SIDE + GAP

    def draw(self, pen: PdfPen, box: Box) -> None:
        x, y, width, _height = box
        matrix = [bytes(row) for row in segno.make(self.link, error="m", micro=False).matrix]
        side = CODE_SIDE / (len(matrix) + 2 * QUIET)
        pen.blocks(
            (x + (QUIET + column) * side, y + (QUIET + row) * side, side, side)
            for row, modules in enumerate(matrix)
            for column, is_black in enumerate(modules)
            if is_black
        )
        left = x + CODE_SIDE + GAP
        pen.text((left, y + CODE_SIDE / 2 - 3, width - CODE_SIDE - GAP, 6), self.text, 9)
