"""Pens and the strokes they leave on a rasterised page. Lengths in mm from the page's top left.

Nothing here is shared with what the networks were trained on: this is the check they have not seen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (h, w, 3), RGB
Stroke = NDArray[np.float64]  # (n, 2) mm
Ink = NDArray[np.float32]  # (h, w), 0 nothing to 1 covered

MM_PER_INCH = 25.4
FINE = 3  # strokes are drawn so many times finer than the page
STEP = 0.12  # mm between the points of a drawn stroke


@dataclass(frozen=True)
class Pen:
    """What a pupil writes with. `grain`: how much paper shows through; `skips`: how often a ball fails."""

    name: str
    width: float  # mm
    colour: tuple[int, int, int]
    strength: float  # 1: covers the paper wholly
    grain: float = 0.0
    skips: float = 0.0


PENS = (
    Pen("pencil", 0.55, (58, 58, 62), 0.85, grain=0.45),
    Pen("soft pencil", 0.8, (45, 45, 48), 0.92, grain=0.3),
    Pen("black ball pen", 0.4, (25, 25, 30), 0.95, skips=0.02),
    Pen("blue ball pen", 0.45, (35, 45, 130), 0.93, skips=0.02),
    Pen("felt pen", 0.85, (15, 15, 18), 1.0),
    Pen("gel pen", 0.55, (20, 20, 35), 0.98),
)


@dataclass(frozen=True)
class Hand:
    """How steadily a pupil moves the pen and how well they aim, in mm."""

    tremor: float
    aim: float  # standard deviation of where a mark lands
    bias: tuple[float, float]  # what this hand is always off by
    pressure: float  # 1 is normal


class Page:
    """A page that can be drawn on: `picture` is changed in place, `dots` is its px per mm."""

    def __init__(self, picture: Picture, dots: float):
        self.picture, self.dots = picture, dots

    def cover(self, ink: Ink, left: int, top: int, colour: tuple[int, int, int]) -> None:
        """Lay `ink` over the page, its corner at px (left, top); what falls outside is cut off."""
        height, width = self.picture.shape[:2]
        x, y = max(left, 0), max(top, 0)
        ink = ink[y - top : height - top, x - left : width - left, None]
        below = self.picture[y : y + ink.shape[0], x : x + ink.shape[1]]
        below[:] = np.rint(below * (1 - ink) + np.array(colour, np.float32) * ink).astype(np.uint8)

    def draw(self, strokes: Sequence[Stroke], pen: Pen, hand: Hand, rng: np.random.Generator) -> None:
        """Draw strokes as this pen in this hand does."""
        if not strokes:
            return
        margin = pen.width + 0.6
        low = np.floor((np.min([s.min(0) for s in strokes], 0) - margin) * self.dots).astype(int)
        high = np.ceil((np.max([s.max(0) for s in strokes], 0) + margin) * self.dots).astype(int)
        width, height = (high - low).tolist()
        fine = np.zeros((height * FINE, width * FINE), np.uint8)
        for stroke in strokes:
            path = (shaken(stroke, hand, rng) * self.dots - low) * FINE
            trace(fine, path, pen, hand, self.dots * FINE, rng)
        covered = cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA)
        ink = covered.astype(np.float32) / np.float32(255)
        self.cover(textured(ink, pen, hand, rng), int(low[0]), int(low[1]), pen.colour)


def trace(
    fine: NDArray[np.uint8], path: Stroke, pen: Pen, hand: Hand, dots: float, rng: np.random.Generator
) -> None:
    """The path as segments whose width follows the pressure; a ball pen now and then leaves one out."""
    pressure = hand.pressure * (1 + 0.12 * wander(len(path), 12, rng))
    widths = np.maximum(np.rint(pen.width * pressure * dots), 1).astype(int)
    points = np.rint(path * 16).astype(int)
    skipped = rng.random(len(path)) < pen.skips
    for start, end, width, skip in zip(points, points[1:], widths, skipped, strict=False):
        if not skip:
            cv2.line(fine, start.tolist(), end.tolist(), 255, int(width), cv2.LINE_AA, 4)


def shaken(stroke: Stroke, hand: Hand, rng: np.random.Generator) -> Stroke:
    """The stroke in short steps, with the tremor of a hand."""
    lengths = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0], np.cumsum(lengths)])
    places = np.linspace(0, along[-1], max(int(along[-1] / STEP), 2))
    path = np.stack([np.interp(places, along, stroke[:, axis]) for axis in (0, 1)], 1)
    return path + hand.tremor * np.stack([wander(len(path), 6, rng), wander(len(path), 6, rng)], 1)


def wander(count: int, slowness: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Smooth noise of about unit deviation."""
    knots = rng.standard_normal(count // slowness + 3)
    return np.interp(np.arange(count) / slowness, np.arange(len(knots)), knots)


def textured(ink: Ink, pen: Pen, hand: Hand, rng: np.random.Generator) -> Ink:
    """Paper shows through graphite; a light hand leaves less of it."""
    if not pen.grain:
        return ink * pen.strength
    noise = cv2.GaussianBlur(rng.standard_normal(ink.shape).astype(np.float32), (0, 0), 1.0) * 3.5
    lightness = float(np.clip(hand.pressure, 0.75, 1.1))
    return np.clip(ink * pen.strength * lightness * (1 - pen.grain * np.clip(noise + 0.3, 0, 1)), 0, 1)


def polyline(points: Iterable[tuple[float, float]]) -> Stroke:
    return np.array(list(points), np.float64)
