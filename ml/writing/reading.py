"""Handwritten numbers in any picture: where they are, in reading order, each digit laid out as the network wants it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers, Picture, rescale
from ml.writing.candidates import Candidate, Rows, with_doubtful_rests
from ml.writing.crossings import is_crossed_digit
from ml.writing.displays import read_display
from ml.writing.framing import SIDE, framed
from ml.writing.ink import Ink, depths, grey_if_grey, ink_of, without_shadows
from ml.writing.lattice import cost_of
from ml.writing.lines import LARGE, line_mask
from ml.writing.paper import straightened, without_desk
from ml.writing.pieces import Piece, frame_of, thickness
from ml.writing.rows import Classify, RowReader
from ml.writing.words import settled

LONGEST = 1600  # px: larger pictures are made smaller first
SHORTEST = 100  # px: smaller ones larger, up to four times
CROP = 200  # px: a picture this small shows one digit, unless two are clearly there
GOOD = 0.03  # nats in the mean: what reads worse is looked at turned and closed, too
BETTER = 0.4  # times as poor must another way be
WELL = 0.12  # nats in the mean at most: letters on their head pass for digits, but not so well
DARKER = 1.4  # times as dark as the lines is the ink, if it can be told by that
EDGE = 3  # px along the edges of a page
CUT = 0.2  # nats for what had to be cut out
MOSTLY = 0.7  # of what is there it must read as digits
CLOSED = 0.9  # of the strokes' thickness: gaps between the bars of a display
CLEAR = 0.002  # nats of what needs no second look
LARGE_ENOUGH = 420  # px of the longer side: what is smaller lies as it was drawn
FURTHER = 4  # times larger is a small picture looked at the second time


@dataclass(frozen=True)
class Found:
    """box: left, top, right, bottom in pixels of the picture; row: counted from 0; frame: (28, 28) uint8, ink high, as
    the network saw it; logits: (10,); is_digit: whether it is one at all; sign, probability: what else it is;
    may_be_read: whether it might be writing, though it was not read; is_crossed_out: whether it is no digit because
    somebody crossed it out."""

    box: tuple[int, int, int, int]
    row: int
    frame: Picture
    logits: Numbers
    is_digit: bool
    sign: str = ""
    probability: float = 0.0
    may_be_read: bool = False
    is_crossed_out: bool = False


@dataclass(frozen=True)
class Inked:
    """The ink of a picture and, where printed lines were taken away, with them."""

    ink: Ink | None
    dirty: Ink | None

    def turned(self, quarters: int) -> "Inked":
        return Inked(*(one and turned(one, quarters) for one in (self.ink, self.dirty)))


def read_writing(picture: NDArray[Any], classify: Classify, is_digit: float) -> list[Found]:
    """picture: (h, w) or (h, w, 3) uint8 of any size and polarity. is_digit: the least probability of a digit.

    Rows from top to bottom, each from left to right. A picture without ink gives an empty list.
    """
    picture = grey_if_grey(picture)
    ready = ink_of_small(picture)
    if ready is not None:
        return [read_small(ready, classify, is_digit)]
    fitted, scale = resize_for_reading(picture)
    is_crop = max(picture.shape[:2]) <= CROP
    sheet = straightened(fitted)
    reader = RowReader(classify, is_digit)
    rows, quarters, size = read_ways(reader, without_desk(sheet), is_crop)
    rows = settled(rows, is_digit)
    to_picture = np.diag([scale, scale, 1.0]) @ sheet.matrix @ turn_back(quarters, size)
    return [_found(candidate, n, to_picture, is_digit) for n, row in enumerate(rows) for candidate in row]


def ink_of_small(picture: Picture) -> Picture | None:
    """A clean picture of 28 x 28 on black or white, with its ink high; None where it is anything else or empty."""
    if picture.shape != (SIDE, SIDE):
        return None
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    level = float(np.median(edge))
    if level not in (0.0, 255.0):
        return None
    ink = picture if level == 0 else 255 - picture
    return ink if framed(ink).any() else None


def read_small(ink: Picture, classify: Classify, is_digit: float) -> Found:
    """28 x 28 pixels as they are; where that is not clear, as a larger picture of them is read, too: what is surer of
    the two counts, and nobody is sure where they differ."""
    piece = Piece(0, 0, ink)
    frames = [framed(ink)]
    logits = [classify(frames[0][None])[0]]
    if cost_of(logits[0][None])[0] > CLEAR:
        frames.append(frame_of(Piece(0, 0, enlarged(ink))))
        logits.append(classify(frames[1][None])[0])
    best = int(np.argmin([cost_of(one[None])[0] for one in logits]))
    differ = len({int(one.argmax()) for one in logits}) > 1
    seen = Candidate(piece, frames[best], logits[best], 0.0, may_be_read=differ)
    return _found(seen, 0, np.eye(3), is_digit)


def enlarged(ink: Picture) -> Picture:
    return cv2.resize(ink, None, fx=FURTHER, fy=FURTHER, interpolation=cv2.INTER_CUBIC)


def resize_for_reading(picture: Picture) -> tuple[Picture, float]:
    """The picture at a size that is good to read, and how many of its pixels are one of the result's."""
    long = max(picture.shape[:2])
    scale = min(1.0, LONGEST / long) if long >= SHORTEST else min(4.0, SHORTEST / long)
    return rescale(picture, scale, cv2.INTER_CUBIC), 1 / scale


