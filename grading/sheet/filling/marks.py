"""How pupils mark a bubble, as strokes in mm. A mark's maker takes the bubble's centre and radius."""

from collections.abc import Callable

import numpy as np

from grading.sheet.filling.ink import Stroke, polyline

Maker = Callable[[float, float, float, float, np.random.Generator], list[Stroke]]


def zigzag(x: float, y: float, r: float, pen_width: float, rng: np.random.Generator) -> list[Stroke]:
    """Back and forth across the bubble, with paper left between the lines."""
    return [
        hatching(x, y, r * rng.uniform(0.85, 1.1) - 0.4 * pen_width, pen_width * rng.uniform(0.7, 1.2), rng)
    ]


def full(x: float, y: float, r: float, pen_width: float, rng: np.random.Generator) -> list[Stroke]:
    """Outline and dense hatching: no paper left."""
    return [ring(x, y, r * 0.88, 1.05, rng), hatching(x, y, r * 0.95, pen_width * 0.55, rng)]


def tick(x: float, y: float, r: float, pen_width: float, rng: np.random.Generator) -> list[Stroke]:
    size = r * rng.uniform(0.85, 1.35)
    start = (x - size * rng.uniform(0.6, 0.9), y - size * rng.uniform(-0.1, 0.3))
    turn = (x - size * rng.uniform(0.05, 0.3), y + size * rng.uniform(0.6, 0.9))
    end = (x + size * rng.uniform(0.8, 1.3), y - size * rng.uniform(0.7, 1.2))
    return [polyline([start, turn, end])]


def cross(x: float, y: float, r: float, pen_width: float, rng: np.random.Generator) -> list[Stroke]:
    size = r * rng.uniform(0.65, 1.05)
    return [
        chord(x, y, size, rng.normal(45, 6), rng),
        chord(x, y, size * rng.uniform(0.85, 1.15), rng.normal(135, 6), rng),
    ]


def circle(x: float, y: float, r: float, pen_width: float, rng: np.random.Generator) -> list[Stroke]:
    return [ring(x, y, r * rng.uniform(1.05, 1.4), rng.uniform(0.97, 1.15), rng)]


def struck_out(x: float, y: float, r: float, pen_width: float, rng: np.random.Generator) -> list[Stroke]:
    """The large cross that the sheet tells pupils to draw over a mark they take back."""
    size = r * rng.uniform(1.35, 1.7)
    return [chord(x, y, size, rng.normal(45, 5), rng), chord(x, y, size, rng.normal(135, 5), rng)]


STYLES: dict[str, Maker] = {"full": full, "zigzag": zigzag, "tick": tick, "cross": cross, "circle": circle}


def ring(x: float, y: float, r: float, turns: float, rng: np.random.Generator) -> Stroke:
    """A circle drawn by hand: not quite round, its ends do not quite meet."""
    angles = rng.uniform(0, 2 * np.pi) + np.linspace(0, turns * 2 * np.pi, 40)
    wobble = 1 + 0.05 * np.sin(2 * angles + rng.uniform(0, 6)) + np.linspace(-0.04, 0.04, 40)
    flat = rng.uniform(0.88, 1.08)
    return np.stack([x + r * wobble * np.cos(angles), y + flat * r * wobble * np.sin(angles)], 1)


def chord(x: float, y: float, r: float, degrees: float, rng: np.random.Generator) -> Stroke:
    """A straight stroke through about the centre, slightly bent."""
    dx, dy = r * np.cos(np.radians(degrees)), r * np.sin(np.radians(degrees))
    bend = rng.normal(0, 0.06 * r)
    x, y = x + rng.normal(0, 0.08 * r), y + rng.normal(0, 0.08 * r)
    return polyline([(x - dx, y - dy), (x + bend * dy / r, y - bend * dx / r), (x + dx, y + dy)])


def hatching(x: float, y: float, r: float, pitch: float, rng: np.random.Generator) -> Stroke:
    """Zigzag over a disc, `pitch` mm from line to line, at the slant of a right or a left hand."""
    slant = rng.choice([rng.normal(-40, 12), rng.normal(10, 10)])
    offsets = np.arange(-r * 0.92, r * 0.92, max(pitch, 0.15))
    half = np.sqrt(np.maximum(r**2 - offsets**2, 0)) * rng.uniform(0.85, 1.05, len(offsets))
    ends = np.where(np.arange(len(offsets)) % 2, half, -half)
    cos, sin = np.cos(np.radians(slant)), np.sin(np.radians(slant))
    return np.stack([x + ends * cos - offsets * sin, y + ends * sin + offsets * cos], 1)
