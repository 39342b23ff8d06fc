"""Signs between digits: - . , / + =, told by their shape and by where they stand beside the digits of their row.

The network sees shapes without their size and place, by which a dot differs from a blot and a dash from a fallen 1:
so rules of size and place decide. What fits one of them half is a doubtful sign.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ml.writing.pieces import Piece, merge_ink

SIGNS = "-.,/+="
CLEAR, DOUBTFUL = 0.99, 0.6
INK = 96  # of 255
OVERLAP = 0.3  # of a sign's width may lie above or under a digit
HEAD = 0.3  # of a digit's height reaches its head down
SKIPPED = 0.06  # of a digit's height is its stroke broken at most, where the pen skipped
SMALLEST = 0.05  # of a digit's height: smaller is dust
NEAR = 0.9  # of a digit's height: farther from every digit is no part of a number
SLASHES = (15.0, 55.0)  # degrees from upright
STRAIGHT = 0.09  # of its length strays a slash from a line, its width apart
RULED = 0.01  # of its length strays what a machine drew, and of 100 ones by hand that lean like a slash five
TALLER, AS_TALL = 1.12, 1.02  # times as high as the digits beside it: surely a slash; surely a 1
THIN = 0.55  # of its height is a bracket wide at most
RING = 0.7  # of its stroke's height is a ring of a percent sign at most
BOWED = 0.1  # of its height, as brackets of all fonts are, and of 100 ones written by hand three
WAVING = 0.035  # of its length strays a tilde
BRACKET = 1.1  # times as high as the digit beside it


@dataclass(frozen=True)
class Sign:
    piece: Piece
    value: str
    probability: float


@dataclass(frozen=True)
class Place:
    """Where digits of the row have their heads and feet here."""

    top: float
    bottom: float
    left: float  # of the row
    right: float

    @property
    def unit(self) -> float:
        return max(self.bottom - self.top, 1.0)

    def level(self, y: float) -> float:
        """0 at the heads of the digits, 1 at their feet."""
        return (y - self.top) / self.unit


def place_beside(row: Sequence[Piece], piece: Piece) -> Place:
    """By the two digits nearest to a piece."""
    near = sorted(row, key=lambda other: gap(other, piece))[:2]
    return Place(
        float(np.mean([other.top for other in near])),
        float(np.mean([other.bottom for other in near])),
        min(other.left for other in row),
        max(other.right for other in row),
    )


def gap(first: Piece, second: Piece) -> float:
    """Pixels across between two pieces; below 0 where one lies above the other."""
    return max(first.left, second.left) - min(first.right, second.right)


def could_be_sign(piece: Piece, row: Sequence[Piece]) -> bool:
    """Whether it stands where a sign of this row would, and is large enough for one."""
    place = place_beside(row, piece)
    middle = place.level((piece.top + piece.bottom) / 2)
    is_beside = min(gap(other, piece) for other in row) <= NEAR * place.unit
    return (
        is_beside and -0.2 <= middle <= 1.45 and max(piece.width, piece.height) - 2 >= SMALLEST * place.unit
    )


def is_end_of_stroke(speck: Piece, row: Sequence[Piece]) -> bool:
    """Whether it lies at the head of a digit as near as the end of its stroke, where the pen skipped; the dot of an i
    is farther away."""
    return any(
        gap(speck, other) <= SKIPPED * other.height
        and other.top - speck.bottom <= SKIPPED * other.height
        and middle(speck) <= other.top + HEAD * other.height
        for other in row
    )


def find_signs(small: Sequence[Piece], row: Sequence[Piece]) -> list[Sign]:
    """Among the small pieces of a row those that are signs beside its digits."""
    free = [piece for piece in small if is_free(piece, row) and could_be_sign(piece, row)]
    pairs = equals(free, row)
    paired = {id(piece) for sign, pieces in pairs for piece in pieces}
    signs = [sign for sign, _pieces in pairs]
    for piece in free:
        sign = None if id(piece) in paired else sign_of(piece, row)
        if sign:
            is_clear = sign.value not in ".," or not is_under_another(piece, [*free, *row])
            signs.append(sign if is_clear else replace(sign, probability=DOUBTFUL))
    return signs


def is_free(piece: Piece, row: Sequence[Piece]) -> bool:
    """Whether it stands between digits, not over, under or in one."""
    return all(-gap(piece, other) <= max(OVERLAP * piece.width, 3) or under(piece, other) for other in row)


def under(piece: Piece, other: Piece) -> bool:
    """A comma may reach under the digit before it."""
    is_low = piece.top > other.top + 0.75 * other.height
    return is_low and min(piece.right - other.right, piece.left - other.left) > -0.3 * piece.width


def equals(free: Sequence[Piece], row: Sequence[Piece]) -> list[tuple[Sign, tuple[Piece, Piece]]]:
    found = []
    bars = [piece for piece in free if is_bar(piece, place_beside(row, piece))]
    for number, upper in enumerate(bars):
        for lower in bars[number + 1 :]:
            unit = place_beside(row, upper).unit
            if (
                -gap(upper, lower) > 0.6 * max(upper.width, lower.width)
                and abs(middle(upper) - middle(lower)) < 0.5 * unit
            ):
                found.append((Sign(merge_ink([upper, lower]), "=", CLEAR), (upper, lower)))
    return found


def middle(piece: Piece) -> float:
    return (piece.top + piece.bottom) / 2


def is_under_another(dot: Piece, others: Sequence[Piece]) -> bool:
    """Whether it may be the lower half of a colon or of a !: something stands right above it."""
    return any(
        one.bottom <= dot.top and -gap(one, dot) > 0.5 * min(one.width, dot.width)
        for one in others
        if one is not dot
    )


def is_bar(piece: Piece, place: Place) -> bool:
    return piece.width >= 1.7 * piece.height and 0.15 <= piece.width / place.unit <= 1.0


def sign_of(piece: Piece, row: Sequence[Piece]) -> Sign | None:
    place = place_beside(row, piece)
    level, unit = place.level(middle(piece)), place.unit
    wide, high = (max(side - 2, 1) / unit for side in (piece.width, piece.height))
    if is_bar(piece, place) and 0.22 <= level <= 0.82:
        is_clear = (
            0.3 <= level <= 0.75
            and piece.width >= 2 * piece.height
            and wide >= 0.22
            and waves(piece) < WAVING
        )
        return Sign(piece, "-", CLEAR if is_clear else DOUBTFUL)
    if min(wide, high) >= 0.2 and max(wide, high) <= 0.8 and 0.2 <= level <= 0.85:
        return plus_of(piece, 0.3 <= level <= 0.75)
    if level >= 0.7 and max(wide, high) <= 0.5:
        return dot_of(piece, place, row)
    return None


def waves(bar: Piece) -> float:
    """How far of its length a bar strays from a line."""
    return leaning(replace(bar, ink=bar.ink.T))[1]


def plus_of(piece: Piece, is_in_place: bool) -> Sign | None:
    """One bar across and one upright, and nothing in the corners."""
    ink = piece.ink > INK
    rows, columns = ink.mean(1), ink.mean(0)
    fills = float(rows.max()), float(columns.max())
    high, wide = ink.shape
    corners = ink.copy()
    at = int(rows.argmax()), int(columns.argmax())
    reach = round(0.17 * max(high, wide)) + 1
    corners[max(0, at[0] - reach) : at[0] + reach + 1] = False
    corners[:, max(0, at[1] - reach) : at[1] + reach + 1] = False
    is_central = all(0.25 <= place / size <= 0.75 for place, size in zip(at, (high, wide), strict=True))
    if not is_central or min(fills) < 0.55 or corners.sum() > 0.06 * ink.sum():
        return None
    return Sign(piece, "+", CLEAR if is_in_place and min(fills) > 0.62 else DOUBTFUL)


def dot_of(piece: Piece, place: Place, row: Sequence[Piece]) -> Sign | None:
    """A dot stands on the line, a comma hangs below it and is longer than wide."""
    length, width = axes(piece)
    foot = place.level(piece.bottom)
    high, wide = piece.height / place.unit, piece.width / place.unit
    if not all(any(is_right == (other.middle > piece.middle) for other in row) for is_right in (False, True)):
        return None  # not between two digits: it may end a sentence
    sure = CLEAR
    if length < 1.45 * width and max(high, wide) <= 0.34 and foot >= 0.84:
        is_dot = length < 1.35 * width and foot <= 1.22
        return Sign(piece, ".", sure if is_dot else DOUBTFUL)
    if high >= 0.75 * wide and foot >= 0.98 and length >= 1.3 * width:
        is_comma = length > 1.5 * width and foot >= 1.06 and high >= 0.12
        return Sign(piece, ",", sure if is_comma else DOUBTFUL)
    return None


def axes(piece: Piece) -> tuple[float, float]:
    """Length and width of the ink, whichever way it lies."""
    points = np.argwhere(piece.ink > INK)[:, ::-1].astype(np.float32)
    if len(points) < 3:
        return 1.0, 1.0
    _centre, sides, _turn = cv2.minAreaRect(points)
    return max(sides) + 1, min(sides) + 1


def slash_of(piece: Piece, row: Sequence[Piece]) -> Sign | None:
    """A straight stroke that leans, between two digits and taller than both. Hardly taller it is a 1, unless it is as
    straight as in print: then it may be either."""
    lean, stray = leaning(piece)
    others = [other for other in row if other is not piece]
    if not SLASHES[0] <= lean <= SLASHES[1] or stray > STRAIGHT or not others or not is_stroke(piece):
        return None
    near = sorted(others, key=lambda other: gap(other, piece))[:2]
    taller = piece.height / float(np.mean([other.height for other in near]))
    is_between = any(other.middle < piece.middle for other in others) and any(
        other.middle > piece.middle for other in others
    )
    if not is_between or taller <= AS_TALL or (taller < TALLER and stray > RULED):
        return None
    is_clear = taller >= TALLER and lean >= 17 and not may_be_percent(piece, row)
    return Sign(piece, "/", CLEAR if is_clear else DOUBTFUL)


def may_be_bracket(piece: Piece, row: Sequence[Piece]) -> bool:
    """A thin stroke that bows to either side, taller than the digit beside it."""
    near = min((one for one in row if one.box != piece.box), key=lambda one: gap(one, piece), default=None)
    return near is not None and piece.height >= BRACKET * near.height and abs(bend(piece)) >= BOWED


def bend(piece: Piece) -> float:
    """How far a thin stroke with its ends about under each other bends to the right, by its height; else 0."""
    rows = np.flatnonzero((piece.ink > INK).any(1))
    if len(rows) < 8 or piece.width > THIN * piece.height:
        return 0.0
    ink = piece.ink[rows] > INK
    middles = (ink * np.arange(ink.shape[1])).sum(1) / ink.sum(1)
    tip, third = max(1, len(rows) // 10), len(rows) // 3
    head, foot = float(middles[:tip].mean()), float(middles[-tip:].mean())
    bent = float(middles[third : 2 * third].mean()) - (head + foot) / 2
    return bent / len(rows) if abs(head - foot) < 2.2 * abs(bent) else 0.0


def may_be_percent(piece: Piece, row: Sequence[Piece]) -> bool:
    """A leaning stroke with something small beside its head and beside its foot."""
    small = [one for one in row if one.height < RING * piece.height and gap(one, piece) < 0.3 * piece.height]
    has_rings = any(
        one.middle < piece.middle < other.middle and middle(one) < middle(piece) < middle(other)
        for one in small
        for other in small
    )
    return has_rings and SLASHES[0] <= leaning(piece)[0] <= SLASHES[1]


def is_stroke(piece: Piece) -> bool:
    """Whether there is one run of ink in each row, as there is not in a 0."""
    ink = piece.ink > INK
    rows = ink[ink.any(1)]
    spans = rows.shape[1] - rows.argmax(1) - rows[:, ::-1].argmax(1)
    return float(np.quantile(spans / np.maximum(rows.sum(1), 1), 0.8)) < 1.2


def leaning(piece: Piece) -> tuple[float, float]:
    """Degrees by which a stroke leans to the right, and how far of its length it strays from a line."""
    points = np.argwhere(piece.ink > INK).astype(np.float64)
    if len(points) < 10:
        return 0.0, 1.0
    slope, level = np.polyfit(points[:, 0], points[:, 1], 1)
    length = np.hypot(piece.height, piece.width)
    rows = points[:, 0].astype(int)
    counts = np.bincount(rows)
    middles = np.bincount(rows, points[:, 1])[counts > 0] / counts[counts > 0]
    heights = np.flatnonzero(counts)
    stray = float(np.quantile(np.abs(middles - slope * heights - level), 0.95)) / length
    return float(np.degrees(np.arctan(-slope))), stray
