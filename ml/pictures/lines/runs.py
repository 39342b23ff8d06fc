"""Stretches of Latin letters within a chunk, cut from the Hangul beside them."""

from itertools import pairwise

from ml.pictures.lines.alignment import Cell
from ml.pictures.lines.hangul import is_hangul

FIRM = 0.9
FIRM_BESIDE_HANGUL = 0.95
CLOSING = ".,!?\"')"


def runs_of(cells: list[Cell], text: str) -> list[tuple[int, int]]:
    """(first, last) of the cells of each run, last not included; text: what the Hangul reader made of them."""
    found = []
    for first, last in stretches([cell.is_read for cell in cells]):
        first, last = trimmed(cells, first, last, text)
        if any(cell.has_letter for cell in cells[first:last]):
            found.append((first, last))
    return found


def stretches(flags: list[bool]) -> list[tuple[int, int]]:
    edges = [n for n, (before, after) in enumerate(pairwise([False, *flags, False])) if before != after]
    return list(zip(edges[::2], edges[1::2], strict=True))


def trimmed(cells: list[Cell], first: int, last: int, text: str) -> tuple[int, int]:
    """Without what may be a part of Hangul: at an end that borders on unread ink, or where the text begins or ends
    with Hangul."""
    if first == 0 and is_hangul(text[:1]):
        while first < last and not is_firm(cells[first]):
            first += 1
    if last == len(cells) and is_hangul(text.rstrip(CLOSING)[-1:]):
        while first < last and not is_firm(cells[last - 1]):
            last -= 1
    while 0 < first < last and is_loose(cells[first], cells[first - 1]):
        first += 1
    while first < last < len(cells) and is_loose(cells[last - 1], cells[last]):
        last -= 1
    return first, last


def is_firm(cell: Cell) -> bool:
    return cell.has_letter and all(glyph.probability >= FIRM_BESIDE_HANGUL for glyph in cell.glyphs)


def is_loose(cell: Cell, beside: Cell) -> bool:
    if cell.has_letter:
        return False
    return not beside.is_read or not cell.glyphs or min(glyph.probability for glyph in cell.glyphs) < FIRM
