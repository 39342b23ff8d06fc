"""The lines hands make: paths around (0, 0), where a bubble's half width is 1, as (m, 2) arrays of x, y."""

from functools import cache
from math import pi
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.simulation.conditions import jitter

Path = NDArray[np.float64]  # (m, 2) points x, y

CORNERS = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0))


@cache
def steps(points: int) -> NDArray[np.float64]:
    """From 0 to 1 in so many points, as a column."""
    return np.linspace(0.0, 1.0, points)[:, None]


def segment(
    start: tuple[float, float], end: tuple[float, float], bend: float = 0.0, points: int = 12
) -> Path:
    """A line from start to end, bent sideways by a share of its length."""
    along = steps(points)
    first, last = np.array(start), np.array(end)
    across = np.array([-(last - first)[1], (last - first)[0]])
    path: Path = first + along * (last - first) + np.sin(along * pi) * bend * across
    return path


def rotate(path: Path, angle: float) -> Path:
    """The path turned by an angle in radians."""
    cos, sin = np.cos(angle), np.sin(angle)
    return path @ np.array([[cos, sin], [-sin, cos]])


def oval(rx: float, ry: float) -> Path:
    """A printed, perfect ellipse."""
    angles = steps(40) * 2 * pi
    path: Path = np.concatenate([rx * np.cos(angles), ry * np.sin(angles)], 1)
    return path


def ring(rx: float, ry: float, random: Random, wobble: float = 0.08) -> Path:
    """A closed hand-drawn ring that starts anywhere and may overlap its start or fall short of it."""
    start = random.uniform(0, 2 * pi)
    angles = start + np.linspace(0.0, 2 * pi + random.uniform(-0.35, 0.9), 36)
    radius = 1 + wobble * np.sin(angles * random.choice((1, 2, 2, 3)) + random.uniform(0, 6.3))
    drift = 1 + random.uniform(-0.08, 0.08) * np.linspace(0.0, 1.0, 36)
    path: Path = np.stack([rx * radius * np.cos(angles), ry * radius * np.sin(angles)], 1) * drift[:, None]
    return path if random.random() < 0.5 else path[::-1]


def uneven_box(rx: float, ry: float, random: Random) -> Path:
    """A rectangle with uneven sides."""
    sides = [
        segment(start, end, jitter(random, 0.05), 6) for start, end in zip(CORNERS, CORNERS[1:], strict=False)
    ]
    path: Path = np.concatenate(sides) * [rx, ry] * random.uniform(0.88, 1.0)
    return rotate(path, jitter(random, 0.08))


def spiral(rx: float, ry: float, turns: float, random: Random) -> Path:
    """From the middle outward."""
    angles = random.uniform(0, 6.3) + np.linspace(0.0, 2 * pi * turns, int(14 * turns) + 8)
    radius = np.linspace(0.05, 1.0, len(angles))
    path: Path = np.stack([rx * radius * np.cos(angles), ry * radius * np.sin(angles)], 1)
    return path


def zigzag(rx: float, ry: float, gap: float, angle: float, random: Random) -> Path:
    """Shading within an ellipse: strokes to and fro, a gap apart, at an angle in radians."""
    count = max(3, int(2.0 / gap))
    heights = np.linspace(-0.97, 0.97, count)
    reach = np.sqrt(1 - heights**2) * np.array([random.uniform(0.85, 1.07) for _ in range(count)])
    sides = np.where(np.arange(count) % 2 == 0, -1.0, 1.0)
    unit = rotate(np.stack([sides * reach, heights], 1), angle)
    return soften_corners(unit * np.array([rx, ry]))


def scribble(rx: float, ry: float, corners: int, random: Random) -> Path:
    """A mess that goes to and fro in changing directions over all of an ellipse or box."""
    angle = random.uniform(0, 6.3)
    points = []
    for _ in range(corners):
        angle += pi + jitter(random, 0.9)
        reach = random.uniform(0.7, 1.1)
        points.append((reach * np.cos(angle), reach * np.sin(angle)))
    return soften_corners(np.array(points) * np.array([rx, ry]), 5)


def loops(rx: float, ry: float, rounds: int, random: Random) -> Path:
    """Ring upon ring, each a little elsewhere, as people black something out."""
    angles = np.linspace(0.0, 2 * pi * rounds, 14 * rounds)
    sway = 0.35 * np.sin(angles * random.uniform(0.1, 0.4) + random.uniform(0, 6.3))
    radius = 0.65 + 0.35 * np.sin(angles * random.uniform(0.15, 0.6))
    path: Path = np.stack(
        [rx * (radius * np.cos(angles) + sway), ry * (radius * np.sin(angles) + sway / 2)], 1
    )
    return rotate(path, jitter(random, 0.6))


def check_mark(size: float, random: Random) -> Path:
    """A tick: a short stroke down, a turn (sharp or round), a long stroke up; sometimes as even as a V."""
    is_even = random.random() < 0.2
    left = random.uniform(0.5, 0.9) if is_even else random.uniform(0.2, 0.6)
    right = random.uniform(0.5, 0.9) if is_even else random.uniform(0.6, 1.3)
    start = (-left * random.uniform(0.5, 1.0), -left * random.uniform(0.35, 1.1))
    end = (right * random.uniform(0.45, 1.0), -right * random.uniform(0.8, 1.35))
    down = segment(start, (0.0, 0.0), jitter(random, 0.15), 8)
    up = segment((0.0, 0.0), end, jitter(random, 0.15), 14)
    path = np.concatenate([down, up]) * size
    return path - (path.min(0) + path.max(0)) / 2


def saltire(size: float, random: Random) -> list[Path]:
    """The two strokes of an X, or now and then one stroke that never leaves the paper."""
    first, second = (random.uniform(0.55, 1.0) for _ in range(2))
    down = pi / 4 + jitter(random, 0.3)
    up = -pi / 4 + jitter(random, 0.3)
    falling = segment((-np.cos(down), -np.sin(down)), (np.cos(down), np.sin(down)), jitter(random, 0.1))
    rising = segment((-np.cos(up), -np.sin(up)), (np.cos(up), np.sin(up)), jitter(random, 0.1))
    offset = np.array([jitter(random, 0.2), jitter(random, 0.2)])
    strokes = [falling * size * max(first, 0.75), (rising + offset) * size * max(second, 0.75)]
    if random.random() < 0.08:
        return [np.concatenate([strokes[0], strokes[1]])]
    return strokes


def soften_corners(corners: Path, points: int = 4) -> Path:
    """Corners joined by straight runs with softened turns."""
    steps = (len(corners) - 1) * points + 1
    at = np.linspace(0, len(corners) - 1, steps)
    dense = np.stack([np.interp(at, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)], 1)
    smooth: Path = cv2.blur(dense, (1, 3), borderType=cv2.BORDER_REPLICATE).astype(np.float64)
    return smooth
