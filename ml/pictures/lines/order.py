"""The order in which lines of a page are read: rows from top to bottom, columns of running text one after the other."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.pictures.lines.detector import Quad

COLUMN_GAP = 1.0  # heights of a line, with nothing in it from top to bottom
COLUMN_LINES = 3
COLUMN_WIDTH = 6  # heights: columns of running text are wider; what is narrower is a table and read by rows
WORD_GAP = 0.9  # heights between two parts of one line
NEXT_ROW = 0.3  # heights by which they may be apart across it
MOST_UNLIKE = 1.5  # times higher than the other
PARALLEL = 0.98  # cosine
OVERLAP = 0.5  # of the lower of two boxes' heights: they stand in one row


@dataclass(frozen=True)
class Box:
    """A line as it lies on the page turned upright."""

    number: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def high(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def reading_order(quads: list[Quad]) -> list[int]:
    """The numbers of the quads in the order they are read."""
    return [box.number for box in ordered(upright_boxes(quads))] if quads else []


def upright_boxes(quads: list[Quad]) -> list[Box]:
    corners = np.array(quads)
    runs = corners[:, 1] - corners[:, 0]
    is_across = np.abs(runs[:, 0]) >= np.abs(runs[:, 1])
    across, down = runs[is_across], runs[~is_across]
    along = max((across, down), key=lambda some: np.abs(some).sum()).sum(0)  # long lines weigh more
    angle = np.arctan2(along[1], along[0])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = level(corners @ turn)
    low, high = turned.min(1), turned.max(1)
    return [Box(number, *low[number].tolist(), *high[number].tolist()) for number in range(len(quads))]


def level(corners: NDArray[Any]) -> NDArray[Any]:
    """(n, 4, 2) of lines that run to the right -> the same without perspective: where a page is seen from its side, its
    lines' slopes change evenly from top to bottom."""
    x, y = corners.mean(1).T
    wide, rise = (corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]).T / 2
    wide = np.maximum(wide, 1)  # what runs down the page has none
    slopes = np.polyfit(y, rise / wide, min(1, len(y) // 3), w=wide)
    down = corners[..., 1] - (corners[..., 0] - x.mean()) * np.polyval(slopes, corners[..., 1])
    return np.stack([corners[..., 0], down], axis=-1)


def ordered(boxes: list[Box]) -> list[Box]:
    columns = two_columns(boxes)
    if columns:
        return [box for column in columns for box in ordered(column)]
    for top, rest in bands(boxes):
        if two_columns(top) or two_columns(rest):
            return ordered(top) + ordered(rest)
    return [box for row in rows(boxes) for box in row]


def two_columns(boxes: list[Box]) -> tuple[list[Box], list[Box]] | None:
    """Divided by the first gap that nothing crosses and that has running text on both sides."""
    if len(boxes) < 2 * COLUMN_LINES:
        return None
    in_x = sorted(boxes, key=lambda box: box.left)
    rights = np.maximum.accumulate([box.right for box in in_x])
    gap = COLUMN_GAP * float(np.median([box.high for box in boxes]))
    for n in range(COLUMN_LINES, len(boxes) - COLUMN_LINES + 1):
        if in_x[n].left - rights[n - 1] >= gap and is_running(in_x[:n]) and is_running(in_x[n:]):
            return in_x[:n], in_x[n:]
    return None


def is_running(boxes: list[Box]) -> bool:
    return float(np.median([(box.right - box.left) / box.high for box in boxes])) >= COLUMN_WIDTH


def bands(boxes: list[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Every division into what is above and below a gap that goes across."""
    in_y = sorted(boxes, key=lambda box: box.top)
    bottoms = np.maximum.accumulate([box.bottom for box in in_y])
    return [(in_y[:n], in_y[n:]) for n in range(1, len(in_y)) if in_y[n].middle > bottoms[n - 1]]


def rows(boxes: list[Box]) -> list[list[Box]]:
    found: list[list[Box]] = []
    for box in sorted(boxes, key=lambda box: box.middle):
        if found and is_beside(found[-1][-1], box):
            found[-1].append(box)
        else:
            found.append([box])
    return [sorted(row, key=lambda box: box.left) for row in found]


def is_beside(last: Box, box: Box) -> bool:
    shared = min(last.bottom, box.bottom) - max(last.top, box.top)
    return shared >= OVERLAP * min(last.high, box.high)


def are_one(before: Quad, after: Quad) -> bool:
    """Whether two neighbours in reading order are one line that was found in two parts."""
    along = line_direction(before)
    apart = (after[0] + after[3] - before[1] - before[2]) / 2
    high, next_high = height(before), height(after)
    return bool(
        max(high, next_high) <= MOST_UNLIKE * min(high, next_high)
        and -high < apart @ along < WORD_GAP * high
        and abs(apart @ (-along[1], along[0])) < NEXT_ROW * high
        and along @ line_direction(after) > PARALLEL
    )


def united(before: Quad, after: Quad) -> Quad:
    return np.array([before[0], after[1], after[2], before[3]])


def line_direction(quad: Quad) -> NDArray[Any]:
    along: NDArray[Any] = quad[1] - quad[0]
    return along / np.linalg.norm(along)


def height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))
