"""Which ink is which glyph: the Latin reader's glyphs, whose places are good to a few pixels, laid onto the ink."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from ml.pictures.lines.ink import InkSpan
from ml.pictures.lines.latin import Glyph

SYLLABLE = 20  # px: no Hangul syllable is narrower
SKIP, SKIP_WIDE, DROP, SHARE, JOIN = 10.0, 1.0, 20.0, 4.0, 2.0  # px of distance that each is worth
ROOM = 46  # px between the middles of two glyphs: in less there is no Hangul


@dataclass
class Cell:
    """An ink with the glyphs that begin on it; is_read: whether it is surely all of them that is there."""

    ink: InkSpan
    glyphs: list[Glyph] = field(default_factory=list)
    is_read: bool = False

    @property
    def has_letter(self) -> bool:
        return self.is_read and any(glyph.is_latin_only for glyph in self.glyphs)


def cells_of(inks: list[InkSpan], glyphs: list[Glyph]) -> list[Cell]:
    cells = [Cell(ink) for ink in inks]
    for cell, (numbers, begins) in zip(cells, align_glyphs(inks, glyphs), strict=True):
        cell.is_read = bool(numbers) and all(glyphs[number].is_sure for number in numbers)
        cell.glyphs = [glyphs[number] for number in numbers] if begins else []
    give_ink_between(cells, glyphs)
    return cells


def give_ink_between(cells: list[Cell], glyphs: list[Glyph]) -> None:
    """Ink between two glyphs that leave no room for Hangul is a part of them."""
    for left, right in pairwise(glyphs):
        if left.is_sure and right.is_sure and right.x - left.x < ROOM:
            for cell in cells:
                cell.is_read |= not cell.glyphs and left.x <= cell.ink.middle <= right.x


def align_glyphs(inks: list[InkSpan], glyphs: list[Glyph]) -> list[tuple[list[int], bool]]:
    """For each ink its glyphs by number, and whether they begin there: the cheapest monotone alignment.

    A glyph may have several inks (the second joins), an ink several glyphs (they share it), either may have none.
    """
    costs = [[0.0] * (len(inks) + 1) for _ in range(len(glyphs) + 1)]
    steps = [[""] * (len(inks) + 1) for _ in range(len(glyphs) + 1)]
    for row in range(len(glyphs) + 1):
        for column in range(len(inks) + 1):
            if row or column:
                costs[row][column], steps[row][column] = min(moves(costs, inks, glyphs, row, column))
    return trace_back(steps, len(glyphs), len(inks))


def moves(
    costs: list[list[float]], inks: list[InkSpan], glyphs: list[Glyph], row: int, column: int
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


def trace_back(steps: list[list[str]], row: int, column: int) -> list[tuple[list[int], bool]]:
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
