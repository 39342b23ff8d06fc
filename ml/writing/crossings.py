"""Digits that somebody crossed out: an X from corner to corner through whatever it was, or bars across all of it."""

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.writing.pieces import Piece

SIDE = 48  # px on which the strokes are looked for
EDGE = 0.06  # of the side: ends of strokes are soft
STARTS = (0.04, 0.13, 0.22, 0.31)  # of the side from its corner, where a stroke of an X may begin and end
LEVELS = np.arange(0.18, 0.83, 0.04)  # of the height, where a bar may begin and end
TILT = 0.42  # of the height that a bar may climb or fall
APART = 0.13  # of the height between two bars, at least
NARROW = 0.45  # of its height
COVERED = 0.97  # of a stroke is ink
OPEN = 0.8  # and of the gap between two, at most

Place = tuple[float, float]
Mask = NDArray[np.bool_]

FROM_TOP: list[Place] = [(start, EDGE) for start in STARTS]  # beside the top left corner
FROM_SIDE: list[Place] = [(EDGE, start) for start in STARTS[1:]]


def is_crossed_out(piece: Piece) -> bool:
    """Whether what is no clear digit was crossed out. Of digits that were not one in a hundred looks so."""
    ink = ink_of(piece)
    return ink is not None and (has_cross(ink, (*FROM_TOP, *FROM_SIDE)) or has_bars(ink))


def is_crossed_digit(piece: Piece) -> bool:
    """Whether there is more than the strokes: an x alone has nothing around which they close."""
    return is_crossed_out(piece) and has_holes(piece)


def has_holes(piece: Piece) -> bool:
    ground = np.pad((piece.ink <= 96).astype(np.uint8), 1, constant_values=1)
    parts, _labels = cv2.connectedComponents(ground, connectivity=4)
    return parts > 2  # with the ink, and what is around it


def may_be_crossed_out(piece: Piece) -> bool:
    """Whether that may be so of a clear digit. Of digits that were not one in a thousand looks so."""
    ink = ink_of(piece)
    return ink is not None and has_cross(ink, FROM_TOP)


def ink_of(piece: Piece) -> Mask | None:
    """(SIDE, SIDE); None where it is too narrow: a 1 is all diagonals."""
    if piece.width < NARROW * piece.height:
        return None
    return np.asarray(cv2.resize(piece.ink, (SIDE, SIDE), interpolation=cv2.INTER_AREA) > 96)


def has_cross(ink: Mask, corner: Sequence[Place]) -> bool:
    return has_diagonal(ink, corner) and has_diagonal(ink[:, ::-1], corner)


def has_diagonal(ink: Mask, corner: Sequence[Place]) -> bool:
    """Whether a straight stroke goes from the top left corner to the bottom right one. corner: where it may begin."""
    return any(is_stroke(ink, first, (1 - x, 1 - y)) for first, (x, y) in itertools.product(corner, corner))


def has_bars(ink: Mask) -> bool:
    """Whether two straight bars go from side to side, with a gap between them."""
    bars = [
        (left, right)
        for left, right in itertools.product(LEVELS, LEVELS)
        if abs(left - right) <= TILT and is_stroke(ink, (EDGE, left), (1 - EDGE, right))
    ]
    return any(
        min(lower[0] - upper[0], lower[1] - upper[1]) >= APART
        and any(coverage(ink, *between(upper, lower, share)) <= OPEN for share in (0.4, 0.5, 0.6))
        for upper, lower in itertools.permutations(bars, 2)
    )


def between(upper: Place, lower: Place, share: float) -> tuple[Place, Place]:
    left, right = (high + share * (low - high) for high, low in zip(upper, lower, strict=True))
    return (EDGE, left), (1 - EDGE, right)


def is_stroke(ink: Mask, first: Place, last: Place) -> bool:
    return coverage(ink, first, last) >= COVERED


def coverage(ink: Mask, first: Place, last: Place) -> float:
    """How much of the straight way between two places, in shares of the sides, is ink."""
    columns, rows = (
        (np.linspace(begin, end, SIDE) * (SIDE - 1)).round().astype(int)
        for begin, end in zip(first, last, strict=True)
    )
    return float(ink[rows, columns].mean())
