"""Digits of strokes, for tests, benchmarks and samples: small frames like those of MNIST, and written pages."""

import cv2
import numpy as np
from numpy.typing import NDArray

Page = NDArray[np.uint8]
Points = NDArray[np.float64]  # (n, 2): x, y

MARGIN = 1.0  # of the height of a digit
FINE = 4  # bits behind the point of OpenCV's coordinates

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


def drawing(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """(28, 28): a digit of lines, a little different every time."""
    frame = np.zeros((28, 28), np.uint8)
    for stroke in SKELETONS[str(digit)]:
        points = (np.array(stroke) + rng.normal(0, 0.04, (len(stroke), 2))) * [15, 19] + [6, 4]
        cv2.polylines(frame, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(frame, (3, 3), 0.6)


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


def written(
    *rows: str,
    high: int = 60,
    width: int = 6,
    ink: int = 40,
    paper: int = 240,
    gap: float = 0.45,
    seed: int = 3,
) -> Page:
    """(h, w) uint8. A blank leaves a place free. gap: between digits, of their height; negative where they touch."""
    rng = np.random.default_rng(seed)
    wide = 0.58 + gap
    across = max(map(len, rows)) * wide - gap + 2 * MARGIN
    down = len(rows) * 1.8 - 0.8 + 2 * MARGIN
    page = np.full((round(high * down), round(high * across)), paper, np.uint8)
    for row, digits in enumerate(rows):
        for place, digit in enumerate(digits):
            corner = np.array([MARGIN + place * wide, MARGIN + row * 1.8])
            write(page, digit, corner * high, high, width, ink, rng)
    return page


def write(
    page: Page,
    digit: str,
    corner: NDArray[np.float64],
    high: float,
    width: int,
    ink: int,
    rng: np.random.Generator,
) -> None:
    """One digit with its top left corner there, in a hand that shakes a little."""
    for stroke in SKELETONS.get(digit, []):
        points = (
            smooth(np.array(stroke) + rng.normal(0, 0.015, (len(stroke), 2))) * [0.58 * high, high] + corner
        )
        fixed = np.round(points * 2**FINE).astype(np.int32)
        cv2.polylines(page, [fixed], False, ink, width, cv2.LINE_AA, FINE)
