"""A digit with other strokes: redrawn as if with another pen."""

import cv2
import numpy as np

from ml.core.arrays import Picture
from ml.writing.framing import SIDE

FINER = 4  # strokes are redrawn on a grid this much finer


def set_width(picture: Picture, width: float) -> Picture:
    """(28, 28) -> (28 * FINER, 28 * FINER): the same shape with its strokes made `width` pixels of 28 wide.

    The outline is moved in or out by half the difference to the usual width, so what is filled stays filled; where a
    stroke is thinner than that its middle is drawn.
    """
    size = SIDE * FINER
    fine = cv2.resize(picture, (size, size), interpolation=cv2.INTER_CUBIC)
    shape = np.asarray(fine > 110, np.uint8)
    middle = skeleton(shape)
    inside = cv2.distanceTransform(shape, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - shape, cv2.DIST_L2, 5)
    half = float(np.median(inside[middle > 0])) if middle.any() else 0.0
    from_edge = np.where(shape > 0, inside, -outside)
    from_middle = cv2.distanceTransform(1 - middle, cv2.DIST_L2, 5)
    wanted = width * FINER / 2
    return np.asarray(255 * ((from_edge > half - wanted) | (from_middle <= wanted)), np.uint8)


def skeleton(shape: Picture) -> Picture:
    """0 and 1, thinned to lines (Zhang, Suen, A fast parallel algorithm for thinning digital patterns, 1984)."""
    shape = np.pad(shape, 1)
    while True:
        before = int(shape.sum())
        for is_second in (False, True):
            shape = shape & ~removable(shape, is_second)
        if int(shape.sum()) == before:
            return shape[1:-1, 1:-1]


def removable(shape: Picture, is_second: bool) -> Picture:
    """The border points of one of the two passes of Zhang and Suen."""
    turns = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
    around = np.stack([np.roll(shape, (-down, -right), (0, 1)) for down, right in turns])
    neighbours = around.sum(0)
    changes = ((around == 0) & (np.roll(around, -1, 0) == 1)).sum(0)
    north, east, south, west = around[0], around[2], around[4], around[6]
    if is_second:
        is_edge = (north * east * west == 0) & (north * south * west == 0)
    else:
        is_edge = (north * east * south == 0) & (east * south * west == 0)
    found = (shape == 1) & (neighbours >= 2) & (neighbours <= 6) & (changes == 1) & is_edge
    return np.asarray(found, np.uint8)
