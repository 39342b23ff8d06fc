"""Where touching digits may be cut: paths from top to bottom through as little ink as possible.

Too many cuts on purpose; the network decides which are real (over-segmentation; Casey and Lecolinet, A survey of
methods and strategies in character segmentation, 1996, section IV).
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.writing.pieces import Piece

GRID = 40  # rows on which the paths are looked for
REACH = 7  # columns of the grid that a path may stray from where it began, to each side
NARROWEST = 0.12  # of the height: a piece between two cuts is at least this wide
MOST = 7  # cuts of one piece


def cut_piece(piece: Piece) -> list[Piece]:
    """The piece in parts from left to right; [piece] where there is nothing to cut."""
    high, wide = piece.ink.shape
    across = max(3, round(wide * GRID / high))
    grid = cv2.resize(piece.ink, (across, GRID), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    places = _places(grid)
    if not places:
        return [piece]
    paths = [np.interp(np.arange(high) * GRID / high, np.arange(GRID), path) for path in places]
    edges = [np.zeros(high), *[path * wide / across for path in paths], np.full(high, wide)]
    parts = [_between(piece, left, right) for left, right in zip(edges, edges[1:], strict=False)]
    return [part for part in parts if part is not None]


def _places(grid: NDArray[Any]) -> list[NDArray[Any]]:
    """Paths (GRID,) in columns, those through the least ink among their neighbours, from left to right."""
    least = max(2, round(NARROWEST * GRID))
    starts = np.arange(least, grid.shape[1] - least + 1)
    if not len(starts):
        return []
    costs, paths = _cheapest(grid, starts)
    chosen: list[int] = []
    for place in np.argsort(costs, kind="stable"):
        if len(chosen) < MOST and all(abs(place - other) >= least for other in chosen):
            chosen.append(int(place))
    return [paths[place] for place in sorted(chosen)]


def _cheapest(grid: NDArray[Any], starts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of each start: the cost of the cheapest path in its band, and the path; found by dynamic programming."""
    padded = np.pad(grid, ((0, 0), (REACH, REACH + 1)))
    offsets = np.arange(-REACH, REACH + 1)
    bands = padded[:, starts[:, None] + offsets + REACH] + 0.004 * np.abs(offsets)  # (GRID, starts, band)
    total = bands[0]
    steps = np.zeros(bands.shape, np.int8)
    for row in range(1, GRID):
        wide = np.pad(total, ((0, 0), (1, 1)), constant_values=np.inf)
        options = np.stack([wide[:, 1:-1], wide[:, :-2] + 0.01, wide[:, 2:] + 0.01])
        best = options.argmin(0)
        steps[row] = np.array([0, -1, 1], np.int8)[best]
        total = options.min(0) + bands[row]
    at = total.argmin(1)
    costs = total.min(1)
    lanes = np.arange(len(starts))
    paths = np.empty((len(starts), GRID))
    for row in range(GRID - 1, -1, -1):
        paths[:, row] = starts + offsets[at]
        at = at + steps[row, lanes, at]
    return costs, paths


def _between(piece: Piece, left: NDArray[Any], right: NDArray[Any]) -> Piece | None:
    """The ink between two paths (h,) of columns, cut to itself; None where there is none."""
    columns = np.arange(piece.width)
    own = (columns >= left[:, None]) & (columns < right[:, None])
    ink = piece.ink * own
    rows, cols = np.flatnonzero((ink > 64).any(1)), np.flatnonzero((ink > 64).any(0))
    if not len(rows):
        return None
    top, start = int(rows[0]), int(cols[0])
    return Piece(piece.left + start, piece.top + top, ink[top : rows[-1] + 1, start : cols[-1] + 1])
