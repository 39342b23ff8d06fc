"""Ink as a second witness beside the network: how much darker a bubble is than the empty ones of its kind.

What the networks know of marks they learned from many sheets. This page says more of its own: its empty bubbles are
alike, and its marks are about as dark as each other, since one student made them with one pen.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .interpret import EMPTY, MARK, MARKS, Numbers, meanings, undecided
from .rectification import PAPER
from .scan import CELL

Cells = NDArray[np.uint8]
MARK_CLASSES = slice(1, 5)  # of MARKS, fills first

REACH = 14.5  # px from the middle of a cell: the bubble and what leaves it, not the neighbours
INSIDE = 11.5  # px: the bubble itself
SHADED = (
    0.75,
    0.95,
)  # quantiles of how dark the paper of unmarked bubbles is: alike where some are shaded, within
TINT_NOISE = 3.0  # grey levels
BARE = 0.9  # quantile of an empty bubble and what is around it that is paper
STROKE = 0.9  # quantile of what is darker inside a bubble: a thin stroke covers a tenth of it
WANDER = (-0.8, 0.0, 0.8)  # px across and down that the print may lie beside where it is in the empty look
FEWEST_MARKS = 2  # that say how dark this page's marks are
LEAST_APART = 20.0  # grey levels between what marks and empty bubbles usually have, and
TIMES_APART = 4.0  # times what the darker empty bubbles have more than the usual one,
CLEAN = 0.75  # which are empty even where some marks were rubbed out
MEANT = 0.75  # quantile of what marks add: of those that are meant, even where half of them were rubbed out
MARKED = 0.1  # how probably the dark ones are marked: dirt and lines are not
DARK = 0.55  # of the way from empty bubbles to the page's marks: a mark by its ink
FAINT = 0.5  # less: rubbed out, or touched by accident
STILL = 10.0  # grey levels, and
NOISE = 0.25  # of that way: as dark as empty ones are
ALIKE, ALIKE_LEVELS = 1.12, 1.5  # times, and grey levels more, that an empty bubble holds in all
MORE, MORE_LEVELS = 1.35, 3.0  # that hardly any does: rings on the outline hold half as much again
# Of what the page's marks add in all: a fill that adds less was perhaps rubbed out in lanes
FULL, HALF = 0.55, 0.5
CRISP = 0.85  # of how dark the page's marks are: then half of a fill is enough
AMPLE = 0.8  # of what the page's marks add in all: then it is no half of a fill
# Of how dark the strokes of the page's ample marks are, and of how much of a bubble these cover; less where they
# differ, by SCATTER times how far they usually are from each other
AS_DARK, AS_SOLID, SCATTER = 0.85, 0.7, 12.0
SOLID = 0.7  # of how dark the middle grey of the page's fills is: what an eraser lightened is not
FEWEST_FILLS = 3  # that say how this student fills
LIKELY = 0.85  # empty, by the network: faint strokes that it sees are not outweighed,
POSSIBLE = 0.4  # but where another bubble of the row is marked
RARE = 1 / 100  # how much rarer a mark is as light as empty bubbles
RARER = 1 / 400  # how much rarer an empty bubble is as dark as the page's marks


@dataclass(frozen=True, eq=False)
class PageInk:
    """Of a page's bubbles, (n,). `share`: how far the strokes of each are on the way from empty bubbles to the page's
    marks, NaN where either is not known. `is_dark`: they are as dark as those of the page's marks; `is_faint`: they are
    clearly lighter; `is_full`: they add as much in all, and are no half of a fill; `has_more`: they hold more than
    empty ones do; `is_still`: they are no darker than empty ones; `is_alike`: nor is what is around them, where rings
    are drawn."""

    share: NDArray[np.floating[Any]]
    is_dark: NDArray[np.bool_]
    is_faint: NDArray[np.bool_]
    is_full: NDArray[np.bool_]
    has_more: NDArray[np.bool_]
    is_still: NDArray[np.bool_]
    is_alike: NDArray[np.bool_]


def weigh(marks: Numbers, cells: Cells, references: Cells, rows: NDArray[np.intp]) -> Numbers:
    """The network's probabilities (n, 7) of a page's bubbles, weighed by their ink; where that contradicts the
    network, anything may be true. rows (n,): in which row of bubbles each is, of which one is marked as a rule."""
    if not len(cells):
        return marks
    ink = page_ink(cells, references, meanings(marks)[:, MARK])
    is_empty, is_ring = (np.array([name == kind for name in MARKS]) for kind in ("empty", "circle"))
    is_fill = marks[:, MARK_CLASSES].argmax(axis=1) == 0
    is_mark = ink.is_dark & (ink.is_full | ~is_fill)
    weights = np.where(is_mark[:, None] & is_empty, RARER, 1.0)
    is_touched = (
        ink.is_still & ink.is_alike & _are_beside(is_mark, rows)
    )  # at most: by a resting pen, or dust
    is_blank = ink.is_still & (marks[:, 0] > np.where(is_touched, POSSIBLE, LIKELY))
    weights = np.where(is_blank[:, None] & ~is_empty & ~is_ring, RARE, weights)
    weights = np.where((is_blank & ink.is_alike)[:, None] & is_ring, RARE, weights)
    weighed = marks * weights
    weighed /= weighed.sum(axis=1, keepdims=True)
    says = meanings(weighed).argmax(axis=-1)
    is_rest = (ink.is_faint & ~is_ring[weighed.argmax(axis=1)]) | (is_fill & ~ink.is_full)
    contradicts = ((ink.is_dark | ink.has_more) & (says == EMPTY)) | (is_rest & (says == MARK))
    return np.asarray(np.where(contradicts[:, None], undecided(MARKS, "filled"), weighed), np.float32)


def _are_beside(is_mark: NDArray[np.bool_], rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether another of its row is a mark, (n,)."""
    return np.asarray(np.bincount(rows, is_mark)[rows] - is_mark > 0)


