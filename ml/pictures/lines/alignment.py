"""Which ink is which glyph: the Latin reader's glyphs, whose places are good to a few pixels, laid onto the ink."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ml.pictures.lines.ink import Ink
from ml.pictures.lines.latin import Glyph

SYLLABLE = 20  # px: no Hangul syllable is narrower
SKIP, SKIP_WIDE, DROP, SHARE, JOIN = 10.0, 1.0, 20.0, 4.0, 2.0  # px of distance that each is worth
SMALL = frozenset("acemnorsuvwxz")  # letters without ascender or descender
SMALL_HEIGHT = 1.2  # of their median: what is higher is Hangul that looks like one of them
SMALL_WIDTH = 1.3  # of their median height
ROOM = 1.9  # of their median height: between nearer glyphs there is no room for Hangul
USUAL_HEIGHT = 19  # px
WITHIN_WORD = 40  # px from a sign to the letters on both sides of it


@dataclass
class Cell:
    """An ink with the glyphs that begin on it; is_read: whether it is surely all of them that is there."""

    ink: Ink
    glyphs: list[Glyph] = field(default_factory=list)
    is_read: bool = False

    @property
    def has_letter(self) -> bool:
        return self.is_read and any(glyph.is_latin_only for glyph in self.glyphs)

    @property
    def is_small(self) -> bool:
        return self.is_read and len(self.glyphs) == 1 and self.glyphs[0].text in SMALL


def cells_of(inks: list[Ink], glyphs: list[Glyph]) -> list[Cell]:
    sure = [is_sure(glyphs, number) for number in range(len(glyphs))]
    cells = [Cell(ink) for ink in inks]
    for cell, (numbers, begins) in zip(cells, aligned(inks, glyphs), strict=True):
        cell.is_read = bool(numbers) and all(sure[number] for number in numbers)
        cell.glyphs = [glyphs[number] for number in numbers] if begins else []
    heights = [cell.ink.high for cell in cells if cell.is_small]
    height = float(np.median(heights)) if heights else USUAL_HEIGHT
    take_back_hangul(cells, height)
    give_ink_between(cells, glyphs, sure, ROOM * height)
    return cells


def is_sure(glyphs: list[Glyph], number: int) -> bool:
    """A sign within a word may be less sure than one that stands alone."""
    glyph, beside = glyphs[number], glyphs[max(0, number - 1) : number + 2]
    is_within = len(beside) == 3 and all(
        one is glyph or one.is_latin_only and abs(one.x - glyph.x) < WITHIN_WORD for one in beside
    )
    return glyph.is_sure or is_within and glyph.is_sign


def take_back_hangul(cells: list[Cell], height: float) -> None:
    """Small letters that are too high or too wide to be any."""
    for cell in [cell for cell in cells if cell.is_small]:
        is_wide = cell.ink.wide > SMALL_WIDTH * height and cell.glyphs[0].text not in "mw"
        cell.is_read = not is_wide and cell.ink.high <= SMALL_HEIGHT * height


def give_ink_between(cells: list[Cell], glyphs: list[Glyph], sure: list[bool], room: float) -> None:
    """Ink between two glyphs that leave no room for Hangul is a part of them."""
    for (left, left_sure), (right, right_sure) in pairwise(zip(glyphs, sure, strict=True)):
        if left_sure and right_sure and right.x - left.x < room:
            for cell in cells:
                cell.is_read |= not cell.glyphs and left.x <= cell.ink.middle <= right.x


Costs = list[list[float]]
Steps = list[list[str]]


def aligned(inks: list[Ink], glyphs: list[Glyph]) -> list[tuple[list[int], bool]]:
    """For each ink its glyphs by number, and whether they begin there: the cheapest monotone alignment.

    A glyph may have several inks (the second joins), an ink several glyphs (they share it), either may have none.
    """
    costs: Costs = [[0.0] * (len(inks) + 1) for _ in range(len(glyphs) + 1)]
    steps: Steps = [[""] * (len(inks) + 1) for _ in range(len(glyphs) + 1)]
    for row in range(len(glyphs) + 1):
        for column in range(len(inks) + 1):
            if row or column:
                costs[row][column], steps[row][column] = min(moves(costs, inks, glyphs, row, column))
    return traced(steps, len(glyphs), len(inks))


def moves(
    costs: Costs, inks: list[Ink], glyphs: list[Glyph], row: int, column: int
) -> Iterator[tuple[float, str]]:
    """(cost, name) of each way to have come to the first `row` glyphs on the first `column` inks."""
    if row:
        yield costs[row - 1][column] + DROP, "drop"
    if not column:
        return
    ink = inks[column - 1]
    yield costs[row][column - 1] + (SKIP if ink.wide < SYLLABLE else SKIP_WIDE), "skip"
    if not row:
        return
    glyph = glyphs[row - 1]
    off = max(ink.left - glyph.x, glyph.x - ink.right, 0) + abs(ink.middle - glyph.x) / 10
    yield costs[row - 1][column - 1] + off, "match"
    yield costs[row - 1][column] + off + SHARE, "share"
    if column > 1 and ink.wide < SYLLABLE:
        apart = (ink.left - inks[column - 2].right) / 2 + max(0, ink.left - glyph.x - SHARE)
        yield costs[row][column - 1] + JOIN + apart, "join"


def traced(steps: Steps, row: int, column: int) -> list[tuple[list[int], bool]]:
    found: list[tuple[list[int], bool]] = [([], True) for _ in range(column)]
    while row or column:
        step = steps[row][column]
        if step in ("match", "share"):
            found[column - 1][0].insert(0, row - 1)
        elif step == "join":
            found[column - 1] = ([row - 1], False)
        row -= step in ("match", "share", "drop")
        column -= step in ("match", "skip", "join")
    return found
