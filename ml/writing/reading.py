"""Handwritten digits in any picture: where they are, in reading order, each laid out as the network wants it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers, Picture, rescale
from ml.writing.cuts import cut_piece
from ml.writing.framing import SIDE, framed
from ml.writing.ink import Ink, depths, grey_if_grey, ink_of
from ml.writing.lattice import Group, cheapest_path, cost_of, groups_of
from ml.writing.lines import line_mask
from ml.writing.pieces import (
    Piece,
    components,
    frame_of,
    group_rows,
    merge_ink,
    without_specks,
    writing_height,
)

Classify = Callable[[Picture], Numbers]  # (n, 28, 28) uint8, ink high -> (n, 10) logits

LONGEST = 1600  # px: larger pictures are made smaller first
SHORTEST = 100  # px: smaller ones larger, up to four times
CROP = 200  # px: a picture this small shows one digit, unless two are clearly there
SURE = 0.2  # nats: what costs less needs no cut
NARROW = 0.45  # of the height of the writing: no wider than one digit
WIDE = 2.0  # wider than any letter
APART = 0.35  # nats for all parts of what is no digit as a whole
SHARP = 0.01  # nats for each of them, where a part is a stroke or they are many: so letters fall apart, too
MAIN_STROKE = 0.6  # of its height: one piece of a broken digit is at least this high
MAIN_PART = 0.75  # of the ink of a crop: the rest may be dirt


@dataclass(frozen=True)
class Found:
    """box: left, top, right, bottom in pixels of the picture; row: counted from 0; frame: (28, 28) uint8, ink high, as
    the network saw it; logits: (10,); is_digit: whether it is one at all."""

    box: tuple[int, int, int, int]
    row: int
    frame: Picture
    logits: Numbers
    is_digit: bool


@dataclass(frozen=True)
class Candidate:
    """A piece after the network has classified it; cost: nats, low for what is surely a digit."""

    piece: Piece
    frame: Picture
    logits: Numbers
    cost: float


def read_writing(picture: NDArray[Any], classify: Classify, is_digit: float) -> list[Found]:
    """picture: (h, w) or (h, w, 3) uint8 of any size and polarity. is_digit: the least probability of a digit.

    Rows from top to bottom, each from left to right. A picture without ink gives an empty list.
    """
    picture = grey_if_grey(picture)
    ready = already_framed(picture)
    if ready is not None:
        return [_found(Candidate(Piece(0, 0, ready), ready, classify(ready[None])[0], 0.0), 0, 1.0, is_digit)]
    fitted, scale = resize_for_reading(picture)
    rows = Reader(classify, is_digit).read(fitted, is_crop=max(picture.shape[:2]) <= CROP)
    return [_found(candidate, n, scale, is_digit) for n, row in enumerate(rows) for candidate in row]


def already_framed(picture: Picture) -> Picture | None:
    """A clean picture of 28 x 28 on black or white, with its ink high; None where it is anything else or empty."""
    if picture.shape != (SIDE, SIDE):
        return None
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    level = float(np.median(edge))
    if level not in (0.0, 255.0):
        return None
    frame = framed(picture if level == 0 else 255 - picture)
    return frame if frame.any() else None


def resize_for_reading(picture: Picture) -> tuple[Picture, float]:
    """The picture at a size that is good to read, and how many of its pixels are one of the result's."""
    long = max(picture.shape[:2])
    scale = min(1.0, LONGEST / long) if long >= SHORTEST else min(4.0, SHORTEST / long)
    return rescale(picture, scale, cv2.INTER_CUBIC), 1 / scale


