"""How well, and where, the printed bubbles of a form show on a page that was placed roughly.

Each block of neighbouring bubbles is compared with a drawing of its outlines by normalised cross-correlation. One
shift for all blocks is settled first, since a single block fits its own neighbour's place almost as well; then each
block gets its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Box, Field, Page
from grading.sheet.decoding import Grey
from grading.sheet.markers import Points

SCALE = 2  # px per mm
FINE = 4
LINE = 0.5  # mm, of a drawn outline: softer than print, so that near sizes fit too
MARGIN = 2.0  # mm of paper around a block that have to be free of outlines
REACH = 0.028  # of the page's long side, that a page placed by its edges may be off
OWN_REACH = 1.5  # mm that a block may be off the others
FAR = 0.12  # what a shift as far as the reach takes off the likeness
BLOCK = 60.0  # mm; larger groups of bubbles are cut up, since paper bends
# Of a printed bubble to its box, which authors draw as they like
SIZES = (0.55, 0.7, 0.85, 1.0, 1.2, 1.4, 1.65)
ROOM = 1.05  # at most, of a printed bubble to the way to the next one


Boxes = Sequence[Box] | NDArray[np.float64]  # (n, 4)


@dataclass(frozen=True)
class GridMatch:
    """`places` (n, 2) mm: middles of the blocks; `shifts` (n, 2) mm: where they were found; `likeness` of each."""

    places: Points
    shifts: Points
    likenesses: NDArray[np.float64]
    likeness: float  # of the page, less what its shift takes off
    is_whole: bool = True  # all blocks were compared


@lru_cache(maxsize=64)
def printed_as(form: Page, size: float) -> Page:
    """The form with boxes of another size, as they may be printed."""
    fields = (replace(field, box=resize_box(field.box, size, size)) for field in form.fields)
    return replace(form, fields=tuple(fields))


def fitting_sizes(form: Page) -> tuple[float, ...]:
    """Those of SIZES with which the form's bubbles do not overlap."""
    centres = centres_of(field.box for field in form.fields)
    away = np.abs(centres[:, None] - centres[None]).max(axis=2)  # squares overlap first
    np.fill_diagonal(away, np.inf)
    room = ROOM * float(away.min()) / max(max(field.box[2:]) for field in form.fields)
    return tuple(size for size in SIZES if size <= room) or SIZES[:1]


def centres_of(boxes: Iterable[Box] | NDArray[np.float64]) -> Points:
    """Middles of boxes, (n, 2)."""
    sides = boxes if isinstance(boxes, np.ndarray) else np.array(list(boxes), np.float64).reshape(-1, 4)
    return sides[:, :2] + sides[:, 2:] / 2


def resize_box(box: Box, wide: float, high: float, off: tuple[float, float] = (0.0, 0.0)) -> Box:
    """A box of another size about the same middle, or `off` (x, y) beside it."""
    x, y, width, height = box
    return (
        x + width * (1 - wide) / 2 + off[0],
        y + height * (1 - high) / 2 + off[1],
        width * wide,
        height * high,
    )