def without_tint(cells: Cells, references: Cells, is_unmarked: NDArray[np.bool_]) -> Cells:
    """(n, 32, 32) as if each were printed on the paper of its reference: every other row of many forms is shaded, and
    then many unmarked bubbles are, all alike. What is darker than these is no tint."""
    paper, drawn_on = _paper(references), _paper(cells)
    tint = paper - np.minimum(drawn_on, paper)
    low, high = np.quantile(tint[is_unmarked], SHADED) if is_unmarked.any() else (0, 0)
    if high - low > TINT_NOISE:
        return cells
    is_tinted = (tint > 0) & (tint <= high + TINT_NOISE)
    gain = (paper / (paper - tint))[is_tinted, None, None]
    even = cells.copy()
    even[is_tinted] = np.minimum(cells[is_tinted] * gain, 255)
    return even


def _paper(cells: Cells) -> NDArray[np.float32]:
    """How light that of each is, (n,)."""
    levels = _within(cells, REACH).astype(np.int16)  # the fastest to part
    place = round(BARE * (levels.shape[1] - 1))
    levels.partition(place, axis=1)
    return np.clip(levels[:, place], 1, PAPER).astype(np.float32)


def page_ink(cells: Cells, references: Cells, marked: Numbers) -> PageInk:
    """cells and references (n, 32, 32): a page's bubbles, and how each looks when empty; marked (n,): how probably a
    mark is on each, which only serves to tell a page's marks from its dirt."""
    cells = without_tint(cells, references, marked < 1 - LIKELY)
    darkness = strokes(cells, references)
    is_known = (references != 255).any(axis=(1, 2))
    empty, mark = _usual(darkness[is_known], marked[is_known])
    has_marks = np.isfinite(mark)
    share = (darkness - empty) / ((mark - empty) if has_marks else 1.0)
    held, usual = amount(cells), amount(references)
    added = amount(cells, INSIDE) - amount(references, INSIDE)
    is_dark = is_known & has_marks & (share >= DARK)
    is_calm = (darkness <= max(STILL, empty + STILL)) | (has_marks & (share <= NOISE))
    return PageInk(
        share=np.where(is_known & has_marks, share, np.nan),
        is_dark=is_dark,
        is_faint=is_known & has_marks & (share < FAINT),
        is_full=_are_full(added, darkness, is_dark) & _are_whole(cells, added, darkness, is_dark),
        has_more=is_known & ~is_calm & (held > MORE * usual + MORE_LEVELS),
        is_still=is_known & is_calm,
        is_alike=held <= ALIKE * usual + ALIKE_LEVELS,
    )


