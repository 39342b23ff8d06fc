"""Pens: how a stroke of ink, pencil or toner ends up on paper."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.conditions import CANVAS, Conditions, jitter, within
from ml.simulation.shapes import Path, steps

# OpenCV's own types do not tell element types apart, so neither do these.
Paper = NDArray[Any]  # (CANVAS, CANVAS) float32 grey levels
Mask = NDArray[Any]  # (CANVAS, CANVAS) uint8 coverage, 255 = covered

TEXTURES = 48
SUBPIXEL_BITS = 3


@dataclass(frozen=True)
class Pen:
    """width and tremor in canvas pixels, ink a grey level, grain the share of paper that shows through (0..1)."""

    width: float
    ink: float
    grain: float
    tremor: float


def any_pen(random: Random, conditions: Conditions, px_per_mm: float, least_mm: float = 0.0) -> Pen:
    """A pen such as a student might hold; half of them are pencils: grainier and lighter than ball pens and markers."""
    millimetres = max(within(random, conditions.pen_mm), least_mm)
    is_pencil = random.random() < 0.5
    darkest, lightest = conditions.ink
    # A thin light stroke would be lost on its way through the camera, and its label with it.
    palest = lightest - 55 * max(0.0, 1 - (millimetres - 0.3) / 0.5)
    ink = random.uniform(darkest + 40, palest) if is_pencil else random.uniform(darkest, darkest + 110)
    grain = random.uniform(0.1, 0.5 - ink / 600) if is_pencil else random.uniform(0.0, 0.2)
    return Pen(millimetres * px_per_mm, ink, grain, within(random, conditions.tremor))


def blank_mask() -> Mask:
    return np.zeros((CANVAS, CANVAS), np.uint8)


def draw_path(mask: Mask, path: Path, pen: Pen, random: Random) -> None:
    """Draws a path with a trembling hand and a pressure that varies along the way."""
    points = trembled(path, pen.tremor, random)
    pieces = 1 if len(points) < 8 else random.randint(1, 4)
    edges = np.linspace(0, len(points) - 1, pieces + 1).astype(int)
    for first, last in zip(edges[:-1], edges[1:], strict=True):
        width = max(1, round(pen.width * random.uniform(0.85, 1.15) + jitter(random, 0.4)))
        draw_polyline(mask, points[first : last + 1], width)


def draw_polyline(mask: Mask, points: Path, width: int) -> None:
    """A polyline of even width, antialiased."""
    fixed = np.round(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.polylines(mask, [fixed], False, 255, width, cv2.LINE_AA, SUBPIXEL_BITS)


def area(mask: Mask, points: Path) -> None:
    """A filled outline, antialiased."""
    fixed = np.round(points * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillPoly(mask, [fixed], 255, cv2.LINE_AA, SUBPIXEL_BITS)


def trembled(path: Path, tremor: float, random: Random) -> Path:
    """The path with two waves added across it: a slow drift and a quick tremor."""
    along = steps(len(path))
    slow = np.sin(along * random.uniform(2, 7) + [random.uniform(0, 6.3), random.uniform(0, 6.3)])
    quick = np.sin(along * random.uniform(12, 40) + [random.uniform(0, 6.3), random.uniform(0, 6.3)])
    moved: Path = path + tremor * (slow + 0.35 * quick)
    return moved


def soak(paper: Paper, mask: Mask, pen: Pen, random: Random) -> None:
    """Puts the covered part in the pen's grey level, in place; overlapping inks only get darker."""
    strength = cv2.multiply(mask, _texture(random.randrange(TEXTURES), round(pen.grain, 1)), dtype=cv2.CV_32F)
    strength *= np.maximum(paper - pen.ink, 0.0)
    paper -= strength


@cache
def _texture(number: int, grain: float) -> NDArray[np.float32]:
    """Coverage per mask level: uneven pressure (a slow field) and paper grain (a fine one), 1/255 where dense."""
    generator = np.random.default_rng(number)
    slow = cv2.resize(generator.random((4, 4), np.float32), (CANVAS, CANVAS), interpolation=cv2.INTER_CUBIC)
    fine = cv2.GaussianBlur(generator.random((CANVAS, CANVAS), np.float32), (3, 3), 0.7)
    dense = 1.0 - grain * (0.45 * slow + 0.9 * fine)
    return (np.clip(dense, 0.1, 1.0) / 255.0).astype(np.float32)
