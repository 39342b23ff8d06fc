"""Stretches of Latin letters within a chunk, cut from the Hangul beside them."""

from itertools import pairwise

from ml.pictures.lines.alignment import SYLLABLE, Cell
from ml.pictures.lines.hangul import is_hangul

FIRM = 0.9
FIRM_BESIDE_HANGUL = 0.95
BRACKETS = "()[]"
APART = 9  # px: ink so far away belongs to another character
TALL = 14  # px: higher ink is no punctuation
CLOSING = ".,!?\"')"


def runs_of(cells: list[Cell], text: str) -> list[tuple[int, int]]:
    """(first, last) of the cells of each run, last not included; text: what the Hangul reader made of them."""
    found = []
    for first, last in stretches([cell.is_read for cell in cells]):
        first, last = without_halves(cells, *trimmed(cells, first, last, text))
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
    if cell.has_letter or is_bracket(cell):
        return False
    return not beside.is_read or not cell.glyphs or min(one.probability for one in cell.glyphs) < FIRM


def is_bracket(cell: Cell) -> bool:
    return (
        cell.is_read
        and len(cell.glyphs) == 1
        and cell.glyphs[0].text in BRACKETS
        and cell.glyphs[0].probability >= FIRM_BESIDE_HANGUL
    )


def without_halves(cells: list[Cell], first: int, last: int) -> tuple[int, int]:
    """A letter next to ink that is too narrow for a syllable is its other half: the o of 이."""
    if first < last < len(cells) and is_half(cells, last, 1):
        last = max(n for n in range(first, last) if cells[n].glyphs or n == first)
    if 0 < first < last and is_half(cells, first - 1, -1):
        first = min((n for n in range(first + 1, last) if cells[n].glyphs), default=last)
    return first, last


def is_half(cells: list[Cell], number: int, step: int) -> bool:
    if cells[number].is_read or gap(cells, number - step, number) >= APART:
        return False
    far = number
    while 0 <= far + step < len(cells) and gap(cells, far, far + step) < APART:
        far += step
    part = [cell.ink for cell in cells[min(number, far) : max(number, far) + 1]]
    return part[-1].right - part[0].left < SYLLABLE and any(ink.high >= TALL for ink in part)


def gap(cells: list[Cell], one: int, other: int) -> int:
    return cells[max(one, other)].ink.left - cells[min(one, other)].ink.right
