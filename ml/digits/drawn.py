"""What no collection has: digits of seven segments, digits that were crossed out, dots and brackets."""

from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.digits.network import DIGITS
from ml.writing.displays import ENDS, SEGMENTS
from ml.writing.framing import framed

SIDE = 96  # of the canvas that they are drawn on
FINE = 4  # bits behind the point of OpenCV's coordinates


def draw_line(canvas: NDArray[Any], points: NDArray[Any], width: int, ink: int = 255) -> None:
    fixed = np.round(np.asarray(points, np.float64) * 2**FINE).astype(np.int32)
    cv2.polylines(canvas, [fixed], False, ink, max(width, 1), cv2.LINE_AA, FINE)


def draw_segments(
    canvas: NDArray[Any],
    segments: str,
    corner: tuple[float, float],
    size: tuple[float, float],
    width: float,
    gap: float,
    slant: float,
    ink: int = 255,
) -> None:
    """Bars with pointed ends, as displays have. size: wide and high; gap: px between bars; slant: px across for each
    px up."""
    for name in segments:
        ends = np.array(ENDS[name], np.float64) * [size[0], size[1] / 2]
        way = (ends[1] - ends[0]) / np.linalg.norm(ends[1] - ends[0])
        side = np.array([-way[1], way[0]]) * width / 2
        first, last = ends[0] + way * gap / 2, ends[1] - way * gap / 2
        inner = way * width / 2
        shape = np.array(
            [
                first,
                first + inner + side,
                last - inner + side,
                last,
                last - inner - side,
                first + inner - side,
            ]
        )
        shape[:, 0] += slant * (size[1] - shape[:, 1])
        fixed = np.round((shape + corner) * 2**FINE).astype(np.int32)
        cv2.fillPoly(canvas, [fixed], ink, cv2.LINE_AA, FINE)


def segment_digits(count: int, random: Random) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """(count, 28, 28) and their labels."""
    labels = [random.randrange(10) for _ in range(count)]
    return np.stack([framed(segment_digit(DIGITS[label], random)) for label in labels]), np.array(
        labels, np.int64
    )


def segment_digit(digit: str, random: Random) -> NDArray[Any]:
    """Its bars meet: what parts them is closed before a digit is framed."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    high = random.uniform(56, 68)
    size = (high * random.uniform(0.42, 0.62), high)
    width, slant = high * random.uniform(0.09, 0.2), random.choice((0.0, 0.0, 0.08, 0.14))
    draw_segments(
        canvas,
        random.choice(SEGMENTS[digit]),
        (16, 14),
        size,
        width,
        random.uniform(-0.5, 0.1) * width,
        slant,
    )
    return cv2.GaussianBlur(canvas, (0, 0), random.uniform(0.5, 2))


def draw_crossed(digit: NDArray[Any], random: Random) -> NDArray[Any]:
    """A digit (28, 28) that somebody crossed out."""
    canvas = cv2.copyMakeBorder(
        cv2.resize(digit, (72, 72), interpolation=cv2.INTER_CUBIC), 24, 24, 24, 24, cv2.BORDER_CONSTANT
    )
    left, top, wide, high = cv2.boundingRect((canvas > 100).astype(np.uint8))
    wider = max(wide, round(0.45 * high))
    left -= (wider - wide) // 2
    for line in crossings(random):
        draw_line(canvas, np.array(line) * [wider, high] + [left, top], random.randrange(3, 9))
    return canvas


def crossings(random: Random) -> list[list[tuple[float, float]]]:
    """Lines through a box 1 wide and 1 high: a cross, two or three bars, a zigzag, or scribbles."""

    def near(x: float, y: float, by: float = 0.14) -> tuple[float, float]:
        return x + random.uniform(-by, by), y + random.uniform(-by, by)

    way = random.randrange(5)
    if way <= 1:
        return [[near(0, 0), near(1, 1)], [near(1, 0), near(0, 1)]]
    if way == 2:
        levels = [0.4, 0.62] if random.random() < 0.6 else [0.3, 0.5, 0.7]
        tilt = random.uniform(-0.25, 0.25)
        return [[near(-0.2, level + tilt / 2, 0.07), near(1.2, level - tilt / 2, 0.07)] for level in levels]
    turns = random.randrange(6, 10)
    if way == 3:
        return [[near(n % 2 * 1.1 - 0.05, n / (turns - 1), 0.1) for n in range(turns)]]
    return [[near(n / (turns - 1) * 1.1 - 0.05, n % 2, 0.1) for n in range(turns)]]


def draw_dot(_digit: NDArray[Any], random: Random) -> NDArray[Any]:
    """A dot or blot of ink: round, nearly round, or soaked into the paper."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rough = random.choice((0.0, 0.05, 0.15))
    waves = sum(random.gauss(0, rough) / n * np.cos(n * angles + random.uniform(0, 6.3)) for n in range(1, 6))
    radii = 24 * (1 + waves)
    shape = 48 + np.stack([np.cos(angles) * radii, np.sin(angles) * radii * random.uniform(0.7, 1)], 1)
    cv2.fillPoly(canvas, [np.round(shape * 2**FINE).astype(np.int32)], 255, cv2.LINE_AA, FINE)
    turn = cv2.getRotationMatrix2D((48, 48), random.uniform(0, 180), 1)
    return cv2.GaussianBlur(cv2.warpAffine(canvas, turn, (SIDE, SIDE)), (0, 0), random.uniform(0.5, 4))


def draw_bracket(_digit: NDArray[Any], random: Random) -> NDArray[Any]:
    """As behind a printed item number."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    bend = random.uniform(9, 18) * random.choice((-1, 1))
    t = np.linspace(-1, 1, 16)
    draw_line(canvas, np.stack([48 + bend * (1 - t**2), 48 + 36 * t], 1), random.randrange(4, 10))
    return canvas
