"""Printed characters that the network takes for digits: / | > ! ? ° and digits with a mark beside them.

It sees shapes without size and place, and has learned from digits alone: nobody is sure of what may be one of these.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture
from ml.writing.pieces import Piece
from ml.writing.signs import BRACKET, INK, gap, is_stroke, leaning, place_beside

RULED = 0.012  # of its length strays what a machine drew, and of 1,000 ones by hand four
LEANS = 8.0  # degrees from upright, either way, leans a slash of a narrow typeface
RAISED = 0.62  # of the height of the digits beside it ends what stands at their heads: ° and exponents
MIRRORED = 0.75  # of the ink lies on ink again upside down: so does >, and no 7
BESIDE = 0.12  # of its height are its parts apart at least, if one of them is a mark
DOT = 0.3  # of the height of ! and ? is their dot at most
FINEST = 24  # px: what is smaller is broken by chance


def may_be_lookalike(piece: Piece, value: int, row: Sequence[Piece]) -> bool:
    """value: which digit it was read as; row: the digits of its row, this one among them."""
    others = [one for one in row if one.box != piece.box]
    if has_mark(piece.ink > INK) or (value == 7 and may_be_greater_than(piece.ink)):
        return True
    return bool(others) and (is_raised(piece, others) or (value == 1 and may_be_bar(piece, others)))


def may_be_bar(piece: Piece, others: Sequence[Piece]) -> bool:
    """As straight as in print: a slash where it leans, a bar where it is taller than the digit beside it."""
    lean, stray = leaning(piece)
    if stray > RULED or not is_stroke(piece):
        return False
    near = min(others, key=lambda one: gap(one, piece))
    return abs(lean) >= LEANS or piece.height >= BRACKET * near.height


def is_raised(piece: Piece, others: Sequence[Piece]) -> bool:
    return place_beside(others, piece).level(piece.bottom) < RAISED


def may_be_greater_than(ink: Picture) -> bool:
    """Whether it looks the same upside down."""
    is_ink = ink > INK
    return bool((is_ink & is_ink[::-1]).sum() >= MIRRORED * is_ink.sum())


def has_mark(is_ink: NDArray[np.bool_]) -> bool:
    """Whether ground parts it from what stands beside it, or from a dot below it."""
    high, wide = is_ink.shape
    if max(high, wide) < FINEST:
        return False
    columns, rows = np.flatnonzero(is_ink.any(0)), np.flatnonzero(is_ink.any(1))
    gaps = np.diff(rows) > 1
    feet = rows[1:][gaps]
    return bool((np.diff(columns) > BESIDE * high).any() or (len(feet) and rows[-1] - feet[-1] < DOT * high))
