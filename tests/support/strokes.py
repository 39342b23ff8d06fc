"""Digits of strokes, for tests, benchmarks and samples: small frames like those of MNIST, and written pages."""

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.filling.digits import SKELETONS, smooth

Page = NDArray[np.uint8]

MARGIN = 1.0  # of the height of a digit
FINE = 4  # bits behind the point of OpenCV's coordinates


def drawing(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """(28, 28): a digit of lines, a little different every time."""
    frame = np.zeros((28, 28), np.uint8)
    for stroke in SKELETONS[str(digit)]:
        points = (np.array(stroke) + rng.normal(0, 0.04, (len(stroke), 2))) * [15, 19] + [6, 4]
        cv2.polylines(frame, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(frame, (3, 3), 0.6)


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
