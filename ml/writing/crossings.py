"""Digits that somebody crossed out with an X: two straight strokes from corner to corner through whatever it was."""

import itertools

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.writing.pieces import Piece

SIDE = 48  # px on which the strokes are looked for
STARTS = (0.03, 0.12, 0.21, 0.3)  # of the width from its corner, where a stroke may begin and end
NARROW = 0.45  # of its height
COVERED = 0.97  # of a stroke is ink


def may_be_crossed(piece: Piece) -> bool:
    if piece.width < NARROW * piece.height:  # a 1 is all diagonals
        return False
    ink = cv2.resize(piece.ink, (SIDE, SIDE), interpolation=cv2.INTER_AREA) > 96
    return has_diagonal(ink) and has_diagonal(ink[:, ::-1])


def has_diagonal(ink: NDArray[np.bool_]) -> bool:
    """Whether a straight stroke goes from the top left to the bottom right."""
    steps = np.linspace(0.06, 0.94, SIDE)
    rows = (steps * (SIDE - 1)).round().astype(int)
    for first, last in itertools.product(STARTS, STARTS):
        columns = ((first + (1 - last - first) * steps) * (SIDE - 1)).round().astype(int)
        if ink[rows, columns].mean() >= COVERED:
            return True
    return False
