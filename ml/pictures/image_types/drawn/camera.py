"""How a drawn page comes to be a file: photographed on a table, or scanned."""

import cv2
import numpy as np
from numpy.random import Generator

from ml.core.arrays import Picture


def photographed(rng: Generator, page: Picture, scale: float | None = None) -> Picture:
    """On a table, seen by a hand-held camera, with its light, blur and grain. scale: of the page to the picture's
    height."""
    high, wide = page.shape[:2]
    height = int(high / (scale or rng.uniform(0.75, 1.25)) * rng.uniform(0.8, 1.1))
    width = int(max(wide / (scale or 1), height * rng.uniform(0.6, 1.2)))
    table = cv2.resize(rng.normal(rng.uniform(30, 190), 14, (9, 9, 3)).astype(np.float32), (width, height))
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    placed = (
        corners + rng.normal(0, 0.05 * min(wide, high), (4, 2)) + [(width - wide) / 2, (height - high) / 2]
    )
    way = cv2.getPerspectiveTransform(corners, placed.astype(np.float32))
    seen = cv2.warpPerspective(
        page.astype(np.float32), way, (width, height), dst=table, borderMode=cv2.BORDER_TRANSPARENT
    )
    light = cv2.resize(
        rng.uniform(0.55, 1.1, (3, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC
    )
    seen = cv2.GaussianBlur(seen * light[..., None], (0, 0), rng.uniform(0.4, 1.8))
    grain = rng.normal(0, rng.uniform(1, 7), seen.shape)
    return np.clip(seen + grain, 0, 255).astype(np.uint8)


def scanned(rng: Generator, page: Picture) -> Picture:
    """Slightly turned, blurred, or without colour."""
    high, wide = page.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.normal(0, 0.7), 1)
    page = cv2.warpAffine(page, turn, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.5:
        page = cv2.GaussianBlur(page, (0, 0), rng.uniform(0.3, 1.3))
    if rng.random() < 0.3:
        page = np.repeat(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    return page