def match_grid(page: Grey, form: Page, most: int | None = None) -> GridMatch:
    """page: uint8 at SCALE, evenly lit, dark on white. most: blocks that are compared, from everywhere."""
    ink = cv2.GaussianBlur(255 - page, (0, 0), 0.6)
    reach = round(REACH * max(form.width, form.height) * SCALE)
    own = round(OWN_REACH * SCALE)
    padded = np.pad(ink, reach + own)
    every = _drawings(form)
    blocks = every[:: -(-len(every) // most)] if most else every
    maps = [_likeness(padded, block, reach + own) for block in blocks]
    weights = np.array([block.weight for block in blocks])
    weights /= weights.sum()
    together = np.sum([weight * map_ for weight, map_ in zip(weights, maps, strict=True)], axis=0)
    y, x = _best(together[own:-own, own:-own], reach)
    peaks = [_own_peak(map_, y, x, own) for map_ in maps]
    shifts = np.array([(px - reach - own, py - reach - own) for _, py, px in peaks]) / SCALE
    likenesses = np.array([likeness for likeness, _, _ in peaks])
    far = np.hypot(y - reach, x - reach) / reach
    likeness = float(weights @ likenesses) - FAR * min(far, 1.0) ** 2
    places = np.array([block.place for block in blocks])
    return GridMatch(places, shifts, likenesses, likeness, len(blocks) == len(every))


def _best(together: NDArray[np.float64], reach: int) -> tuple[int, int]:
    """The highest place of the map, where nearer ones are preferred."""
    y, x = np.ogrid[-reach : reach + 1, -reach : reach + 1]
    nearness = together - FAR * (x**2 + y**2) / reach**2
    top, left = np.unravel_index(int(np.argmax(nearness)), nearness.shape)
    return int(top), int(left)


def _own_peak(map_: NDArray[np.float32], y: int, x: int, own: int) -> tuple[float, int, int]:
    near = map_[y : y + 2 * own + 1, x : x + 2 * own + 1]
    _, likeness, _, (left, top) = cv2.minMaxLoc(near)
    return float(likeness), y + top, x + left


@dataclass(frozen=True, eq=False)
class _Block:
    place: Points  # (2,) mm
    corner: tuple[int, int]  # x, y px on the page
    drawing: Grey  # ink high
    weight: float


def _likeness(padded: Grey, block: _Block, reach: int) -> NDArray[np.float32]:
    """Correlations (2 reach + 1, 2 reach + 1) over all shifts."""
    x, y = block.corner
    height, width = block.drawing.shape
    window = padded[y : y + height + 2 * reach, x : x + width + 2 * reach]
    return np.nan_to_num(
        cv2.matchTemplate(window, block.drawing, cv2.TM_CCOEFF_NORMED), posinf=0.0, neginf=0.0
    )


@lru_cache(maxsize=64)
def _drawings(form: Page) -> tuple[_Block, ...]:
    return tuple(_drawing(group, form) for group in _groups(form.fields))


def _groups(fields: Sequence[Field]) -> list[list[Field]]:
    """Fields that lie together, in squares of at most BLOCK mm."""

    def cell(field: Field) -> tuple[int, int]:
        x, y, width, height = field.box
        return int((y + height / 2) // BLOCK), int((x + width / 2) // BLOCK)

    return [list(group) for _, group in groupby(sorted(fields, key=cell), key=cell)]


def _drawing(group: Sequence[Field], form: Page) -> _Block:
    boxes = np.array([field.box for field in group])
    low = np.maximum(np.floor((boxes[:, :2].min(axis=0) - MARGIN) * SCALE), 0).astype(int)
    high = np.ceil((boxes[:, :2] + boxes[:, 2:]).max(axis=0) + MARGIN).astype(int) * SCALE
    high = np.minimum(high, [round(form.width * SCALE), round(form.height * SCALE)])
    picture = np.zeros(((high[1] - low[1]) * FINE, (high[0] - low[0]) * FINE), np.uint8)
    for field in group:
        x, y, width, height = (np.array(field.box) * SCALE - [*low, 0, 0]) * FINE
        _outline(picture, (x, y, width, height))
    drawing = cv2.resize(picture, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    middle = (boxes[:, :2] + boxes[:, 2:] / 2).mean(axis=0)
    return _Block(middle, (int(low[0]), int(low[1])), drawing, float(len(group)))


def _outline(picture: Grey, box: Box) -> None:
    """Round: what is square is close enough to it."""
    x, y, width, height = box
    centre, axes = (round(x + width / 2), round(y + height / 2)), (round(width / 2), round(height / 2))
    cv2.ellipse(picture, centre, axes, 0, 0, 360, 255, round(LINE * SCALE * FINE), cv2.LINE_AA)
