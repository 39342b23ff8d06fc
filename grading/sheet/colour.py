"""Bright colours on paper become dark: a yellow highlighter is as light as paper in grey, and black in blue light."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = NDArray[Any]  # uint8 (h, w, 3), blue green red
Grey = NDArray[Any]

PAPER = 90  # percentile of each channel that is paper's own colour
LIGHT = 0.62  # of paper's grey: darker ink is seen anyway
COLOURED = 0.78  # of paper, in the darkest channel: more is a tint of the paper or of the light
APART = 0.15  # of paper, between the two
PARTS = 250  # steps from black to paper
LEAST_SHARE = 2e-4  # of the picture: about one bubble of a page
BAND = 128  # rows at a time stay in the processor's cache


def has_bright_ink(small: Colour) -> bool:
    """Whether some of a picture, which may be shrunk a lot, is light and yet coloured."""
    white = _paper(small[::2, ::2])
    grey = cv2.convertScaleAbs(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), alpha=PARTS / max(white.mean(), 1))
    blue, green, red = (
        cv2.convertScaleAbs(channel, alpha=PARTS / level)
        for channel, level in zip(cv2.split(small), white, strict=True)
    )
    darkest = cv2.min(cv2.min(blue, green), red)
    is_bright = (grey > LIGHT * PARTS) & (darkest < COLOURED * PARTS)
    return float((is_bright & (cv2.subtract(grey, darkest) > APART * PARTS)).mean()) > LEAST_SHARE


def darkest_channel(colour: Colour) -> Grey:
    """(h, w): of each pixel its darkest channel, as if paper and light were white."""
    steps = np.arange(256)
    levels = [np.minimum(steps * (245 / level), 255).astype(np.uint8) for level in _paper(colour[::8, ::8])]
    darkest = np.empty(colour.shape[:2], np.uint8)
    for top in range(0, len(colour), BAND):
        channels = cv2.split(colour[top : top + BAND])
        blue, green, red = map(cv2.LUT, channels, levels)
        cv2.min(cv2.min(blue, green), red, darkest[top : top + BAND])
    return darkest


def _paper(colour: Colour) -> NDArray[np.floating[Any]]:
    """The level of each channel on paper, (3,)."""
    counts = np.array([np.bincount(channel.ravel(), minlength=256) for channel in cv2.split(colour)])
    return np.maximum((counts.cumsum(axis=1) >= PAPER / 100 * colour[..., 0].size).argmax(axis=1), 40)
