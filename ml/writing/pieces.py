"""Pieces of writing: connected strokes, joined where a digit is broken, cut where digits touch, laid in rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ml.core.arrays import Picture, rescale
from ml.writing.framing import framed
from ml.writing.ink import Ink

FIRM = 128  # strength that a component reaches somewhere, or it is no ink
THIN = 0.09  # of a digit's height: thinner strokes are made this thick; MNIST's are 0.1 to 0.15
FINE = 96  # px of a digit's height that are enough to see it
SPECK = 0.16  # of the height of the writing: what is smaller on both sides is no part of a digit
BAR = 1.8  # times as wide as high
BLOT = 0.5  # of its longer side is the thickest place of a blot; of bold digits a third


@dataclass(frozen=True)
class Piece:
    """ink: (h, w) uint8, ink high, of nothing but this piece; (left, top): where it lies in the picture."""

    left: int
    top: int
    ink: Picture

    @property
    def right(self) -> int:
        return self.left + self.ink.shape[1]

    @property
    def bottom(self) -> int:
        return self.top + self.ink.shape[0]

    @property
    def width(self) -> int:
        return self.ink.shape[1]

    @property
    def height(self) -> int:
        return self.ink.shape[0]

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def box(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.right, self.bottom


def components(ink: Ink) -> list[Piece]:
    """Connected strokes with some firm ink in them, without specks of one or two pixels."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink.mask, connectivity=8)
    firm = np.bincount(labels[ink.strength >= FIRM], minlength=len(stats))
    good = (firm > 0) & (stats[:, cv2.CC_STAT_AREA] > 3)
    good[0] = False
    return [_piece(ink, labels, int(label), stats[label]) for label in np.flatnonzero(good)]


def _piece(ink: Ink, labels: Picture, label: int, stats: Picture) -> Piece:
    """A component with the soft edge of its strokes."""
    left, top = max(stats[0] - 1, 0), max(stats[1] - 1, 0)
    part = (slice(top, stats[1] + stats[3] + 1), slice(left, stats[0] + stats[2] + 1))
    own = cv2.dilate((labels[part] == label).astype(np.uint8), np.ones((3, 3), np.uint8))
    foreign = (labels[part] != label) & (labels[part] != 0)
    return Piece(int(left), int(top), ink.strength[part] * own * ~foreign)


def writing_height(pieces: Sequence[Piece]) -> float:
    """The usual height of a character: the median over the pieces that hold most of the ink, but for bars and blots."""
    drawn = [piece for piece in pieces if piece.width < BAR * piece.height and not is_blot(piece)]
    drawn = drawn or list(pieces)
    mass = np.array([float((piece.ink > 64).sum()) for piece in drawn])
    heights = np.array([piece.height for piece in drawn])
    order = np.argsort(-mass)
    many = int(np.searchsorted(np.cumsum(mass[order]), 0.85 * mass.sum())) + 1
    return float(np.median(heights[order[:many]]))


def parted(pieces: Sequence[Piece], height: float) -> tuple[list[Piece], list[Piece]]:
    """What is large enough for a part of a digit, and specks."""
    least = SPECK * height
    is_large = [max(piece.width - 2, piece.height - 2) >= least for piece in pieces]
    large = [piece for piece, one in zip(pieces, is_large, strict=True) if one]
    return large, [piece for piece, one in zip(pieces, is_large, strict=True) if not one]


def is_blot(piece: Piece) -> bool:
    """Whether it is filled rather than drawn: a round spot as wide as the half of it."""
    short, long = sorted(piece.ink.shape)
    if short < 0.3 * long:
        return False
    mask = np.pad((piece.ink > 96).astype(np.uint8), 1)
    return 2 * float(cv2.distanceTransform(mask, cv2.DIST_L2, 3).max()) >= BLOT * max(long - 2, 1)


def merge_ink(pieces: Sequence[Piece]) -> Piece:
    left, top = min(piece.left for piece in pieces), min(piece.top for piece in pieces)
    right, bottom = max(piece.right for piece in pieces), max(piece.bottom for piece in pieces)
    ink = np.zeros((bottom - top, right - left), np.uint8)
    for piece in pieces:
        part = ink[piece.top - top : piece.bottom - top, piece.left - left : piece.right - left]
        np.maximum(part, piece.ink, out=part)
    return Piece(left, top, ink)


def frame_of(piece: Piece) -> Picture:
    """(28, 28) uint8 as the network sees it. Strokes that would vanish at that size are made thicker first."""
    ink = piece.ink
    scale = FINE / max(ink.shape)
    if scale < 1:
        reach = int(1 / scale)
        ink = cv2.dilate(ink, np.ones((reach, reach), np.uint8)) if thickness(ink) < reach else ink
        ink = rescale(ink, scale)
    missing = round(THIN * max(ink.shape) - thickness(ink))
    if missing >= 1:
        ink = cv2.copyMakeBorder(ink, missing, missing, missing, missing, cv2.BORDER_CONSTANT)
        ink = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (missing + 1, missing + 1)))
    return framed(ink)


def thickness(ink: Picture) -> float:
    """Of the strokes in px: twice their area by the length of their outline."""
    mask = np.pad((ink > 96).astype(np.uint8), 1)
    area = int(mask.sum())
    inner = int(cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))).sum())
    outline = area - inner
    return 1.0 if inner == 0 else 2 * area / max(outline, 1)


def group_rows(pieces: Sequence[Piece], height: float) -> list[list[Piece]]:
    """Rows from top to bottom, each from left to right. They may climb or fall: a piece lies beside its neighbour."""
    large = [piece for piece in pieces if piece.height >= 0.5 * height]
    rows: list[list[Piece]] = []
    for piece in sorted(large, key=lambda piece: piece.left):
        fits = [row for row in rows if _lies_beside(piece, row[-1])]
        if fits:
            min(fits, key=lambda row: abs(_level(row[-1]) - _level(piece))).append(piece)
        else:
            rows.append([piece])
    for piece in pieces:
        if piece.height < 0.5 * height:
            _add_small(rows, piece, height)
    rows.sort(key=lambda row: float(np.mean([_level(piece) for piece in row])))
    return [sorted(row, key=lambda piece: piece.middle) for row in rows]


def _level(piece: Piece) -> float:
    return (piece.top + piece.bottom) / 2


def _lies_beside(piece: Piece, other: Piece) -> bool:
    overlap = min(piece.bottom, other.bottom) - max(piece.top, other.top)
    return overlap >= 0.4 * min(piece.height, other.height)


def _add_small(rows: list[list[Piece]], small: Piece, height: float) -> None:
    """A bar or a dot belongs to the row of the piece nearest to it; far from all of them it is a row of its own."""
    distances = [min(_distance(small, piece) for piece in row) for row in rows]
    if distances and min(distances) <= 0.6 * height:
        rows[int(np.argmin(distances))].append(small)
    else:
        rows.append([small])


def _distance(piece: Piece, other: Piece) -> float:
    across = max(0, piece.left - other.right, other.left - piece.right)
    down = max(0, piece.top - other.bottom, other.top - piece.bottom)
    return float(np.hypot(across, down))