def _are_full(
    added: NDArray[np.floating[Any]], darkness: NDArray[np.floating[Any]], is_dark: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether each adds about as much as the page's marks, which are among the dark ones."""
    if not is_dark.any():
        return np.ones(len(added), np.bool_)
    is_crisp = darkness >= CRISP * np.quantile(darkness[is_dark], MEANT)
    return np.asarray(added >= np.where(is_crisp, HALF, FULL) * np.quantile(added[is_dark], MEANT))


def _are_whole(
    cells: Cells,
    added: NDArray[np.floating[Any]],
    darkness: NDArray[np.floating[Any]],
    is_dark: NDArray[np.bool_],
) -> NDArray[np.bool_]:
    """Whether each dark one is like the page's ample marks: its strokes as dark, its bubble as solid. A fill of which
    an eraser took half may add nearly enough; but its lanes are lighter or greyer than anything this student drew."""
    are_whole = np.ones(len(cells), np.bool_)
    if is_dark.sum() < 2 * FEWEST_FILLS:
        return are_whole
    held, added = _held(cells[is_dark], INSIDE), added[is_dark]
    solid = SOLID * np.quantile(np.median(held, axis=1), MEANT)
    is_ample = added >= AMPLE * np.quantile(added, MEANT)
    is_usual = _are_usual(darkness[is_dark], is_ample, AS_DARK)
    is_usual &= _are_usual((held >= solid).mean(axis=1), is_ample, AS_SOLID)
    are_whole[is_dark] = is_ample | is_usual
    return are_whole


def _are_usual(
    values: NDArray[np.floating[Any]], is_ample: NDArray[np.bool_], share: float
) -> NDArray[np.bool_]:
    """Whether each is at least this share of what the ample ones have, or no farther from it than these scatter."""
    usual = np.median(values[is_ample])
    scatter = np.median(np.abs(values[is_ample] - usual))
    return np.asarray(values >= min(share * usual, usual - SCATTER * scatter))


def strokes(cells: Cells, references: Cells) -> NDArray[np.floating[Any]]:
    """By how many grey levels the darkest tenth of each bubble is darker than it is when empty, (n,)."""
    drawn = _within(cells, INSIDE).astype(np.int16)
    looks, places = _different(references)
    found = np.full(
        len(cells), np.iinfo(np.int16).max, np.int16
    )  # of whole levels, which are the fastest to part
    for x, y in product(WANDER, WANDER):
        move = np.array([[1, 0, x], [0, 1, y]], np.float64)
        moved = [cv2.warpAffine(look, move, (CELL, CELL), borderMode=cv2.BORDER_REPLICATE) for look in looks]
        darker = _within(np.stack(moved), INSIDE).astype(np.int16)[places] - drawn
        place = round(STROKE * (darker.shape[1] - 1))
        darker.partition(place, axis=1)
        found = np.minimum(found, darker[:, place])
    return np.maximum(found, 0).astype(np.float32)


def _different(references: Cells) -> tuple[list[Cells], NDArray[np.intp]]:
    """The looks that there are among these (n, 32, 32), and which of them each is: most are alike."""
    known: dict[bytes, int] = {}
    places = [known.setdefault(reference.tobytes(), len(known)) for reference in references]
    first = {place: index for index, place in reversed(list(enumerate(places)))}
    return [references[first[place]] for place in range(len(known))], np.array(places, np.intp)


def _usual(darkness: NDArray[np.floating[Any]], marked: Numbers) -> tuple[float, float]:
    """How dark a page's empty bubbles and its marks usually are; infinite where its marks do not stand out.

    Parted so that both sides scatter least (Otsu: A threshold selection method from gray-level histograms, 1979).
    """
    if len(darkness) <= FEWEST_MARKS:
        return 0.0, np.inf
    ordered = np.sort(darkness)
    count = np.arange(1, len(ordered))
    below = np.cumsum(ordered)[:-1]
    apart = (ordered.sum() - below) / count[::-1] - below / count
    level = ordered[int((apart**2 * count * count[::-1]).argmax())]
    lower, upper = darkness[darkness <= level], darkness > level
    empty = float(np.median(lower))
    dark = float(np.median(darkness[upper])) if upper.any() else np.inf
    least = max(LEAST_APART, TIMES_APART * (float(np.quantile(lower, CLEAN)) - empty))
    is_marked = upper.sum() >= FEWEST_MARKS and float(marked[upper].mean()) > MARKED
    return empty, dark if is_marked and dark - empty > least else np.inf


def amount(cells: Cells, radius: float = REACH) -> NDArray[np.floating[Any]]:
    """Mean darkness below the paper's grey, over a disc: (n, 32, 32) -> (n,)."""
    return np.asarray(_held(cells, radius).mean(axis=1)) if len(cells) else np.zeros(0)


def _held(cells: Cells, radius: float) -> NDArray[np.float32]:
    """Darkness of the pixels of a disc below the paper's grey, (n, pixels)."""
    return PAPER - np.minimum(_within(cells, radius), PAPER).astype(np.float32)


def _within(cells: Cells, radius: float) -> Cells:
    """The pixels of a disc in the middle of each, (n, pixels)."""
    return cells.reshape(len(cells), CELL * CELL).take(_disc(radius), axis=1)


@lru_cache(maxsize=4)
def _disc(radius: float) -> NDArray[np.intp]:
    """Places of its pixels in a cell."""
    middle = (CELL // 2, CELL // 2)
    return np.flatnonzero(cv2.circle(np.zeros((CELL, CELL), np.uint8), middle, round(radius), 1, -1))
