"""Scanners and phones that see the sheets of other makers. RGB of 300 dpi in, the pixels of a picture out."""

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.makers_press import DPI
from grading.sheet.filling.ink import Picture

Rng = np.random.Generator

RESOLUTIONS = (100, 150, 200, 300)
MOST_TURNED = 2.0  # degrees in a feeder
LONG_SIDE = 2600  # px of a photo
TILT = 0.05  # of a side, that a corner moves in perspective
DESKS = ((158, 120, 86), (70, 74, 82), (206, 200, 190), (96, 70, 48), (40, 60, 52))
LENS = 0.15  # of the light, that the corners lack
GRADIENT = 0.4  # of the light, from one side to the other


def scan(sheet: Picture, rng: Rng) -> tuple[Picture, str]:
    """Through a feeder: as large as the paper, slightly turned, grey or in colour."""
    dpi = int(rng.choice(RESOLUTIONS))
    turned = _turned(sheet, rng.uniform(-MOST_TURNED, MOST_TURNED))
    scale = dpi / DPI
    small = cv2.resize(turned, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    seen = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 0.7)).astype(np.float32)
    if rng.random() < 0.7:
        seen = np.repeat(cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    black, white = rng.uniform(0, 40), rng.uniform(235, 255)
    return _finished(black + seen / 255 * (white - black), rng.uniform(1, 5), rng), f"scan{dpi}"


def photograph(sheet: Picture, rng: Rng) -> tuple[Picture, str]:
    """On a desk, in perspective, with the light from one side."""
    height, width = sheet.shape[:2]
    scale = LONG_SIDE / max(height, width)
    frame = np.array([width, height]) * scale
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * frame / 2 * rng.uniform(0.82, 0.92)
    corners = corners @ _rotation(rng.normal(0, 2.0)) * (1 - rng.uniform(0, TILT, (4, 2))) + frame / 2
    print_corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(print_corners, corners.astype(np.float32))
    size = round(frame[0]), round(frame[1])
    soft = cv2.GaussianBlur(sheet, (0, 0), 0.4 / scale)  # as the sensor averages
    paper = cv2.warpPerspective(soft, matrix, size, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), matrix, size).astype(np.float32) / 255
    seen = paper * mask[..., None] + _desk(size, rng) * (1 - mask[..., None])
    seen *= (_light(size, rng) * rng.uniform(0.75, 1.0))[..., None]
    seen *= rng.uniform([0.95, 0.95, 0.82], [1.0, 1.0, 1.0])
    return _finished(cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.5, 1.2)), rng.uniform(2, 6), rng), "photo"


def _desk(size: tuple[int, int], rng: Rng) -> NDArray[np.float32]:
    colour = np.float32(DESKS[rng.integers(len(DESKS))])
    grain = rng.standard_normal((size[1] // 40 + 1, size[0] // 8 + 1)).astype(np.float32)
    return colour + rng.uniform(2, 10) * cv2.resize(grain, size, interpolation=cv2.INTER_CUBIC)[..., None]


def _light(size: tuple[int, int], rng: Rng) -> NDArray[np.float32]:
    v, u = np.mgrid[-1:1:48j, -1:1:48j]
    angle = rng.uniform(0, 2 * np.pi)
    side = (1 + (u * np.cos(angle) + v * np.sin(angle)) / np.sqrt(2)) / 2
    light = (1 - rng.uniform(0, GRADIENT) * side) * (1 - rng.uniform(0, LENS) * (u**2 + v**2) / 2)
    return cv2.resize(light.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)


def _finished(seen: NDArray[np.float32], noise: float, rng: Rng) -> Picture:
    """With the noise of a sensor."""
    height, width = seen.shape[:2]
    tile = rng.standard_normal((height // 4 + 1, width // 4 + 1)).astype(np.float32)
    grain = np.tile(tile, (4, 4))[:height, :width, None]
    return np.clip(np.rint(seen + noise * grain), 0, 255).astype(np.uint8)


def _turned(sheet: Picture, degrees: float) -> Picture:
    height, width = sheet.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    return cv2.warpAffine(sheet, matrix, (width, height), flags=cv2.INTER_LINEAR, borderValue=(250, 250, 250))


def _rotation(degrees: float) -> NDArray[np.float64]:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
