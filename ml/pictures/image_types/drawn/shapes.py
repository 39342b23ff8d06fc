"""Patterns, blank pictures, and what a hand draws."""

import cv2
import numpy as np
from numpy.random import Generator

from ml.core.arrays import Numbers, Picture
from ml.pictures.image_types.drawn.camera import photographed, scanned
from ml.pictures.image_types.drawn.canvas import INK, Canvas, Colour, colour, some_of


def pattern(rng: Generator) -> Picture:
    """What repeats or has no shape: stripes, checks, dots, waves, clouds, tiles, a gradient; or noise."""
    height, width = (int(one) for one in rng.integers(200, 900, 2))
    which = int(rng.integers(8))
    if which == 0:
        return rng.integers(0, 256, (height, width, 3 if rng.random() < 0.5 else 1), np.uint8).repeat(3, 2)[
            ..., :3
        ]
    made = mixed(rng, texture(rng, height, width, which))
    return scanned(rng, made) if rng.random() < 0.3 else made


def texture(rng: Generator, height: int, width: int, which: int) -> Numbers:
    """(height, width) from 0 to 1."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(8, 90)
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    if which == 1:
        share = along // period % 2
    elif which == 2:
        share = (along // period + across // period) % 2
    elif which == 3:
        share = np.hypot(along % period - period / 2, across % period - period / 2) < period * 0.3
    elif which == 4:
        share = 0.5 + 0.5 * np.sin(along / period * 6 + np.sin(across / period * 3) * rng.uniform(0, 3))
    elif which == 5:
        small = rng.random((int(rng.integers(3, 30)), int(rng.integers(3, 30))), np.float32)
        share = np.clip(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
    elif which == 6:
        share = np.maximum(along % period, across % period) > period * 0.9
    else:
        share = (along - along.min()) / np.ptp(along)
    return np.asarray(share, np.float32)


def mixed(rng: Generator, share: Numbers) -> Picture:
    """Two colours, by the share of the second."""
    first, second = np.array(colour(rng), np.float32), np.array(colour(rng), np.float32)
    return (first + share[..., None] * (second - first)).astype(np.uint8)


def blank(rng: Generator) -> Picture:
    """One colour, perhaps with the grain and the shadow that a camera gives it."""
    height, width = (int(one) for one in rng.integers(120, 900, 2))
    paper = colour(rng) if rng.random() < 0.5 else colour(rng, 225)
    base = np.full((height, width, 3), paper, np.float32)
    if rng.random() < 0.5:
        base *= np.linspace(1, rng.uniform(0.85, 1), width, dtype=np.float32)[None, :, None]
        base += rng.normal(0, rng.uniform(0, 3), base.shape)
    return np.clip(base, 0, 255).astype(np.uint8)


def drawing(rng: Generator) -> Picture:
    """Strokes of a hand: shapes, houses, scribbles, with or without colour."""
    size = (int(rng.integers(300, 900)), int(rng.integers(300, 900)))
    canvas, width = Canvas(rng, size, colour(rng, 225)), int(rng.integers(2, 12))
    for _ in range(int(rng.integers(3, 22))):
        ink = INK if rng.random() < 0.5 else colour(rng, 0, 220)
        middle, reach = rng.uniform(0.15, 0.85, 2) * size, rng.uniform(0.03, 0.3) * min(size)
        some_of((blob, zigzag, house), rng)(canvas, middle, reach, width, ink)
    return photographed(rng, canvas.array()) if rng.random() < 0.3 else canvas.array()


def blob(canvas: Canvas, middle: Numbers, reach: float, width: int, ink: Colour) -> None:
    angles = np.linspace(0, 2 * np.pi, int(canvas.rng.integers(5, 40)))
    radii = reach * (1 + canvas.rng.normal(0, 0.08, len(angles)))
    path = [
        (float(middle[0] + radius * np.cos(angle)), float(middle[1] + radius * np.sin(angle)))
        for angle, radius in zip(angles, radii, strict=True)
    ]
    if canvas.rng.random() < 0.35:
        canvas.draw.polygon(path, colour(canvas.rng, 60))
    canvas.draw.line([*path, path[0]], ink, width, "curve")


def zigzag(canvas: Canvas, middle: Numbers, reach: float, width: int, ink: Colour) -> None:
    steps = canvas.rng.normal(0, reach * 0.5, (int(canvas.rng.integers(3, 14)), 2))
    path = [(float(x), float(y)) for x, y in middle + np.cumsum(steps, 0)]
    canvas.draw.line(path, ink, width, "curve")


def house(canvas: Canvas, middle: Numbers, reach: float, width: int, ink: Colour) -> None:
    x, y = (float(one) for one in middle)
    fill = colour(canvas.rng, 80) if canvas.rng.random() < 0.4 else None
    canvas.draw.rectangle((x - reach, y, x + reach, y + reach * 1.2), fill, ink, width)
    canvas.draw.line([(x - reach * 1.2, y), (x, y - reach), (x + reach * 1.2, y)], ink, width)
