"""The corner markers of a template: one picture, printed near each corner of the page, found by its look."""

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey
from grading.sheet.markers import Points
from grading.sheet.registration import summit

LOOK_SIDE = 520  # px, the long side of the page in which markers are looked for
SIZES = tuple(1.21**power for power in range(-4, 3))  # of the size that the template states: 0.47 to 1.46
FINER = 1.1  # between two of them
LEAST_SIDE = 8  # px; a smaller marker looks like any blot
CLEAR, SEEN = 0.55, 0.4  # correlation: of the four together, and of each that counts
BLUR = 0.7  # px, what printing and a lens do to the picture at least


@dataclass(frozen=True)
class CornerMarkers:
    """Centres (4, 2) px on the page that was looked at, clockwise from its top left; `likeness` 0 to 1.

    A marker that is hidden is put where the other three say.
    """

    centres: Points
    likeness: float
    seen: int


def corner_markers(page: Grey, marker: Grey, ratio: float) -> CornerMarkers | None:
    """The marker in each quarter of a page (upright, roughly rectified). None where fewer than three are there.

    ratio: how many times the page is wider than a marker. Two of them tell its size, since one may be hidden.
    """
    tried = {size: _clearness(page, marker, size / ratio) for size in SIZES}
    best = max(SIZES, key=lambda size: tried[size])
    tried |= {size: _clearness(page, marker, size / ratio) for size in (best / FINER, best * FINER)}
    best = max(tried, key=lambda size: tried[size])
    return _agreed(*_of_size(page, marker, best / ratio, range(4)))


def _clearness(page: Grey, marker: Grey, share: float) -> float:
    """How clearly two markers of this size are seen, in opposite quarters."""
    _, likenesses = _of_size(page, marker, share, (0, 2))
    return float(likenesses[likenesses > SEEN].sum() + likenesses.max())


def _of_size(
    page: Grey, marker: Grey, share: float, corners: Iterable[int]
) -> tuple[Points, NDArray[np.float64]]:
    """The best places in these quarters of a marker that takes this share of the page's width; (4, 2) and (4,)."""
    width = page.shape[1] * share
    height = width * marker.shape[0] / marker.shape[1]
    if min(width, height) < LEAST_SIDE or max(width, height) > min(page.shape) / 4:
        return np.zeros((4, 2)), np.zeros(4)
    return _in_quarters(page, _shrunk(marker, round(width), round(height)), corners)


def _shrunk(marker: Grey, width: int, height: int) -> Grey:
    small = cv2.resize(marker, (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(small, (0, 0), BLUR), np.uint8)


def _in_quarters(page: Grey, marker: Grey, corners: Iterable[int]) -> tuple[Points, NDArray[np.float64]]:
    """Centres (4, 2) and likenesses (4,) of the best place in each of these quarters."""
    height, width = page.shape[0] // 2, page.shape[1] // 2
    centres, likenesses = np.zeros((4, 2)), np.zeros(4)
    places = ((0, 0), (width, 0), (width, height), (0, height))
    for corner in corners:
        x, y = places[corner]
        quarter = page[y : y + height, x : x + width]
        map_ = np.asarray(cv2.matchTemplate(quarter, marker, cv2.TM_CCOEFF_NORMED), np.float32)
        _, likenesses[corner], _, (left, top) = cv2.minMaxLoc(map_)
        off = _summit(map_, left, top)
        half = (marker.shape[1] - 1) / 2, (marker.shape[0] - 1) / 2
        centres[corner] = x + left + off[0] + half[0], y + top + off[1] + half[1]
    return centres, likenesses


def _summit(map_: NDArray[np.float32], x: int, y: int) -> tuple[float, float]:
    """How far the top of a parabola is from the highest pixel."""
    if not (0 < x < map_.shape[1] - 1 and 0 < y < map_.shape[0] - 1):
        return 0.0, 0.0
    return summit(*map_[y, x - 1 : x + 2]), summit(*map_[y - 1 : y + 2, x])


def _agreed(centres: Points, likenesses: NDArray[np.float64]) -> CornerMarkers | None:
    seen = likenesses > SEEN
    if seen.all() and likenesses.mean() > CLEAR:
        return CornerMarkers(centres, float(likenesses.mean()), 4)
    worst = int(np.argmin(likenesses))
    others = np.delete(likenesses, worst)
    if others.min() < CLEAR:
        return None
    centres = centres.copy()
    centres[worst] = centres[worst - 1] + centres[(worst + 1) % 4] - centres[(worst + 2) % 4]
    return CornerMarkers(centres, float(others.mean()), 3)
