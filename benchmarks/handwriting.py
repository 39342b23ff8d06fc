"""Handwritten digits for the pupils: real ones (the test images of MNIST), or strokes of our own."""

import gzip
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.ink import Hand, Page, Pen, Stroke, textured

Box = tuple[float, float, float, float]
Writer = Callable[[Page, str, Box, Pen, Hand, np.random.Generator], None]
FINE = 4

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


def read_idx(path: Path) -> NDArray[np.uint8]:
    """An array in the format of MNIST's files."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">u4", dimensions, 4).astype(int)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def find(folder: Path, name: str) -> Path:
    found = [path for path in (folder / name, folder / f"{name}.gz") if path.exists()]
    if not found:
        raise SystemExit(f"{folder} has no {name} or {name}.gz: --mnist needs MNIST's test images.")
    return found[0]


class RealDigits:
    """MNIST's 10,000 test images, written into boxes: nobody trains on these."""

    def __init__(self, folder: Path):
        images = read_idx(find(folder, "t10k-images-idx3-ubyte"))
        labels = read_idx(find(folder, "t10k-labels-idx1-ubyte"))
        self.of = {str(digit): images[labels == digit] for digit in range(10)}

    def __call__(
        self, page: Page, digit: str, box: Box, pen: Pen, hand: Hand, rng: np.random.Generator
    ) -> None:
        """The image's ink, thinner or thicker as the pen asks, its own height 55 to 80 % of the box."""
        image = rng.choice(self.of[digit])
        rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
        image = np.pad(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 2)
        scale = page.dots * box[3] * rng.uniform(0.55, 0.8) / max(image.shape)
        large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.float32)
        edge = np.interp(pen.width, [0.4, 1.0], [0.38, 0.28])
        ink = textured(np.clip((large / 255 - edge) / 0.3 + 0.5, 0, 1), pen, hand, rng)
        height, width = ink.shape
        x = (box[0] + box[2] / 2 + rng.normal(0, 0.4)) * page.dots - width / 2
        y = (box[1] + box[3] / 2 + rng.normal(0, 0.4)) * page.dots - height / 2
        page.cover(ink, round(x), round(y), pen.colour)


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


def drawing(digit: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """(28, 28): a digit of lines, a little different every time."""
    frame = np.zeros((28, 28), np.uint8)
    for stroke in SKELETONS[str(digit)]:
        points = (np.array(stroke) + rng.normal(0, 0.04, (len(stroke), 2))) * [15, 19] + [6, 4]
        cv2.polylines(frame, [np.round(points * 16).astype(np.int32)], False, 255, 2, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(frame, (3, 3), 0.6)


def smooth(points: Stroke) -> Stroke:
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


def writer(mnist: Path | None) -> Writer:
    """Real digits where a folder is given; else our own, and the reader is told so."""
    if mnist:
        return RealDigits(mnist)
    print("Note: without --mnist the digits are drawn from strokes of this script, not real handwriting.")
    return write_skeleton
