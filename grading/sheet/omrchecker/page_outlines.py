"""The outlines of sheets of paper in a picture: four corners each, found without any marker.

Several ways of telling paper from what it lies on, since none serves every desk and light: levels of grey, grey
against its wide surroundings, and edges. Which outline is the page is for the caller to find out by its print.
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey
from grading.sheet.markers import Points
from grading.sheet.rectification import downscale, power_of_two

LONG_SIDE = 800  # px of the picture that is looked at
PRINT = 0.02  # of the long side: what is thinner than this is print, not paper
LEAST_AREA = 0.06  # of the picture
SOLID = 0.86  # least share of the four corners' area that the paper fills
ALIKE = 0.02  # of the long side; outlines closer than this are one
MOST = 6
ENOUGH = 150  # points that say where a side runs
SIDE_ENDS = 0.08  # of a side, at each end, that is not looked at: corners are bent and torn


def page_outlines(grey: Grey) -> Iterator[Points]:
    """Corners (4, 2) px, clockwise from the one nearest to the top left; the most solid large ones first.

    First those that the level of grey alone tells, which mostly is enough; the others are looked for when asked for.
    """
    factor = power_of_two(max(grey.shape) / LONG_SIDE)  # which is quick, and the rest is little
    half_way = downscale(grey, factor)
    scale = min(1.0, LONG_SIDE / max(half_way.shape))
    small = cv2.resize(half_way, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    kept: list[Points] = []
    for masks in _masks(_without_print(small)):
        rated = [rated for mask in masks for rated in _outlines(mask)]
        rated.sort(key=lambda pair: -pair[0])
        for _, corners in rated:
            is_new = all(np.abs(corners - other).max() > ALIKE * max(small.shape) for other in kept)
            if is_new and len(kept) < MOST:
                kept.append(corners)
                yield (corners + 0.5) / scale * factor - 0.5


def clockwise(corners: Points) -> Points:
    """Starting at the corner nearest to the top left."""
    around = corners - corners.mean(axis=0)
    ordered = corners[np.argsort(np.arctan2(around[:, 1], around[:, 0]))]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def _without_print(small: Grey) -> Grey:
    size = round(PRINT * max(small.shape)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    # the border is mirrored: a page that touches it must not look as if it ended
    calm = cv2.morphologyEx(cv2.medianBlur(small, 3), cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REFLECT)
    return np.asarray(cv2.GaussianBlur(calm, (0, 0), 1.5), np.uint8)


def _masks(calm: Grey) -> Iterator[list[Grey]]:
    """Where paper may be, 255; those that are looked at together."""
    level, simple = cv2.threshold(calm, 0, 255, cv2.THRESH_OTSU)
    yield [np.asarray(simple, np.uint8)]
    yield list(_further_masks(calm, level))


def _further_masks(calm: Grey, level: float) -> Iterator[Grey]:
    for part in (
        calm[calm > level],
        calm[calm <= level],
    ):  # paper on a bright desk; a dark page in a darker room
        if part.size:
            yield _above(calm, cv2.threshold(part.reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)[0])
    wide = cv2.blur(calm, (max(calm.shape) // 3, max(calm.shape) // 3))
    yield np.where(calm > wide, 255, 0).astype(np.uint8)
    for low in (15, 40):
        edges = cv2.dilate(cv2.Canny(calm, low, 2.5 * low), np.ones((3, 3), np.uint8))
        yield 255 - edges


def _above(calm: Grey, level: float) -> Grey:
    return np.where(calm > level, 255, 0).astype(np.uint8)


def _outlines(mask: Grey) -> Iterator[tuple[float, Points]]:
    """(rating, corners) of each region that has four sides."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    for contour in contours:
        area = cv2.contourArea(contour)
        if area < LEAST_AREA * mask.size:
            continue
        corners = _four_corners(np.asarray(contour, np.int32))
        if corners is None:
            continue
        solid = area / max(cv2.contourArea(corners.astype(np.float32)), 1.0)
        if SOLID < solid < 1.1:
            yield area * solid**4, corners


def _four_corners(contour: NDArray[np.int32]) -> Points | None:
    """The quadrilateral of a region's hull, its sides then fitted to the region's own edge."""
    hull = cv2.convexHull(contour)
    length = cv2.arcLength(hull, True)
    for tolerance in np.arange(0.01, 0.09, 0.005):
        rough = cv2.approxPolyDP(hull, tolerance * length, True).reshape(-1, 2).astype(np.float64)
        if len(rough) == 4:
            return _fitted(clockwise(rough), contour.reshape(-1, 2).astype(np.float64))
        if len(rough) < 4:
            return None
    return None


def _fitted(rough: Points, edge: Points) -> Points:
    """Corners where straight lines through the edge's points meet; a rough corner where a side has too few."""
    lines = [_side(edge, rough[side], rough[(side + 1) % 4]) for side in range(4)]
    corners = rough.copy()
    for corner in range(4):
        (a, b, c), (d, e, f) = lines[corner - 1], lines[corner]
        if abs(a * e - b * d) > 1e-9:
            point = np.array([b * f - c * e, c * d - a * f]) / (a * e - b * d)
            if np.linalg.norm(point - rough[corner]) < 0.05 * LONG_SIDE:
                corners[corner] = point
    return corners


def _side(edge: Points, start: Points, end: Points) -> tuple[float, float, float]:
    """The line (a, b, c), ax + by + c = 0, through the points of `edge` near the side from `start` to `end`."""
    along = end - start
    length = max(float(np.linalg.norm(along)), 1e-9)
    along = along / length
    off = edge - start
    place, away = off @ along / length, off @ np.array([-along[1], along[0]])
    near = edge[(place > SIDE_ENDS) & (place < 1 - SIDE_ENDS) & (np.abs(away) < 0.03 * length)]
    if len(near) < 10:
        near = np.stack([start, end])
    near = near[:: max(1, len(near) // ENOUGH)]
    dx, dy, x, y = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel().tolist()
    return -dy, dx, dy * x - dx * y
