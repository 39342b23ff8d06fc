"""Numbers on displays of seven segments, read by which bars are lit: upside down they would be numbers, too.

Each digit is drawn once more with plain strokes, and that is what the network reads.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture
from ml.writing.framing import framed
from ml.writing.ink import Ink
from ml.writing.pieces import Piece, thickness

# Of a display: top, upper left, upper right, middle, lower left, lower right, bottom. Displays differ in 6, 7 and 9.
SEGMENTS: dict[str, tuple[str, ...]] = {
    "0": ("abcefg",),
    "1": ("cf",),
    "2": ("acdeg",),
    "3": ("acdfg",),
    "4": ("bcdf",),
    "5": ("abdfg",),
    "6": ("abdefg", "bdefg"),
    "7": ("acf", "acf", "abcf"),
    "8": ("abcdefg",),
    "9": ("abcdfg", "abcdf"),
}
ENDS = {  # of each segment: x and y of its ends, in a box 1 wide and 2 high
    "a": ((0, 0), (1, 0)),
    "b": ((0, 0), (0, 1)),
    "c": ((1, 0), (1, 1)),
    "d": ((0, 1), (1, 1)),
    "e": ((0, 1), (0, 2)),
    "f": ((1, 1), (1, 2)),
    "g": ((0, 2), (1, 2)),
}
Box = tuple[int, int, int, int]  # left, top, right, bottom
DIGIT_OF = {frozenset(lit): digit for digit, ways in SEGMENTS.items() for lit in ways}

ROOMY = 2.5  # times as wide as a bar is thick is a digit at least, or there is no ground between them
GAP = 0.45  # of a bar's thickness, between the bars of one digit
LEAST = 24  # px of a digit's height
SLANTS = (0.0, 0.05, 0.1, 0.15, 0.2)  # px across for each px up
USUAL = 0.5  # width of a digit's middle lines by their height, where only ones are seen
NARROWEST, WIDEST = 0.3, 0.85  # of the height is a digit that is not 1
THINNEST, THICKEST = 0.05, 0.28  # of the height is a bar
LIT, UNLIT = 0.75, 0.25  # share of a segment's middle that is ink
MIDDLE = 0.5  # of a segment that is looked at, along and across
EXPLAINED = 0.93  # of the ink at least lies on the bars
SPREAD = 1.5  # times as thick as usual may a bar be for that


@dataclass(frozen=True)
class DisplayDigit:
    """piece: where it stands in the picture, and its ink; frame: (28, 28) uint8, as the network wants it."""

    value: int
    piece: Piece
    frame: Picture


def read_display(ink: Ink) -> list[list[DisplayDigit]]:
    """Rows from top to bottom, each from left to right; none where anything in the picture is no digit of a display."""
    bar = thickness(ink.mask)
    for slant in SLANTS:
        rows = read_rows(upright(ink.mask, slant), bar)
        if any(value != "1" for row in rows for value, _box in row):
            return [[_digit(ink, value, box, slant) for value, box in row] for row in rows]
    return []


def upright(mask: Picture, slant: float) -> Picture:
    """(h, w) sheared so that what leans to the right by `slant` stands; wide enough for all of it."""
    if not slant:
        return mask
    high, wide = mask.shape
    matrix = np.array([[1, slant, 0], [0, 1, 0]], np.float64)
    return cv2.warpAffine(mask, matrix, (wide + round(slant * high), high), flags=cv2.INTER_NEAREST)


def runs(is_ink: NDArray[np.bool_], bar: float) -> list[tuple[int, int]]:
    """First and last + 1 of what lies no farther apart than the bars of one digit."""
    places = np.flatnonzero(is_ink)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > max(GAP * bar, 2))
    first, last = np.r_[places[0], places[breaks + 1]], np.r_[places[breaks], places[-1]] + 1
    return list(zip(first.tolist(), last.tolist(), strict=True))


def read_rows(mask: Picture, bar: float) -> list[list[tuple[str, Box]]]:
    """None where one of them is none; most pictures show so at once."""
    rows = []
    for top, bottom in runs(np.atleast_1d(mask.any(1)), bar):
        row = read_row(mask, top, bottom, bar)
        if not row:
            return []
        rows.append(row)
    return rows


def read_row(mask: Picture, top: int, bottom: int, bar: float) -> list[tuple[str, Box]]:
    """Digits with their boxes; none where one is none."""
    high = bottom - top
    if high < LEAST or not THINNEST * high <= bar <= THICKEST * high:
        return []
    columns = runs(np.atleast_1d(mask[top:bottom].any(0)), bar)
    wide = [right - left for left, right in columns if right - left >= NARROWEST * high]
    width = float(np.median(wide)) if wide else USUAL * high + bar
    if width < ROOMY * bar:
        return []
    found = []
    for left, right in columns:
        is_one = right - left < NARROWEST * high
        own = width if is_one else right - left
        lit = lit_segments(mask[top:bottom, left:right], right - left - own + bar / 2, own - bar, bar)
        digit = DIGIT_OF.get(frozenset(lit or ""))
        if right - left > WIDEST * high or digit is None or is_one != (digit == "1"):
            return []
        found.append((digit, (left, top, right, bottom)))
    return found


def lit_segments(digit: Picture, start: float, width: float, bar: float) -> str | None:
    """digit: (h, w), of its ink alone; start: where its middle lines would begin at the left, width: how far they
    reach. None where a bar is half lit, or ink lies beside all of them."""
    corner = np.array([start, bar / 2])
    size = np.array([width, (digit.shape[0] - bar) / 2])
    lit, explained = "", np.zeros_like(digit)
    for name, ends in ENDS.items():
        first, last = (corner + np.array(end) * size for end in ends)
        share = ink_share(digit, first, last, bar)
        if UNLIT < share < LIT:
            return None
        if share >= LIT:
            lit += name
            explained[around(first, last, SPREAD * bar / 2, SPREAD * bar / 2)] = 1
    ink = digit > 0
    return lit if (ink & (explained > 0)).sum() >= EXPLAINED * ink.sum() else None


def ink_share(digit: Picture, first: NDArray[np.float64], last: NDArray[np.float64], bar: float) -> float:
    """Of the middle of a bar between two points."""
    along = np.abs(last - first) * (MIDDLE - 1) / 2
    across = np.where(last == first, MIDDLE * bar / 2, 0)
    part = digit[around(first, last, *(along + across))]
    return float((part > 0).mean()) if part.size else 0.0


def around(
    first: NDArray[np.float64], last: NDArray[np.float64], wide: float, high: float
) -> tuple[slice, slice]:
    """The rectangle from one point to one below or to the right of it, and px beyond both."""
    (left, top), (right, bottom) = first - (wide, high), last + (wide, high)
    return slice(max(round(top), 0), max(round(bottom) + 1, 0)), slice(
        max(round(left), 0), max(round(right) + 1, 0)
    )


def _digit(ink: Ink, value: str, box: Box, slant: float) -> DisplayDigit:
    left, top, right, bottom = box
    high, wide = ink.mask.shape
    start, end = max(round(left - slant * bottom), 0), min(round(right - slant * top) + 1, wide)
    piece = Piece(start, top, ink.strength[top:bottom, start:end])
    return DisplayDigit(int(value), piece, frame_of_digit(value))


@cache
def frame_of_digit(value: str) -> Picture:
    """As OpenCV's plainest font draws it, which networks of handwriting read surely; corners of bars they do not."""
    canvas = np.zeros((140, 120), np.uint8)
    cv2.putText(canvas, value, (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 3.2, 255, 9, cv2.LINE_AA)
    return framed(canvas)
