"""Which fields of a page can be seen at all: what is empty must not be taken for what is missing.

An empty bubble or box still has its outline, and so have those around a mark. Where none is seen the page is covered,
torn off or ends, whatever lies there.
"""

from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .boxes import Field
from .markers import Points, transform
from .registration import FEW
from .scan import BOX_REACH, BUBBLE_REACH, CELL, Sheet, are_visible, holds

Cells = NDArray[np.uint8]

# What is said of a field: it lies outside of the picture; nothing of it is seen; only what is around it; it is seen
OUTSIDE, HIDDEN, BESIDE, SHOWN = range(4)

# Correlation of a cell with its outline. Empty ones have .5 or more on folded, stained, one-bit and 100 dpi pages; of
# 2,900 cells where a desk lay in place of the page one bubble in 300 had .3, none .36
LEAST_LIKENESS = 0.4
# Of the fields, that have an outline where copiers bleached them all: marks look alike, and cover up to a fifth
BLEACHED = 0.2
AROUND = 11.0  # mm between the middles of neighbours
WANDER = (-1, 0, 1)  # px of a cell that the outline may lie aside
FAR = 5.0  # mm: print is displaced by less
LINE = 1.1  # px, of a cell


def visibility(sheet: Sheet, fields: Sequence[Field], cells: Cells) -> NDArray[np.int8]:
    """Of each field, with its cells (n, 32, 32): OUTSIDE, HIDDEN, BESIDE or SHOWN, (n,)."""
    corners = np.array([[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in _boxes(fields)])
    is_inside = _are_inside(sheet, corners)
    has_outline = are_visible(cells) & (likeness(cells, fields) >= LEAST_LIKENESS)
    if len(fields) >= FEW and has_outline.mean() < BLEACHED and holds(sheet.code, sheet.placement):
        has_outline[:] = True  # none is seen, but marks are, and where
    rest = np.where(has_outline, SHOWN, HIDDEN)
    rest[~has_outline] = np.where(_have_neighbours(corners.mean(axis=1), has_outline), BESIDE, HIDDEN)
    return np.where(is_inside, rest, OUTSIDE).astype(np.int8)


def visible_cells(cells: Cells) -> NDArray[np.int8]:
    """Of a form whose outlines are not known: HIDDEN or SHOWN."""
    return np.where(are_visible(cells), SHOWN, HIDDEN).astype(np.int8)


def likeness(cells: Cells, fields: Sequence[Field]) -> NDArray[np.floating[Any]]:
    """Correlation of each cell with the outline of its field, (n,): around it, whatever is inside."""
    found = np.empty(len(cells), np.float32)
    is_bubble = np.array([field.kind == "bubble" for field in fields], np.bool_)
    for chosen, (patterns, around) in ((is_bubble, _patterns("bubble")), (~is_bubble, _patterns("box"))):
        found[chosen] = _correlation(cells.reshape(len(cells), -1)[np.ix_(chosen, around)], patterns)
    return found


def _are_inside(sheet: Sheet, corners: Points) -> NDArray[np.bool_]:
    """Corners (n, 4, 2) mm of fields. Where all are far inside, how the print is displaced is not asked: that costs."""
    places, (height, width) = corners.reshape(-1, 2), sheet.size[:2]
    roughly, far = transform(sheet.placement.matrix, places), FAR * sheet.placement.density
    if ((roughly >= far) & (roughly <= (width - 1 - far, height - 1 - far))).all():
        return np.ones(len(corners), np.bool_)
    seen = sheet.in_picture(places).reshape(-1, 4, 2)
    return np.asarray(((seen >= 0) & (seen <= (width - 1, height - 1))).all(axis=(1, 2)))


def _boxes(fields: Sequence[Field]) -> list[tuple[float, float, float, float]]:
    return [field.box for field in fields]


def _have_neighbours(middles: Points, has_outline: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Of each field without an outline."""
    away = middles[~has_outline, None] - middles[None, has_outline]
    return np.asarray((np.hypot(away[..., 0], away[..., 1]) < AROUND).any(axis=1))


def _ring() -> tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]:
    """The outline of a bubble in its cell, and where it is looked for."""
    off = np.arange(CELL) - (CELL - 1) / 2
    radius = np.hypot(off[:, None], off[None])
    at = CELL / 2 / BUBBLE_REACH
    return np.exp(-(((radius - at) / LINE) ** 2)), (radius > at - 3) & (radius < at + 5.5)


def _frame() -> tuple[NDArray[np.floating[Any]], NDArray[np.bool_]]:
    off = np.abs(np.arange(CELL) - (CELL - 1) / 2)
    reach = np.maximum(off[:, None], off[None])
    at = CELL / 2 / BOX_REACH
    return np.exp(-(((reach - at) / LINE) ** 2)), reach > at - 4


@cache
def _patterns(kind: str) -> tuple[NDArray[np.floating[Any]], NDArray[np.intp]]:
    """The outline wherever it may lie, (m, pixels), without its mean and of length 1; and which pixels these are."""
    outline, around = _ring() if kind == "bubble" else _frame()
    shapes = _moved(outline)[:, around]
    shapes -= shapes.mean(axis=1, keepdims=True)
    return (shapes / np.linalg.norm(shapes, axis=1, keepdims=True)).astype(np.float32), np.flatnonzero(around)


def _moved(outline: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return np.stack([np.roll(outline, (down, right), (0, 1)) for down, right in product(WANDER, WANDER)])


def _correlation(cells: Cells, patterns: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """(n, pixels) and (m, pixels) -> (n,): the highest of all patterns."""
    ink = 255 - cells.astype(np.float32)
    ink -= ink.mean(axis=1, keepdims=True)
    return np.asarray((ink @ patterns.T).max(axis=1, initial=-1) / (np.linalg.norm(ink, axis=1) + 1e-6))
