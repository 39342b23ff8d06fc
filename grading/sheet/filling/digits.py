"""Digits of our own strokes, written into boxes. Nobody's handwriting."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from grading.sheet.filling.ink import Hand, Page, Pen

Box = tuple[float, float, float, float]  # left, top, width, height in mm
Writer = Callable[[Page, str, Box, Pen, Hand, np.random.Generator], None]
Points = NDArray[np.float64]  # (n, 2): x, y

# ruff: noqa: E501
# One or two strokes a digit, in a box 1 wide and 1 high, y downwards; curves are drawn through these points.
SKELETONS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.55, 0.0), (0.15, 0.2), (0.1, 0.7), (0.45, 1.0), (0.85, 0.75), (0.85, 0.25), (0.5, 0.0)]],
    "1": [[(0.5, 0.0), (0.5, 0.5), (0.48, 1.0)]],
    "2": [[(0.12, 0.25), (0.4, 0.0), (0.8, 0.2), (0.6, 0.55), (0.1, 0.98)], [(0.1, 0.98), (0.9, 0.96)]],
    "3": [
        [(0.15, 0.1), (0.55, 0.0), (0.8, 0.22), (0.45, 0.46)],
        [(0.45, 0.46), (0.88, 0.7), (0.5, 1.0), (0.1, 0.85)],
    ],
    "4": [[(0.5, 0.0), (0.1, 0.65)], [(0.1, 0.65), (0.92, 0.62)], [(0.68, 0.3), (0.66, 1.0)]],
    "5": [[(0.25, 0.02), (0.2, 0.42)], [(0.2, 0.42), (0.6, 0.38), (0.85, 0.68), (0.5, 1.0), (0.12, 0.9)], [(0.25, 0.02), (0.85, 0.0)]],
    "6": [[(0.7, 0.0), (0.25, 0.35), (0.15, 0.75), (0.45, 1.0), (0.8, 0.78), (0.5, 0.55), (0.18, 0.75)]],
    "7": [[(0.1, 0.04), (0.88, 0.0)], [(0.88, 0.0), (0.55, 0.5), (0.4, 1.0)]],
    "8": [[(0.75, 0.12), (0.4, 0.0), (0.2, 0.22), (0.75, 0.7), (0.5, 1.0), (0.15, 0.78), (0.75, 0.3), (0.75, 0.12)]],
    "9": [[(0.8, 0.25), (0.45, 0.0), (0.18, 0.25), (0.5, 0.5), (0.8, 0.25)], [(0.8, 0.25), (0.75, 0.65), (0.6, 1.0)]],
}  # fmt: skip


def smooth(points: Points) -> Points:
    """A Catmull-Rom curve through the points."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*pieces, points[-1:]])


def write_skeleton(page: Page, digit: str, box: Box, pen: Pen, hand: Hand, rng: np.random.Generator) -> None:
    """A digit from our own strokes: slanted, stretched, its points moved a little."""
    height = box[3] * rng.uniform(0.55, 0.75)
    size = np.array([height * rng.uniform(0.5, 0.68), height])
    lean = np.array([[1, 0], [rng.normal(-0.12, 0.1), 1]])
    centre = np.array([box[0] + box[2] / 2, box[1] + box[3] / 2]) + rng.normal(0, 0.4, 2)
    strokes = []
    for points in SKELETONS[digit]:
        moved = smooth(np.array(points) + rng.normal(0, 0.025, (len(points), 2)))
        strokes.append(((moved - 0.5) @ lean) * size + centre)
    page.draw(strokes, pen, hand, rng)
