"""Small squares of a page, many at once: cut out, laid on each other, and compared with one pattern.

One product of matrices says what a call of a correlation for each square would say, ten times as fast.
"""

from functools import lru_cache

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from grading.sheet.decoding import Grey
from grading.sheet.markers import Points
from grading.sheet.rectification import PAPER

LEAST_VARIANCE = 1e-3  # of grey levels: what has less is bare
FEW_PIXELS = 800  # of a square: up to here its levels are parted quicker than compared pair by pair

Ink = NDArray[np.float32]
Squares = NDArray[np.uint8]  # (n, high, wide)


def squares_at(page: Grey, centres: Points, half_x: int, half_y: int) -> Squares:
    """2 half + 1 px wide and high, around places in px; paper where the page ends."""
    last = np.array([page.shape[1] - 1, page.shape[0] - 1])
    left, top = (np.clip(np.round(centres - 0.5).astype(int), 0, last) - [half_x, half_y]).T
    is_inside = left.min() >= 0 and top.min() >= 0
    if not is_inside or left.max() + 2 * half_x > last[0] or top.max() + 2 * half_y > last[1]:
        page = cv2.copyMakeBorder(page, half_y, half_y, half_x, half_x, cv2.BORDER_CONSTANT, value=PAPER)
        left, top = left + half_x, top + half_y
    return sliding_window_view(page, (2 * half_y + 1, 2 * half_x + 1))[top, left]


def median_of(squares: Squares) -> Ink:
    """Of each pixel, (high, wide)."""
    count = len(squares)
    levels = squares.reshape(count, -1)
    middle = ((count - 1) // 2, count // 2)
    parts = _middles(levels, middle) if levels.shape[1] > FEW_PIXELS else _parted(levels, middle)
    return np.asarray(np.mean(parts, axis=0, dtype=np.float32), np.float32).reshape(squares.shape[1:])


def _parted(levels: Squares, middle: tuple[int, int]) -> list[NDArray[np.uint16]]:
    """Of columns (n, pixels), the values at these places in their order."""
    columns = levels.T.astype(np.uint16, order="C")  # sixteen bits are the fastest to part
    columns.partition(sorted(set(middle)), axis=1)
    return [columns[:, place] for place in middle]


def _middles(levels: Squares, middle: tuple[int, int]) -> list[Squares]:
    """The same by whole rows, a pair at a time, which a processor does for many pixels at once."""
    rows = list(levels)
    for low, high, is_low_needed, is_high_needed in _comparisons(len(rows), middle):
        one, other = rows[low], rows[high]
        if is_low_needed:
            rows[low] = np.minimum(one, other)
        if is_high_needed:
            rows[high] = np.maximum(one, other)
    return [rows[place] for place in middle]


@lru_cache(maxsize=64)
def _comparisons(count: int, wanted: tuple[int, int]) -> list[tuple[int, int, bool, bool]]:
    """Which pairs are put in order, and which of both is needed then, until the wanted places hold what sorting puts
    there: merge exchange (Batcher, 1968; Knuth, The Art of Computer Programming 3, algorithm 5.2.2M), without what has
    no say in them."""
    pairs = []
    power = 1 << max(0, (count - 1).bit_length() - 1)
    step = power
    while step:
        limit, rest, distance = power, 0, step
        while True:
            pairs += [(low, low + distance) for low in range(count - distance) if low & step == rest]
            if limit == step:
                break
            distance, limit, rest = limit - step, limit >> 1, step
        step >>= 1
    needed, kept = set(wanted), []
    for low, high in reversed(pairs):
        if low in needed or high in needed:
            kept.append((low, high, low in needed, high in needed))
            needed |= {low, high}
    return kept[::-1]


def likenesses(squares: Squares, pattern: Ink) -> Ink:
    """Normalised cross-correlations (n, down, across) with the ink of a pattern, wherever it fits into the squares."""
    (count, height, width), (high, wide) = squares.shape, pattern.shape
    ink = np.float32(PAPER) - squares  # nearly 0 on paper, so that sums of squares are exact
    shape = pattern - pattern.mean()
    length = float(np.linalg.norm(shape))
    if length == 0:
        return np.zeros((count, height - high + 1, width - wide + 1), np.float32)
    places = _at_all_places(shape / length, height, width)
    matched = ink.reshape(count, -1) @ places.reshape(-1, height * width).T
    rows, columns = _windows(height, high), _windows(width, wide).T
    sums, energies = rows @ ink @ columns, rows @ ink**2 @ columns
    variances = energies / pattern.size - (sums / pattern.size) ** 2
    lengths = np.sqrt(np.maximum(variances, LEAST_VARIANCE) * pattern.size)
    return matched.reshape(lengths.shape) / lengths


def _at_all_places(shape: Ink, height: int, width: int) -> Ink:
    """(down, across, height, width): the shape at each place of a square, and 0 around it."""
    high, wide = shape.shape
    places = np.zeros((height - high + 1, width - wide + 1, height, width), np.float32)
    for y, x in np.ndindex(*places.shape[:2]):
        places[y, x, y : y + high, x : x + wide] = shape
    return places


@lru_cache(maxsize=64)
def _windows(length: int, part: int) -> Ink:
    """(length - part + 1, length): 1 where each of the windows is."""
    return np.stack([np.eye(length, dtype=np.float32)[i : i + part].sum(0) for i in range(length - part + 1)])


def peaks_of(maps: Ink) -> tuple[Ink, Points]:
    """The highest value of each map (n, down, across), (n,), and how far (x, y) it is from the map's middle, (n, 2)."""
    flat = maps.reshape(len(maps), -1)
    best = flat.argmax(axis=1)
    y, x = np.divmod(best, maps.shape[2])
    off = np.stack([x - maps.shape[2] // 2, y - maps.shape[1] // 2], axis=1)
    return flat[np.arange(len(flat)), best], off.astype(np.float64)
