"""What a form's bubbles look like in print, how large they are, and how far off their boxes.

Nothing is assumed of their look. Bubbles of a form are printed alike and most are empty, so the median of them is one
typical bubble: marks differ from one to the next and are gone from it. It is what a page is placed by, and the white
around it says how far a bubble reaches.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Page
from grading.sheet.decoding import Grey
from grading.sheet.empty_cells import kinds_of
from grading.sheet.markers import Matrix, Points, transform
from grading.sheet.omrchecker.bubble_grid import Boxes, centres_of
from grading.sheet.omrchecker.patches import Ink, Squares, likenesses, median_of, peaks_of, squares_at

SLACK = 0.9  # mm that a bubble may be off where it is looked for
FAR = 2.5  # sizes of a box, at most, to the next bubble of its row or column
SAME = 1e-6  # mm
ROOM = 0.92  # of the way to the next bubble
FEW = 4  # bubbles have no typical one
STEPPED, STEP_SLACK, STEP_AHEAD = 400, 0.4, 0.03  # bubbles compared, mm they may be off, how much more alike
ENOUGH = 64  # bubbles whose median is steady
GATHERED = 160  # bubbles, spread over the page, that say how it lies
GATHERINGS = 4
LEAST_INK = 0.25  # of the typical bubble's darkest, above what paper has: its edge
CROSSED = 0.1  # of a line's length, at most, where others cross it
SMALLEST, LARGEST = 0.4, 2.0  # of a printed bubble to its box, which authors draw as they like
NEARER = 0.3  # of a gap's distance that counts like its width: bubbles lie near their boxes
AROUND = 0.62  # of a bubble to each side of its middle
ALIKE, SEEN = 0.6, 0.3  # correlation with the typical bubble: enough to place it, and to say that it is there
LESS = 0.6  # of the typical bubble's ink: with less there is none
PLANE = 8  # bubbles that say how a page is tilted
MOST = 0.5  # of them have to agree on it
STRAY = 0.5  # mm off the others: a mark, not a bubble


@dataclass(frozen=True)
class BubblePrint:
    """Printed bubbles: `wide` and `high` in sizes of their boxes, `off` (x, y) mm."""

    wide: float
    high: float
    off: tuple[float, float]


def gather(page: Grey, boxes: Boxes, scale: int, shifts: Points) -> Matrix:
    """Places the page so that its bubbles lie on each other: the homography from where they should be, in mm.

    Each is moved onto the typical one, which then becomes clearer (congealing; Learned-Miller, 2006). `shifts` (n, 2)
    mm is where they are about.
    """
    chosen = _spread(len(boxes), GATHERED)
    centres, shifts = centres_of(boxes)[chosen], shifts[chosen]
    half = round((ROOM * min(_pitches(boxes)) / 2 + SLACK) * scale)
    slack = round(SLACK * scale)
    matrix = np.eye(3)
    for _ in range(GATHERINGS):
        places = centres + shifts
        squares = squares_at(page, places * scale, half, half)
        typical = _typical_of(squares)[slack:-slack, slack:-slack]
        _, moves = peaks_of(likenesses(squares, typical))
        matrix = _plane(centres, places + moves / scale)
        shifts = transform(matrix, centres) - centres
    return matrix


def _plane(from_: Points, to: Points) -> Matrix:
    """The homography that most agree on; where they are few, or do not agree, one shift."""
    if len(from_) >= PLANE:
        found, agree = cv2.findHomography(from_, to, cv2.RANSAC, STRAY)
        if found is not None and agree.mean() > MOST and abs(np.linalg.det(found) - 1) < 0.2:
            return np.asarray(found)
    shift = np.median(to - from_, axis=0)
    return np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]], [0.0, 0.0, 1.0]])


def print_of(page: Grey, boxes: Boxes, scale: int) -> BubblePrint:
    """The size and place of printed bubbles (their boxes of one size) on an evenly lit page."""
    size = np.array(boxes[0][2:]) * scale
    pitches = np.array(_pitches(boxes)) * scale
    half_x, half_y = (round(float(pitch)) for pitch in pitches)
    ink = _without_rules(_typical(page, centres_of(boxes) * scale, half_x, half_y))
    dark = ink > LEAST_INK * ink.max()
    rows = slice(half_y - round(pitches[1] / 2), half_y + round(pitches[1] / 2) + 1)
    left, right = _extent(dark[rows].any(axis=0), pitches[0])
    top, bottom = _extent(dark[:, left : right + 1].any(axis=1), pitches[1])
    left, right = _extent(dark[top : bottom + 1].any(axis=0), pitches[0])
    wide, high = np.clip(np.array([right - left, bottom - top]) / size, SMALLEST, LARGEST)
    off = np.array([left + right - 2 * half_x, top + bottom - 2 * half_y]) / 2 / scale
    return BubblePrint(float(wide), float(high), (float(off[0]), float(off[1])))


def _without_rules(ink: Ink) -> Ink:
    """Without the lines of a table, which run on where a bubble ends, but for where they cross."""
    above = np.maximum(ink - np.quantile(ink, 0.2), 0)
    for axis in (1, 0):
        above = np.maximum(above - np.quantile(above, CROSSED, axis=axis, keepdims=True), 0)
    return np.asarray(above, np.float32)


def _extent(dark: NDArray[np.bool_], pitch: float) -> tuple[int, int]:
    """From where to where a bubble reaches along a line whose middle is that of its box: between two gaps a pitch
    apart, the widest that are not far off."""
    middle, period = len(dark) // 2, max(2, round(pitch))
    white = _run_lengths(~dark)
    starts = np.arange(max(0, middle - period), middle + 1)
    ends = np.minimum(starts + period, len(dark) - 1)
    away = np.abs(starts + period / 2 - middle)
    start = int(starts[np.argmax(np.minimum(white[starts], white[ends]) - NEARER * away)])
    inside = np.flatnonzero(dark[start : start + period + 1])
    if not len(inside):
        return middle - period // 4, middle + period // 4
    return start + int(inside[0]), start + int(inside[-1])


def _run_lengths(white: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How long the run is in which each place lies; 0 where it is dark."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], white, [False]]).astype(int)))
    lengths = np.zeros(len(white), np.int64)
    for start, end in edges.reshape(-1, 2):
        lengths[start:end] = end - start
    return lengths


def best_step(page: Grey, boxes: Boxes, scale: int) -> Points:
    """By which whole step of the grid (x, y) mm, mostly none, the bubbles are more alike: a grid lies on itself almost
    as well when moved by one, but for its last row or column."""
    wide, high = _pitches(boxes)
    steps = np.array([[0.0, 0.0], [wide, 0.0], [-wide, 0.0], [0.0, high], [0.0, -high]])
    half_x, half_y = round(ROOM * wide / 2 * scale), round(ROOM * high / 2 * scale)
    centres, slack = centres_of(boxes), round(STEP_SLACK * scale)
    chosen, likely = _spread(len(centres), STEPPED), []
    for step in steps:
        squares = squares_at(page, (centres[chosen] + step) * scale, half_x, half_y)
        inner = _typical_of(squares)[slack:-slack, slack:-slack]
        likely.append(float(np.clip(likenesses(squares, inner).max(axis=(1, 2)), 0, 1).mean()))
    best = int(np.argmax(likely))
    return steps[best] if likely[best] > likely[0] + STEP_AHEAD else steps[0]


def draw_print(page: Grey, form: Page, scale: int) -> Grey:
    """The form as it is printed, ink high: each bubble as those of its kind typically look on this page."""
    kinds = _kinds(form, scale)
    edge = max(max(kind.half) for kind in kinds)
    drawn = np.zeros((page.shape[0] + 2 * edge, page.shape[1] + 2 * edge), np.uint8)
    for kind in kinds:
        typical = _typical(page, kind.alike, *kind.half)
        stamp = np.maximum(typical - np.quantile(typical, 0.1), 0).astype(np.uint8)
        last = [page.shape[1] - 1, page.shape[0] - 1]
        _stamp(drawn, stamp, np.clip(np.round(kind.places - 0.5).astype(int), 0, last) + edge)
    return drawn[edge:-edge, edge:-edge]


@dataclass(frozen=True, eq=False)
class _Kind:
    """Bubbles that are printed alike: `places` px, those that say how one looks, and how far one reaches, px."""

    places: Points
    alike: Points
    half: tuple[int, int]


@lru_cache(maxsize=32)
def _kinds(form: Page, scale: int) -> list[_Kind]:
    """Where few are alike, all of the same size say how one looks."""
    places = centres_of(field.box for field in form.fields) * scale
    sizes = np.array([field.box[2:] for field in form.fields])
    kinds = []
    for group in _groups(kinds_of(form.fields)):
        same_size = np.flatnonzero((sizes == sizes[group[0]]).all(axis=1))
        pitches = _pitches([form.fields[place].box for place in same_size])
        half_x, half_y = (round(ROOM * pitch / 2 * scale) for pitch in pitches)
        alike = places[group if len(group) >= FEW else same_size]
        kinds.append(_Kind(places[group], alike, (half_x, half_y)))
    return kinds


def printed_places(page: Grey, boxes: Boxes, scale: int) -> tuple[Points, NDArray[np.bool_]]:
    """Each printed bubble (boxes of one size) by itself: how far off its box it is, (n, 2) mm, and whether it is there.

    Where nothing is printed there is neither the typical bubble nor as much ink as it has; what is marked has more.
    """
    size = max(boxes[0][2:])
    half, slack = round(AROUND * size * scale), round(SLACK * scale)
    squares = squares_at(page, centres_of(boxes) * scale, half + slack, half + slack)
    inner = squares[:, slack:-slack, slack:-slack]
    typical = _typical_of(inner)
    found, offs = peaks_of(likenesses(squares, typical))
    offs = np.where(found[:, None] > ALIKE, offs / scale, np.nan)
    is_there = found > SEEN
    is_there[~is_there] = _drawn(255 - inner[~is_there]) > LESS * _drawn(typical[None])
    return offs, is_there


def _drawn(ink: NDArray[Any]) -> Ink:
    """The mean ink (n,) of squares (n, high, wide) above what the paper has."""
    flat = ink.reshape(len(ink), ink.shape[1] * ink.shape[2])
    return np.asarray(flat.mean(axis=1) - np.quantile(flat, 0.2, axis=1))


def _pitches(boxes: Boxes) -> tuple[float, float]:
    """mm to the next bubble to the side, and above or below; at most FAR sizes."""
    centres, (width, height) = centres_of(boxes), boxes[0][2:]
    some = centres[_spread(len(centres), GATHERED)]
    x, y = (np.abs(some[:, None, axis] - centres[None, :, axis]) for axis in range(2))
    is_other = (x >= SAME) | (y >= SAME)
    beside = x.min(where=is_other & (y < height / 2), initial=FAR * width)
    above = y.min(where=is_other & (x < width / 2), initial=FAR * height)
    return float(beside), float(above)


def _groups(kinds: Sequence[Hashable]) -> Iterator[list[int]]:
    """Places of what is alike."""
    groups: dict[Hashable, list[int]] = {}
    for place, kind in enumerate(kinds):
        groups.setdefault(kind, []).append(place)
    yield from groups.values()


def _spread(count: int, most: int) -> NDArray[np.int64]:
    """At most so many of them, from everywhere, the same ones each time."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(count).choice(count, most, replace=False))


def _typical(page: Grey, centres: Points, half_x: int, half_y: int) -> Ink:
    """The ink of a bubble, as most are: 2 half + 1 px wide and high, slightly softened."""
    return _typical_of(squares_at(page, centres[_spread(len(centres), ENOUGH)], half_x, half_y))


def _typical_of(squares: Squares) -> Ink:
    """The same of squares that were cut out already."""
    some = squares[_spread(len(squares), ENOUGH)]
    middle = median_of(some) if len(some) >= FEW else some.max(axis=0).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(255 - middle, (0, 0), 0.8), np.float32)


def _stamp(picture: Grey, stamp: Grey, pixels: NDArray[np.int64]) -> None:
    """Puts it on the picture around these pixels (n, 2), the darker of both, in place."""
    half_y, half_x = (side // 2 for side in stamp.shape)
    for x, y in pixels:
        part = picture[y - half_y : y + half_y + 1, x - half_x : x + half_x + 1]
        np.maximum(part, stamp, out=part)
