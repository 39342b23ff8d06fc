"""Looking at a cell more than once: what one look leaves open is looked at again, moved a little.

Networks that pool lose where exactly a stroke lies, and answer a little differently for each place: the mean of several
is nearer to the truth (test-time augmentation; Krizhevsky, Sutskever, Hinton, ImageNet classification with deep
convolutional neural networks, 2012, section 4.1), and few cells are worth it.
"""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from ml.core.arrays import Numbers, Pictures
from ml.core.calibration import softmax

Moves = Sequence[tuple[float, float]]  # px across and down, of the size that the network reads

OPEN = 0.9995  # least probability, before calibration, of what needs no second look
MOST, FARTHEST = 8, 8.0  # further looks, and px, of a card that somebody wrote


def logits_of_looks(one_look: Callable[[Pictures], Numbers], cells: Pictures, moves: Moves) -> Numbers:
    """cells: (n, ..., side, side) uint8; one_look: their logits (n, classes). The mean over all looks where the first
    is not sure."""
    logits = one_look(cells)
    is_open = softmax(logits).max(1) < OPEN
    if moves and is_open.any():
        looks = [logits[is_open], *(one_look(moved(cells[is_open], move)) for move in moves)]
        logits[is_open] = np.mean(looks, axis=0)
    return logits


def are_moves(value: Any) -> bool:
    """Whether a card may say so; none is one look."""
    return (
        isinstance(value, list)
        and len(value) <= MOST
        and all(isinstance(move, list) and len(move) == 2 and all(map(_is_near, move)) for move in value)
    )


def _is_near(px: Any) -> bool:
    return isinstance(px, int | float) and not isinstance(px, bool) and abs(px) <= FARTHEST


def moved(cells: Pictures, move: tuple[float, float]) -> Pictures:
    """(..., side, side), each moved by px across and down; what comes in is as its edge."""
    side = cells.shape[-1]
    matrix = np.array([[1, 0, move[0]], [0, 1, move[1]]], np.float64)
    flat = cells.reshape(-1, side, side)
    found = [cv2.warpAffine(cell, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE) for cell in flat]
    return np.array(found, np.uint8).reshape(cells.shape)