class Reader:
    """Reads one picture; asks the network at most three times, where polarity is doubtful six."""

    def __init__(self, classify: Classify, is_digit: float) -> None:
        self.classify, self.is_digit = classify, is_digit

    def read(self, picture: Picture, is_crop: bool) -> list[list[Candidate]]:
        """The better reading where it is doubtful what is ink and what is ground."""
        readings = [self.read_ink(away, is_crop) for away in depths(picture)]
        return min(readings, key=usual_cost)

    def read_ink(self, away: NDArray[np.int16], is_crop: bool) -> list[list[Candidate]]:
        dirty = ink_of(away)
        if dirty is None:
            return []
        lines = line_mask(dirty.mask)
        ink = without_lines(away, dirty, lines) if lines.any() else dirty
        pieces = components(ink) if ink else []
        if not pieces and not is_crop:
            return []
        height = writing_height(pieces) if pieces else 0.0
        pieces = without_specks(pieces, height)
        wholes = self.wholes(pieces, components(dirty) if lines.any() else [], is_crop, away.shape)
        rows = [row for row in group_rows(pieces, height) if row]
        return self.choose(wholes, rows, height, is_crop)

    def wholes(
        self, pieces: Sequence[Piece], dirty: Sequence[Piece], is_crop: bool, shape: tuple[int, ...]
    ) -> list[Piece]:
        """What the picture shows if it is one digit: all of it, and in a crop all but what its edges cut, the largest
        piece alone if the rest is little, and what there was before lines were taken away."""
        if not pieces:
            return [merge_ink(dirty)] if dirty else []
        every = merge_ink(pieces)
        if not 0.05 <= every.width / every.height <= 1.5 or len(pieces) > 8:
            return []
        if not is_crop:
            is_one = len(pieces) > 1 and max(piece.height for piece in pieces) >= MAIN_STROKE * every.height
            return [every] if is_one else []
        inner = [piece for piece in pieces if not touches_edge(piece, shape)]
        areas = [int((piece.ink > 64).sum()) for piece in pieces]
        main = [piece for piece, area in zip(pieces, areas, strict=True) if area > MAIN_PART * sum(areas)]
        return [every, *([merge_ink(inner)] if inner else []), *main, *([merge_ink(dirty)] if dirty else [])]

    def choose(
        self, wholes: Sequence[Piece], rows: Sequence[Sequence[Piece]], height: float, is_crop: bool
    ) -> list[list[Candidate]]:
        """One digit where the picture reads as one, else rows."""
        lattices = [groups_of([[piece] for piece in row], height) for row in rows]
        seen = self.candidates([*wholes, *(group.piece for lattice in lattices for group in lattice)])
        single = min(seen[: len(wholes)], key=lambda candidate: candidate.cost, default=None)
        if single and is_crop and self.accepts(single):
            return [[single]]
        read, start = [], len(wholes)
        for row, lattice in zip(rows, lattices, strict=True):
            own = seen[start : start + len(lattice)]
            start += len(lattice)
            read.append(self.cut_apart(row, path(len(row), lattice, own), height))
        if single and self.is_better(single, [candidate for row in read for candidate in row], is_crop):
            return [[single]]
        return read

    def is_better(self, single: Candidate, others: Sequence[Candidate], is_crop: bool) -> bool:
        """Whether one digit explains the picture better than several things do."""
        if is_crop and not all(self.accepts(candidate) for candidate in others):
            return True
        return single.cost < sum(candidate.cost for candidate in others) - 1e-6

    def cut_apart(
        self, row: Sequence[Piece], chosen: list[tuple[Group, Candidate]], height: float
    ) -> list[Candidate]:
        """Reads a row once more with its doubtful wide pieces cut, where that is the better reading."""
        whole = [candidate for _, candidate in chosen]
        doubtful = {
            number
            for group, candidate in chosen
            for number in range(group.first, group.last)
            if may_touch(row[number], candidate, height)
        }
        if not doubtful:
            return whole
        parts = [cut_piece(piece) if number in doubtful else [piece] for number, piece in enumerate(row)]
        lattice = groups_of(parts, height)
        seen = self.candidates([group.piece for group in lattice])
        apart = [candidate for _, candidate in path(sum(map(len, parts)), lattice, seen)]
        is_among_digits = any(self.accepts(candidate) for candidate in whole)
        is_wide = any(row[number].width > WIDE * height for number in doubtful)
        return apart if is_among_digits or is_wide or are_surely_digits(apart) else whole

    def candidates(self, pieces: Sequence[Piece]) -> list[Candidate]:
        if not pieces:
            return []
        frames = np.stack([frame_of(piece) for piece in pieces])
        logits = self.classify(frames)
        costs = cost_of(logits).tolist()
        return [Candidate(*values) for values in zip(pieces, frames, logits, costs, strict=True)]

    def accepts(self, seen: Candidate) -> bool:
        return bool(is_digit_probability(seen.logits[None])[0] >= self.is_digit)


def without_lines(away: NDArray[np.int16], dirty: Ink, lines: Picture) -> Ink | None:
    """The ink again, measured without the printed lines and their soft edges."""
    brush = np.ones((3, 3), np.uint8)
    strokes = cv2.dilate(cv2.subtract(dirty.mask, lines), brush)
    soft = cv2.subtract(cv2.dilate(lines, brush), strokes)
    return ink_of(np.where(cv2.bitwise_or(soft, lines) > 0, np.int16(np.median(away[::2, ::2])), away))


def touches_edge(piece: Piece, shape: tuple[int, ...]) -> bool:
    return piece.left <= 1 or piece.top <= 1 or piece.right >= shape[1] - 1 or piece.bottom >= shape[0] - 1


def may_touch(piece: Piece, seen: Candidate, height: float) -> bool:
    """Whether these may be two digits: wide enough for it and no clear digit, or wider than any."""
    is_wide = piece.width > NARROW * piece.height and piece.width > NARROW * height
    return is_wide and (seen.cost > SURE or piece.width > 1.3 * piece.height)


def are_surely_digits(parts: Sequence[Candidate]) -> bool:
    """Whether something falls into digits so clearly that it is no letter."""
    costs = [part.cost for part in parts]
    has_strokes = len(parts) > 2 or any(int(part.logits.argmax()) == 1 for part in parts)
    return sum(costs) < APART and (max(costs) < SHARP or not has_strokes)


def usual_cost(rows: Sequence[Sequence[Candidate]]) -> float:
    """Of what was found; nothing at all explains a picture worst."""
    costs = [candidate.cost for row in rows for candidate in row]
    return float(np.mean(costs)) if costs else float("inf")


def path(count: int, lattice: Sequence[Group], seen: Sequence[Candidate]) -> list[tuple[Group, Candidate]]:
    costs = [group.extra + candidate.cost for group, candidate in zip(lattice, seen, strict=True)]
    return [(lattice[n], seen[n]) for n in cheapest_path(count, lattice, costs)]


def _found(seen: Candidate, row: int, scale: float, is_digit: float) -> Found:
    piece = seen.piece
    sides = (piece.left, piece.top, piece.right, piece.bottom)
    left, top, right, bottom = (round(side * scale) for side in sides)
    sure = bool(is_digit_probability(seen.logits[None])[0] >= is_digit)
    return Found((left, top, right, bottom), row, seen.frame, seen.logits, sure)


def is_digit_probability(logits: Numbers) -> Numbers:
    """(n, 10) logits -> (n,): whether it is a digit at all."""
    return np.asarray(1 / (1 + np.exp(-np.logaddexp.reduce(logits.astype(np.float64), 1))), np.float32)