def read_ways(reader: RowReader, picture: Picture, is_crop: bool) -> tuple[Rows, int, tuple[int, int]]:
    """The best reading, by how many quarters the picture was turned for it, and its size before: where it is doubtful
    what is ink and what is ground both ways, and where it reads poorly on its sides, upside down, and closed."""
    known = [inked(away) for away in depths(picture)]
    if display := next(filter(None, (display_rows(reader, one.ink) for one in known)), None):
        return display, 0, picture.shape[:2]
    readings = [with_doubtful_rests(reader.read(one.ink, one.dirty, is_crop), one.dirty) for one in known]
    best = min(range(len(known)), key=lambda n: usual_cost(readings[n]))
    ink, rows, size = known[best].ink, readings[best], picture.shape[:2]
    if max(size) < LARGE_ENOUGH or ink is None or usual_cost(rows) <= GOOD:
        return rows, 0, size
    ways: list[tuple[Rows, int]] = [(reader.read(closed(ink), None, False), 0)]
    ways += [(reader.read(turned(ink, quarters), None, False), quarters) for quarters in (1, 2, 3)]
    other = min(ways, key=lambda way: usual_cost(way[0], CUT))
    is_better = usual_cost(other[0], CUT) < min(WELL, BETTER * usual_cost(rows)) and reads_most(
        reader, other[0]
    )
    return (*other, size) if is_better else (rows, 0, size)


def display_rows(reader: RowReader, ink: Ink | None) -> Rows:
    """None where it is no display, or the network does not read its digits, drawn with strokes, as they are."""
    rows = read_display(ink) if ink else []
    if not rows:
        return []
    shown = [digit for row in rows for digit in row]
    logits = reader.classify(np.stack([digit.frame for digit in shown]))
    seen = iter(zip(logits, cost_of(logits).tolist(), strict=True))
    read = [[Candidate(digit.piece, digit.frame, *next(seen)) for digit in row] for row in rows]
    is_so = logits.argmax(1) == [digit.value for digit in shown]
    return read if is_so.all() and all(reader.accepts(one) for row in read for one in row) else []


def reads_most(reader: RowReader, rows: Rows) -> bool:
    every = [candidate for row in rows for candidate in row if not candidate.may_be_read]
    return sum(reader.accepts(one) or one.sign is not None for one in every) >= MOSTLY * len(every) > 0


def inked(away: NDArray[np.int16]) -> Inked:
    every = ink_of(away)
    if every is None:
        return Inked(None, None)
    lit = without_shadows(away, every)
    away, dirty = lit, every if lit is away else ink_of(lit)
    if dirty is None:
        return Inked(None, None)
    lines = line_mask(dirty.mask)
    if not lines.any():
        return Inked(dirty, None)
    ink = without_lines(away, dirty, lines)
    return Inked(ink and without_edges(ink), dirty)


