"""What is written beside the rows of bubbles: a number next to its item, outside every bubble, is an answer, too.

Ink there that is not printed has the size of a written digit. On sheets of our own the print is known and left out, but
for letters, which are smaller. On those of others, what several rows of a block have at the same place is print.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey

from .boxes import LABEL, PITCH, Box, Field, Page
from .rectification import downscale

SCALE = 4  # px per mm, of the page that is looked at here
REACH = 14.0  # mm from a row's first and last bubble
AROUND = 1.0  # mm around a bubble that still belong to it
DIGIT = 2.3  # mm of an item's printed number
LINE = 0.5  # mm to each side of a printed line
INK = 175  # of an evened page, whose paper is 245: pencil is darker, what shines through is lighter
LOWEST, HIGHEST, WIDEST = 3.0, 9.5, 14.0  # mm of what may be a written digit, or several
LEAST_INK = 0.8  # mm²
THIN = 0.4  # mm that a written 1 is wide at least: the rest of a line
FEWEST_ROWS = 4  # of a block, that say what is printed beside them
DIRTY = 0.1  # of all places beside rows that are dark: nothing can be told there
TYPICAL = 0.08  # of the other rows, at least one, that have ink where print is
SPREAD = 0.4  # mm that print wanders from row to row
RULED = 0.8  # of a strip's height: a line beside all rows
TALLER = 1.3  # times the letters that stand beside rows: labels of one row alone are as high as the others
BLOT = np.ones((round(1.6 * SCALE),) * 2, np.uint8)  # a stain, a hole, a filled bubble,
AROUND_BLOT = np.ones((round(3.2 * SCALE),) * 2, np.uint8)  # with its edge
ACROSS_LINES = np.ones((1, round(2 * LINE * SCALE) + 3), np.uint8)  # joins what a line parts
LINES = ("column", "heading")
PANELS = ("id", "id_group", "who", "how")


@dataclass(frozen=True)
class Row:
    """The bubbles of an item in one line, and around them where something may be written: boxes in mm."""

    item: int
    line: Box

    @property
    def strips(self) -> tuple[Box, Box]:
        x, y, width, height = self.line
        start = x + width + AROUND
        return (x - AROUND - REACH, y, REACH, height), (start, y, REACH, height)


def rows_of(fields: Iterable[Field], high: float) -> tuple[Row, ...]:
    """Of items whose bubbles stand side by side. high: mm from row to row."""
    by_item: dict[int, list[Box]] = {}
    for field in fields:
        if field.kind == "bubble" and isinstance(field.item, int):
            by_item.setdefault(field.item, []).append(field.box)
    found = []
    for item, boxes in by_item.items():
        x, y, width, height = np.array(boxes).T
        if np.ptp(y) < height.min() / 2 and len(boxes) > 1:
            middle = float((y + height / 2).mean())
            line = float(x.min()), middle - high / 2, float((x + width).max() - x.min()), high
            found.append(Row(item, line))
    return tuple(found)


def written_beside(page: Grey, scale: int, form: Page) -> tuple[int, ...]:
    """The items of a page of our own, evened at `scale` px/mm, that have something beside their rows."""
    rows = rows_on(form)
    if not rows:
        return ()
    dark, free = _dark(page, scale), free_places(form)
    height, width = np.minimum(dark.shape, free.shape)  # of Letter one is a px larger
    ink = cv2.bitwise_and(dark[:height, :width], free[:height, :width])
    return _items_at(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, ACROSS_LINES), rows, LOWEST)


def _dark(page: Grey, scale: int) -> Grey:
    """Where a page at `scale` px/mm has ink, 255 there, at SCALE; without what is broader than any pen."""
    dark = cv2.threshold(downscale(page, scale // SCALE), INK, 255, cv2.THRESH_BINARY_INV)[1]
    return cv2.subtract(dark, cv2.dilate(cv2.erode(dark, BLOT), AROUND_BLOT))


def written_beside_alike(
    page: Grey, scale: int, fields: Iterable[Field], blocks: Sequence[Sequence[Field]]
) -> tuple[int, ...]:
    """The same of a page whose print is not known. fields: all that are read there; blocks: those of them whose rows
    are printed alike."""
    dark = _dark(page, scale)
    boxes = np.array([field.box for field in fields]).reshape(-1, 4)
    low, high = boxes[:, :2] - AROUND, boxes[:, :2] + boxes[:, 2:] + AROUND
    sides = np.round(np.maximum(np.hstack([low, high]), 0) * SCALE).astype(int)
    for left, top, right, bottom in sides.tolist():
        dark[top:bottom, left:right] = 0
    return tuple(item for block in blocks for item in _unlike_others(dark, rows_of(block, _pitch(block))))


def _pitch(fields: Sequence[Field]) -> float:
    """mm from row to row."""
    middles = np.sort([field.box[1] + field.box[3] / 2 for field in fields])
    steps = np.diff(middles)
    return float(np.median(steps[steps > AROUND])) if (steps > AROUND).any() else 0.0


def _unlike_others(dark: Grey, rows: Sequence[Row]) -> set[int]:
    """The items of a block whose rows have beside them what the others have not."""
    if len(rows) < FEWEST_ROWS:
        return set()
    found: set[int] = set()
    for side in range(2):
        boxes = [row.strips[side] for row in rows]
        strips = np.stack([_cut(dark, box) for box in boxes])
        printed = _print_in(strips)
        own = strips & ~printed
        if cv2.countNonZero(own.reshape(-1, own.shape[2])) < LEAST_INK * SCALE**2:
            continue
        pen = np.zeros_like(dark)
        for box, written in zip(boxes, own, strict=True):
            _paste(pen, box, written)
        found |= set(_items_at(pen, rows, max(LOWEST, TALLER * _letters(strips & printed))))
    return found


def _cut(picture: Grey, box: Box) -> Grey:
    """All boxes of one size alike; nothing where the page ends."""
    x, y, width, height = (round(side * SCALE) for side in box)
    part = picture[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)]
    if part.shape == (height, width):
        return part
    cut = np.zeros((height, width), np.uint8)
    cut[max(-y, 0) :, max(-x, 0) :][: part.shape[0], : part.shape[1]] = part
    return cut


def _paste(picture: Grey, box: Box, cut: Grey) -> None:
    x, y, width, height = (round(side * SCALE) for side in box)
    part = picture[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)]
    part |= cut[max(-y, 0) :, max(-x, 0) :][: part.shape[0], : part.shape[1]]


def _print_in(strips: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Where, in each strip (n, h, w), other rows have ink, too: 255 there."""
    reach = round(SPREAD * SCALE)
    apart = np.pad(strips, ((0, 0), (reach, reach), (0, 0)))  # all at once, and none reaches another
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    grown = cv2.dilate(apart.reshape(-1, apart.shape[2]), kernel).reshape(apart.shape)
    spread = grown[:, reach : -reach or None] > 0
    counts = spread.sum(axis=0, dtype=np.int16)
    least = max(1, TYPICAL * (len(strips) - 1))
    return np.where(counts - spread >= least, 255, 0).astype(np.uint8)


