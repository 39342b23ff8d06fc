"""Digits that somebody crossed out: an X from corner to corner through whatever it was, bars across all of it, or a
scribble over it."""

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.writing.pieces import Piece, thickness

SIDE = 48  # px on which the strokes are looked for
EDGE = 0.06  # of the side: ends of strokes are soft
STARTS = (0.04, 0.13, 0.22, 0.31)  # of the side from its corner, where a stroke of an X may begin and end
LEVELS = np.arange(0.18, 0.83, 0.04)  # of the height, where a bar may begin and end
TILT = 0.42  # of the height that a bar may climb or fall
APART = 0.13  # of the height between two bars, at least
NARROW = 0.45  # of its height
COVERED = 0.97  # of a stroke is ink
OPEN = 0.8  # and of the gap between two, at most
MANY = 3  # holes, more than any digit has: strokes went over strokes
BENT = 0.8  # of the straight ways is ink, where the strokes of an X are not quite straight
SOME = 2  # holes are left of those of a scribble
SCRIBBLED = 1.6  # length of its strokes, in sides of its box, times the share that is ink; of digits 0.7

Place = tuple[float, float]
Way = tuple[Place, Place]
Mask = NDArray[np.bool_]


def places_on(ways: Sequence[Way]) -> NDArray[np.intp]:
    """Straight ways between two places, each in shares of the sides -> (n, SIDE), pixels of the flat mask."""
    ends = np.array(ways) * (SIDE - 1)
    steps = np.linspace(ends[:, 0], ends[:, 1], SIDE, axis=1).round().astype(np.intp)
    return steps[..., 1] * SIDE + steps[..., 0]


def diagonals(corner: Sequence[Place]) -> NDArray[np.intp]:
    """From the top left corner to the bottom right one. corner: where a stroke may begin."""
    return places_on([(first, (1 - x, 1 - y)) for first, (x, y) in itertools.product(corner, corner)])


FROM_TOP: list[Place] = [(start, EDGE) for start in STARTS]  # beside the top left corner
FROM_SIDE: list[Place] = [(EDGE, start) for start in STARTS[1:]]
STEEP, ANY = diagonals(FROM_TOP), diagonals([*FROM_TOP, *FROM_SIDE])
BARS = np.array([ends for ends in itertools.product(LEVELS, LEVELS) if abs(ends[0] - ends[1]) <= TILT])


def across(levels: NDArray[np.float64]) -> NDArray[np.intp]:
    """(n, 2), the height of a bar at the left and at the right."""
    return places_on([((EDGE, left), (1 - EDGE, right)) for left, right in levels])


PLACES_OF_BARS = across(BARS)


def is_crossed_out(piece: Piece) -> bool:
    """Whether what is no clear digit was crossed out. Of digits that were not one in a hundred looks so."""
    ink = ink_of(piece)
    if ink is None:
        return False
    cross = cross_in(ink, ANY)
    if cross >= COVERED or has_bars(ink):
        return True
    closed = holes(piece)
    return (closed >= MANY and cross >= BENT) or (closed >= SOME and is_scribbled(piece))


def is_crossed_digit(piece: Piece) -> bool:
    """Whether there is more than the strokes: an x alone has nothing around which they close."""
    return is_crossed_out(piece) and holes(piece) > 0


def may_be_crossed_out(piece: Piece) -> bool:
    """Whether that may be so of a clear digit. Of digits that were not one in a thousand looks so."""
    ink = ink_of(piece)
    return ink is not None and (cross_in(ink, STEEP) >= COVERED or has_bars(ink))


def holes(piece: Piece) -> int:
    ground = np.pad((piece.ink <= 96).astype(np.uint8), 1, constant_values=1)
    parts, _labels = cv2.connectedComponents(ground, connectivity=4)
    return parts - 2  # the ink, and what is around it


def is_scribbled(piece: Piece) -> bool:
    """Whether more strokes lie in its box, and closer together, than those of two digits would."""
    is_ink = piece.ink > 96
    length = is_ink.sum() / thickness(piece.ink) / np.sqrt(is_ink.size)
    return bool(is_ink.mean() * length >= SCRIBBLED)


def ink_of(piece: Piece) -> Mask | None:
    """(SIDE, SIDE); None where it is too narrow: a 1 is all diagonals."""
    if piece.width < NARROW * piece.height:
        return None
    return np.asarray(cv2.resize(piece.ink, (SIDE, SIDE), interpolation=cv2.INTER_AREA) > 96)


def cross_in(ink: Mask, places: NDArray[np.intp]) -> float:
    """How much of two straight strokes from corner to corner is ink, of the one that has less."""
    return float(min(coverage(ink, places).max(), coverage(ink[:, ::-1], places).max()))


def has_bars(ink: Mask) -> bool:
    """Whether two straight bars go from side to side, with a gap between them."""
    bars = BARS[coverage(ink, PLACES_OF_BARS) >= COVERED]
    upper, lower = (bars[n] for n in np.nonzero((bars[None] - bars[:, None]).min(2, initial=1) >= APART))
    return bool(len(upper)) and any(
        bool((coverage(ink, across(upper + share * (lower - upper))) <= OPEN).any())
        for share in (0.4, 0.5, 0.6)
    )


def coverage(ink: Mask, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """How much of each way is ink."""
    return np.asarray(ink.ravel()[places].mean(1))
