"""What a form's bubbles look like in print: round or square, how large, and how far off their boxes.

Measured on the typical bubble, the median of all: marks differ from one to the next and are gone from it. Labels may
leave rings of their own there (a, b and d share one), so that the outline is the outermost line that is dark all
the way round.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Box
from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Points, transform
from grading.sheet.rectification import PAPER

SHAPES = ("round", "square")
SIZES = np.geomspace(0.5, 1.75, 24)  # of a printed bubble to its box, which authors draw as they like
ASPECTS = np.geomspace(0.75, 1.33, 13)
# mm that the typical bubble may be off its boxes, and the steps in which that is tried
SLACK, STEP = 0.9, 0.3
ROOM = 0.92  # of the way to the next bubble: what is larger is a grid around the bubbles
BESIDE = 0.5  # mm beside a line where there is paper
ALL_ROUND = 0.25  # quantile of the ink along a line: high only where it has no gaps
OUTER = 0.5  # of the strongest line's strength; the outermost such line is the outline
POINTS = 72  # along a line
FEW = 4  # bubbles have no typical one
GATHERINGS = 4
AROUND = 0.62  # of a bubble to each side of its middle
ALIKE, SEEN = 0.6, 0.3  # correlation with the typical bubble: enough to place it, and to say that it is there
LESS = 0.6  # of the typical bubble's ink: with less there is none
PLANE = 8  # bubbles that say how a page is tilted
STRAY = 0.5  # mm off the others: a mark, not a bubble


@dataclass(frozen=True)
class BubblePrint:
    """Printed bubbles: `wide` and `high` in sizes of their boxes, `off` (x, y) mm; `strength` in levels of grey."""

    shape: str
    wide: float
    high: float
    off: tuple[float, float] = (0.0, 0.0)
    strength: float = 0.0


def gather(page: Grey, boxes: Sequence[Box], scale: int, shifts: Points) -> Matrix:
    """Places the page so that its bubbles lie on each other: the homography from where they should be, in mm.

    Whatever they look like: each is moved onto the typical one, which then becomes clearer (congealing; Learned-Miller,
    2006). `shifts` (n, 2) mm is where they are about.
    """
    centres = np.array([(x + w / 2, y + h / 2) for x, y, w, h in boxes])
    half = round((ROOM * _pitch(centres) / 2 + SLACK) * scale)
    slack = round(SLACK * scale)
    matrix = np.eye(3)
    for _ in range(GATHERINGS):
        places = centres + shifts
        typical = _typical(page, places * scale, half)[slack:-slack, slack:-slack]
        moves = (
            np.array([_move(square, typical, slack) for square in _squares(page, places * scale, half)])
            / scale
        )
        matrix = _plane(centres, places + moves)
        shifts = transform(matrix, centres) - centres
    return matrix


def _move(square: Grey, typical: NDArray[np.float32], slack: int) -> Points:
    """How far the bubble in a square is off its middle, px."""
    map_ = cv2.matchTemplate((255 - square).astype(np.float32), typical, cv2.TM_CCOEFF_NORMED)
    return np.array(cv2.minMaxLoc(map_)[3], np.float64) - slack


def _plane(from_: Points, to: Points) -> Matrix:
    """The homography that most agree on; where they are few, one shift."""
    if len(from_) >= PLANE:
        found, _ = cv2.findHomography(from_, to, cv2.RANSAC, STRAY)
        if found is not None and abs(np.linalg.det(found) - 1) < 0.2:
            return np.asarray(found)
    shift = np.median(to - from_, axis=0)
    return np.array([[1.0, 0.0, shift[0]], [0.0, 1.0, shift[1]], [0.0, 0.0, 1.0]])


def print_of(page: Grey, boxes: Sequence[Box], scale: int) -> BubblePrint:
    """The look of bubbles (their boxes of one size) on an evenly lit page."""
    size = np.array(boxes[0][2:])
    centres = np.array([(x + w / 2, y + h / 2) for x, y, w, h in boxes])
    largest = min(float(SIZES[-1]), ROOM * _pitch(centres) / float(size.max()))
    half = round((largest / 2 * float(size.max()) + SLACK + BESIDE + 0.5) * scale)
    typical = _typical(page, centres * scale, half)
    sizes = [wide for wide in SIZES if wide <= largest] or [largest]
    prints = [
        _strongest(typical, shape, wide, wide, size * scale, scale) for shape, wide in product(SHAPES, sizes)
    ]
    strongest = max(printed.strength for printed in prints)
    enough = min(OUTER * strongest, strongest)  # no line at all: below 0
    outer = max(
        (printed for printed in prints if printed.strength >= enough),
        key=lambda printed: (printed.wide, printed.strength),
    )
    # A line is seen in several sizes
    near = [printed for printed in prints if printed.wide > 0.85 * outer.wide]
    best = max(near, key=lambda printed: printed.strength)
    stretched = [
        _strongest(typical, best.shape, best.wide * root, best.high / root, size * scale, scale)
        for root in np.sqrt(ASPECTS)
    ]
    return max(best, *stretched, key=lambda printed: printed.strength)


def printed_places(page: Grey, boxes: Sequence[Box], scale: int) -> tuple[Points, NDArray[np.bool_]]:
    """Each printed bubble (boxes of one size) by itself: how far off its box it is, (n, 2) mm, and whether it is there.

    Where nothing is printed there is neither the typical bubble nor as much ink as it has; what is marked has more.
    """
    size = max(boxes[0][2:])
    half, slack = round(AROUND * size * scale), round(SLACK * scale)
    centres = np.array([(x + w / 2, y + h / 2) for x, y, w, h in boxes]) * scale
    typical = _typical(page, centres, half)
    offs, is_there = np.zeros((len(boxes), 2)), np.zeros(len(boxes), np.bool_)
    for index, square in enumerate(_squares(page, centres, half + slack)):
        ink = (255 - square).astype(np.float32)
        map_ = cv2.matchTemplate(ink, typical, cv2.TM_CCOEFF_NORMED)
        _, likeness, _, place = cv2.minMaxLoc(map_)
        offs[index] = (np.array(place) - slack) / scale if likeness > ALIKE else np.nan
        is_there[index] = likeness > SEEN or _drawn(ink[slack:-slack, slack:-slack]) > LESS * _drawn(typical)
    return offs, is_there


def _drawn(ink: NDArray[np.float32]) -> float:
    """The mean ink above what the paper has."""
    return float(ink.mean() - np.quantile(ink, 0.2))


def _pitch(centres: Points) -> float:
    """mm to the nearest other bubble."""
    away = np.abs(centres[:, None] - centres[None]).max(axis=2)
    np.fill_diagonal(away, np.inf)
    return float(away.min())


def _typical(page: Grey, centres: Points, half: int) -> NDArray[np.float32]:
    """The ink of a bubble, as most are: a square of 2 half + 1 px, slightly softened."""
    squares = _squares(page, centres, half)
    middle = np.median(squares, axis=0) if len(squares) >= FEW else np.max(squares, axis=0)
    return np.asarray(cv2.GaussianBlur((255 - middle).astype(np.float32), (0, 0), 0.8), np.float32)


def _squares(page: Grey, centres: Points, half: int) -> list[Grey]:
    """Around places in px; paper where the page ends."""
    padded = cv2.copyMakeBorder(page, half, half, half, half, cv2.BORDER_CONSTANT, value=PAPER)
    inside = np.clip(np.round(centres - 0.5).astype(int), 0, [page.shape[1] - 1, page.shape[0] - 1])
    return [np.asarray(padded[y : y + 2 * half + 1, x : x + 2 * half + 1], np.uint8) for x, y in inside]


def _strongest(
    typical: NDArray[np.float32], shape: str, wide: float, high: float, box: NDArray[np.float64], scale: int
) -> BubblePrint:
    """A line of this form, at the place around the middle where it is darkest all the way round."""
    radii = box / 2 * (wide, high)
    steps = np.arange(-SLACK, SLACK + STEP / 2, STEP)
    offs = np.array(list(product(steps, steps)))
    middle = (len(typical) - 1) / 2 + offs[:, None] * scale  # offs, 1, 2
    on = _ink(typical, middle + _line(shape, radii))
    outside = _ink(typical, middle + _line(shape, radii + BESIDE * scale))
    inside = _ink(typical, middle + _line(shape, np.maximum(radii - BESIDE * scale, 0.5)))
    paper = (np.median(outside, axis=1) + np.median(inside, axis=1)) / 2
    strengths = np.quantile(on, ALL_ROUND, axis=1) - paper
    best = int(np.argmax(strengths))
    return BubblePrint(
        shape, wide, high, (float(offs[best, 0]), float(offs[best, 1])), float(strengths[best])
    )


def _ink(typical: NDArray[np.float32], places: Points) -> NDArray[np.float32]:
    """At places (n, m, 2) px."""
    no_map: Any = None  # the stub does not know that one map may hold both coordinates
    return np.asarray(cv2.remap(typical, places.astype(np.float32), no_map, cv2.INTER_LINEAR), np.float32)


def _line(shape: str, radii: NDArray[np.float64]) -> Points:
    """Points (POINTS, 2) along an ellipse or a rectangle about 0."""
    angles = np.arange(POINTS) * 2 * np.pi / POINTS
    around = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    if shape == "square":
        around /= np.abs(around).max(axis=1, keepdims=True)
    return np.asarray(around * radii)
