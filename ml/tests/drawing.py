"""Cells drawn by hand in these tests, apart from the simulation that the networks learned from."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Cell = NDArray[np.uint8]
Stroke = Callable[[Cell], object]

SIDE = 128  # pixels drawn on, four times those of a cell


def bubble(*strokes: Stroke, paper: int = 245, outline: int = 120, label: str = "3", seed: int = 0) -> Cell:
    """A round bubble of 40 pixels' radius with a grey label, the strokes over it, slightly blurred and noisy."""
    sheet = np.full((SIDE, SIDE), paper, np.uint8)
    cv2.circle(sheet, (64, 64), 40, outline, 3, cv2.LINE_AA)
    if label:
        cv2.putText(sheet, label, (52, 76), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 160, 2, cv2.LINE_AA)
    return photographed(sheet, strokes, seed)


def box(*strokes: Stroke, seed: int = 0) -> Cell:
    """A digit's square box."""
    sheet = np.full((SIDE, SIDE), 246, np.uint8)
    cv2.rectangle(sheet, (7, 7), (121, 121), 130, 2, cv2.LINE_AA)
    return photographed(sheet, strokes, seed)


def photographed(sheet: Cell, strokes: tuple[Stroke, ...], seed: int) -> Cell:
    for stroke in strokes:
        stroke(sheet)
    noise = np.random.default_rng(seed).normal(0, 4, sheet.shape)
    noisy = np.clip(cv2.GaussianBlur(sheet, (0, 0), 1.5) + noise, 0, 255).astype(np.uint8)
    return cv2.resize(noisy, (32, 32), interpolation=cv2.INTER_AREA)


def line(start: tuple[int, int], end: tuple[int, int], width: int = 7, ink: int = 60) -> Stroke:
    return lambda sheet: cv2.line(sheet, start, end, ink, width, cv2.LINE_AA)


def disc(radius: int = 38, ink: int = 70) -> Stroke:
    return lambda sheet: cv2.circle(sheet, (64, 64), radius, ink, -1, cv2.LINE_AA)


def ring(radius: int, width: int = 7, ink: int = 60) -> Stroke:
    return lambda sheet: cv2.circle(sheet, (64, 64), radius, ink, width, cv2.LINE_AA)


def zigzag(reach: int = 40, width: int = 7, ink: int = 70) -> Stroke:
    """Shading to and fro that goes a little beyond the bubble's edge of 40."""
    rows = np.arange(-36, 37, 9)
    ends = [
        64 + sign * reach * np.sqrt(1 - (row / 44) ** 2) for row, sign in zip(rows, [-1, 1] * 9, strict=False)
    ]
    points = np.stack([ends, 64 + rows], 1).astype(np.int32)
    return lambda sheet: cv2.polylines(sheet, [points], False, ink, width, cv2.LINE_AA)


def saltire(reach: int, width: int = 7, ink: int = 60) -> Stroke:
    def draw(sheet: Cell) -> None:
        for sign in (-1, 1):
            line((64 - reach, 64 - sign * reach), (64 + reach, 64 + sign * reach), width, ink)(sheet)

    return draw


def check(width: int = 7, ink: int = 60) -> Stroke:
    def draw(sheet: Cell) -> None:
        line((42, 62), (60, 86), width, ink)(sheet)
        line((60, 86), (104, 22), width, ink)(sheet)

    return draw


def scribble(ink: int = 50) -> Stroke:
    """Thirty strokes to and fro over nearly the whole cell."""
    generator = np.random.default_rng(5)
    angles = np.cumsum(np.pi + generator.uniform(-0.9, 0.9, 30))
    points = 64 + 60 * np.stack([np.cos(angles), np.sin(angles)], 1) * generator.uniform(0.8, 1.0, (30, 1))
    return lambda sheet: cv2.polylines(sheet, [points.astype(np.int32)], False, ink, 7, cv2.LINE_AA)


def text(character: str, width: int = 6, ink: int = 50) -> Stroke:
    """A character in OpenCV's plotter font, about 70 pixels high."""
    return lambda sheet: cv2.putText(
        sheet, character, (38, 96), cv2.FONT_HERSHEY_SIMPLEX, 3.0, ink, width, cv2.LINE_AA
    )
