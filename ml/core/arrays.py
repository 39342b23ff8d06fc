"""The arrays that all rooms pass on, and what is done to them everywhere."""

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

# uint8; OpenCV's own types do not tell element types apart, so neither do these.
Picture = NDArray[Any]  # (h, w) or (h, w, 3) RGB
Pictures = NDArray[Any]  # (n, ...) of one size

Numbers = NDArray[np.float32]
Labels = NDArray[np.int64]


def rescale(picture: Picture, scale: float, enlarging: int = cv2.INTER_LINEAR) -> Picture:
    """Both sides times the scale, at least one pixel each. enlarging: OpenCV's interpolation where it grows."""
    high, wide = picture.shape[:2]
    size = max(1, round(wide * scale)), max(1, round(high * scale))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else enlarging)


def crop_to_ink(ink: Picture, least: int) -> Picture | None:
    """(h, w) with ink high, cut to what reaches the least level; None where nothing does."""
    left, top, wide, high = cv2.boundingRect((ink >= least).astype(np.uint8))
    return ink[top : top + high, left : left + wide] if wide else None


def in_parts(function: Callable[[Pictures], Numbers], rows: NDArray[Any], size: int) -> Numbers:
    """What a function makes of (n, ...), of at most about `size` rows at a time: so memory does not grow with n."""
    return np.concatenate([function(part) for part in np.array_split(rows, len(rows) // size + 1)])
