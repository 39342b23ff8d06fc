"""A line of text cut out of its picture and straightened: a strip 48 px high, as the readers learned from."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers, Picture
from ml.pictures.lines.detector import Quad

Strip = NDArray[Any]  # uint8 (48, w, 3) RGB
Grey = NDArray[Any]  # uint8 (48, w), dark on light

HEIGHT = 48  # px
LONGEST = 4096  # px
GROUND = 85  # percentile of a column of a strip: ink is less than the rest of it
LEAST_CONTRAST = 0.05
LEAST_EDGE = 4  # grey levels between neighbours


def straighten_line(picture: Picture, quad: Quad) -> Strip:
    start, end, far_end, far_start = quad
    wide = float(np.linalg.norm(end - start) + np.linalg.norm(far_end - far_start))
    high = float(np.linalg.norm(far_start - start) + np.linalg.norm(far_end - end))
    length = min(LONGEST, max(1, round(wide * HEIGHT / max(high, 1))))
    corners = np.array([(0, 0), (length, 0), (length, HEIGHT), (0, HEIGHT)], np.float32)
    turn = cv2.getPerspectiveTransform(quad, corners)
    size = (length, HEIGHT)
    return cv2.warpPerspective(picture, turn, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def network_input(strip: Strip, least: int) -> Numbers:
    """(1, 3, 48, w) BGR from -1 to 1; 0 where a strip shorter than `least` is padded."""
    numbers: Numbers = strip[:, :, ::-1].transpose(2, 0, 1).astype(np.float32) / np.float32(127.5) - 1
    return np.pad(numbers, ((0, 0), (0, 0), (0, max(0, least - strip.shape[1]))))[None]


def has_edges(strip: Strip) -> bool:
    """Whether anything is written there, and it is not one colour or a shade."""
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY).astype(np.int16)
    return strip.shape[1] > 1 and float(np.percentile(np.abs(np.diff(grey, axis=1)), 99.5)) >= LEAST_EDGE


def dark_on_light(strip: Strip) -> Grey:
    """Ink dark on a ground that is white whatever light falls on it."""
    grey = cv2.cvtColor(strip, cv2.COLOR_RGB2GRAY)
    if np.median(grey) < (float(grey.min()) + float(grey.max())) / 2:
        grey = 255 - grey
    ground = np.percentile(grey, GROUND, axis=0).astype(np.float32)[None]
    near = cv2.blur(cv2.dilate(ground, np.ones((1, HEIGHT + 1))), (HEIGHT + 1, 1))
    flat = np.minimum(grey / np.maximum(near, 1), 1)
    darkest = np.percentile(flat, 1)
    return (np.clip((flat - darkest) / max(1 - darkest, LEAST_CONTRAST), 0, 1) * 255).astype(np.uint8)