def _letters(printed: NDArray[np.uint8]) -> float:
    """mm that letters are high which stand beside rows; lines from row to row are none."""
    seen: NDArray[np.bool_] = np.asarray(printed.any(axis=0))
    high = seen.shape[0] - seen.argmax(axis=0) - seen[::-1].argmax(axis=0)
    high = high[seen.any(axis=0) & (high < RULED * seen.shape[0])]
    return float(high.max(initial=0)) / SCALE


@lru_cache(maxsize=32)
def rows_on(form: Page) -> tuple[Row, ...]:
    """Those of a page of our own."""
    return rows_of(form.fields, PITCH)


@lru_cache(maxsize=32)
def free_places(form: Page) -> Grey:
    """Where only a pen leaves ink, 255 there, at SCALE: beside the rows, without printed lines and all that is read."""
    rows = rows_on(form)
    free = np.zeros((round(form.height * SCALE), round(form.width * SCALE)), np.uint8)
    for row in rows:
        for strip in row.strips:
            _fill(free, strip, 255)
    for field in form.fields:
        _fill(free, field.box, 0, AROUND)
    for frame in form.frames:
        if frame.role == "item":  # its number and points
            x, y, _width, height = frame.box
            wide = DIGIT * len(str(frame.first))
            _fill(free, (x + (LABEL - wide) / 2, y + height / 2 - 2.2, wide, 5.6), 0)
        elif frame.role in PANELS:
            _fill(free, frame.box, 0, LINE)
        elif frame.role in LINES:
            x, y, width, height = frame.box
            for line in (
                (x, y, width, 0),
                (x, y + height, width, 0),
                (x, y, 0, height),
                (x + width, y, 0, height),
            ):
                _fill(free, line, 0, LINE)
    return free


def _fill(picture: Grey, box: Box, level: int, margin: float = 0.0) -> None:
    x, y, width, height = box
    left, top = (round(max(side - margin, 0) * SCALE) for side in (x, y))
    right, bottom = (round(max(side + margin, 0) * SCALE) for side in (x + width, y + height))
    picture[top:bottom, left:right] = level


def _items_at(ink: Grey, rows: Sequence[Row], lowest: float) -> tuple[int, ...]:
    """The items beside whose rows is something of a written digit's size; ink: 255 where there is some, at SCALE."""
    strips = sum(width * height for row in rows for _x, _y, width, height in row.strips)
    if not LEAST_INK <= cv2.countNonZero(ink) / SCALE**2 < DIRTY * strips:
        return ()
    x, y, width, height = cv2.boundingRect(ink)  # few pages have ink all over, and the rest costs time
    count, _labels, stats, middles = cv2.connectedComponentsWithStats(
        ink[y : y + height, x : x + width], connectivity=8, ltype=cv2.CV_16U
    )
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / SCALE, stats[:, cv2.CC_STAT_HEIGHT] / SCALE
    area = stats[:, cv2.CC_STAT_AREA] / SCALE**2
    is_sized = (high >= lowest) & (high <= HIGHEST) & (wide >= THIN) & (wide <= WIDEST)
    is_written = is_sized & (area >= LEAST_INK)
    places = [(middles[one] + (x, y)) / SCALE for one in range(1, count) if is_written[one]]
    return tuple(
        row.item for row in rows if any(_holds(strip, place) for strip in row.strips for place in places)
    )


def _holds(box: Box, place: NDArray[np.float64]) -> bool:
    x, y, width, height = box
    return bool(x <= place[0] < x + width and y <= place[1] < y + height)