def strokes_on(lines: Picture, away: NDArray[np.int16], strokes: Picture) -> NDArray[np.bool_]:
    """Where strokes go on along lines, or through them: beside strokes, and darker than the lines are around there."""
    if not strokes.any():
        return np.zeros(lines.shape, bool)
    is_line = lines > 0
    faint, deep = float(np.median(away[is_line])), float(np.quantile(away[strokes > 0], 0.85))
    if deep <= DARKER * faint:
        return np.zeros(lines.shape, bool)
    shape = (max(1, lines.shape[1] // 8), max(1, lines.shape[0] // 8))
    share, depth = (
        cv2.GaussianBlur(cv2.resize(one.astype(np.float32), shape, interpolation=cv2.INTER_AREA), (0, 0), 6)
        for one in (is_line, np.clip(away, 0, DARKER * faint) * is_line)
    )
    usual = cv2.resize(depth / np.maximum(share, 1e-6), lines.shape[::-1], interpolation=cv2.INTER_LINEAR)
    near = cv2.dilate(strokes, np.ones((9, 9), np.uint8)) > 0
    return is_line & near & (away > DARKER * usual)


def without_edges(ink: Ink) -> Ink:
    """Of a page with lines without what its edges cut: the ends of lines. Crops show their digit to the edge."""
    if max(ink.mask.shape) < LARGE:
        return ink
    _, labels = cv2.connectedComponents(ink.mask, connectivity=8)
    is_edge = np.ones(labels.shape, bool)
    is_edge[EDGE:-EDGE, EDGE:-EDGE] = False
    cut = np.unique(labels[is_edge])
    is_kept = np.ones(int(labels.max()) + 1, np.uint8)
    is_kept[cut[cut > 0]] = 0
    return Ink(ink.strength * is_kept[labels], ink.mask * is_kept[labels])


def without_lines(away: NDArray[np.int16], dirty: Ink, lines: Picture) -> Ink | None:
    """The ink again, measured without the printed lines and their soft edges. What is much darker than the lines is a
    stroke on them."""
    brush = np.ones((3, 3), np.uint8)
    lines = np.where(strokes_on(lines, away, cv2.subtract(dirty.mask, lines)), np.uint8(0), lines)
    strokes = cv2.subtract(dirty.mask, lines)
    strokes = cv2.dilate(strokes, brush)
    soft = cv2.subtract(cv2.dilate(lines, brush), strokes)
    return ink_of(np.where(cv2.bitwise_or(soft, lines) > 0, np.int16(np.median(away[::2, ::2])), away))


def turned(ink: Ink, quarters: int) -> Ink:
    """Anticlockwise."""
    return Ink(*(np.ascontiguousarray(np.rot90(part, quarters)) for part in (ink.strength, ink.mask)))


def closed(ink: Ink) -> Ink:
    """With the gaps between the bars of a display filled."""
    side = max(2, round(CLOSED * thickness(ink.mask))) | 1
    brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    parts = (np.pad(part, side) for part in (ink.strength, ink.mask))
    return Ink(
        *(cv2.morphologyEx(part, cv2.MORPH_CLOSE, brush)[side:-side, side:-side].copy() for part in parts)
    )


def turn_back(quarters: int, size: tuple[int, int]) -> NDArray[np.float64]:
    """From pixels of a picture that was turned anticlockwise to those before; size: height and width before."""
    high, wide = size
    return np.array(
        [
            [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
            [[0, -1, wide], [1, 0, 0], [0, 0, 1]],
            [[-1, 0, wide], [0, -1, high], [0, 0, 1]],
            [[0, 1, 0], [-1, 0, high], [0, 0, 1]],
        ][quarters],
        np.float64,
    )


def usual_cost(rows: Sequence[Sequence[Candidate]], cut: float = 0.0) -> float:
    """Of what was found; nothing at all explains a picture worst. cut: nats for each piece that had to be cut out."""
    known = [candidate for row in rows for candidate in row if not candidate.may_be_read]
    costs = [candidate.cost + cut * candidate.is_cut for candidate in known]
    return float(np.mean(costs)) if costs else float("inf")


def _found(seen: Candidate, row: int, to_picture: NDArray[np.float64], is_digit: float) -> Found:
    piece = seen.piece
    corners = np.array(
        [
            [
                (piece.left, piece.top),
                (piece.right, piece.top),
                (piece.right, piece.bottom),
                (piece.left, piece.bottom),
            ]
        ],
        np.float64,
    )
    placed = cv2.perspectiveTransform(corners, to_picture)[0]
    (left, top), (right, bottom) = placed.min(0), placed.max(0)
    box = (round(left), round(top), round(right), round(bottom))
    if seen.sign:
        return Found(box, row, seen.frame, seen.logits, False, seen.sign.value, seen.sign.probability)
    is_one = seen.is_digit >= is_digit and not seen.is_letter
    is_crossed = not is_one and not seen.may_be_read and is_crossed_digit(piece)
    return Found(
        box, row, seen.frame, seen.logits, is_one, may_be_read=seen.may_be_read, is_crossed_out=is_crossed
    )
