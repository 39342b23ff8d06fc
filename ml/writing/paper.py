"""The sheet in a photograph of paper: found by its light, straightened, the desk around it left out.

A sheet is the large light part with four straight sides, each of which either stands out from what lies beside it or
is cut by the picture's edge. Several levels of light are tried, since no one level parts every paper from every desk.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture, rescale

GLANCE = 320  # px of the long side on which the sheet is looked for
SMALLEST = 420  # px of the long side: what is smaller is no photograph of a sheet
LEVELS = 9
LEAST, MOST = 0.25, 0.985  # of the picture is the sheet
FULL = 0.94  # of the four-sided figure is light
CONTRAST = 22.0  # levels between the two sides of an edge
ALIKE = 0.62  # times as light as halfway to the middle is the edge of a sheet at least
INSIDE = 0.012  # of the sheet's sides: so much of its own edge is left out


@dataclass(frozen=True)
class Figure:
    """corners: (4, 2); outline: (n, 2), of what was seen of it in the picture."""

    corners: NDArray[np.float32]
    outline: NDArray[np.float32]


@dataclass(frozen=True)
class Sheet:
    """picture: the sheet alone, straight; is_paper: 255 where it shows paper; matrix: from its pixels to those of the
    photograph."""

    picture: Picture
    is_paper: Picture | None
    matrix: NDArray[np.float64]


def whole(picture: Picture) -> Sheet:
    return Sheet(picture, None, np.eye(3))


def straightened(picture: Picture) -> Sheet:
    """The sheet in a picture, or the picture as it is where none is seen."""
    if max(picture.shape[:2]) < SMALLEST:
        return whole(picture)
    small = rescale(picture, GLANCE / max(picture.shape[:2]))
    figure = find_figure(small)
    if figure is None:
        return whole(picture)
    return cut_out(picture, figure, picture.shape[1] / small.shape[1])


def cut_out(picture: Picture, figure: Figure, scale: float) -> Sheet:
    corners = in_order(figure.corners) * scale
    sides = np.linalg.norm(corners - np.roll(corners, -1, 0), axis=1)
    wide, high = round(float(max(sides[0], sides[2]))), round(float(max(sides[1], sides[3])))
    flat = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), flat)
    straight = cv2.warpPerspective(picture, matrix, (wide, high), borderMode=cv2.BORDER_REPLICATE)
    paper = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillPoly(paper, [np.round(figure.outline * scale).astype(np.int32)], 255)
    seen = cv2.warpPerspective(paper, matrix, (wide, high))
    edge = max(2, round(INSIDE * max(wide, high)))
    seen[:edge] = seen[-edge:] = seen[:, :edge] = seen[:, -edge:] = 0
    seen = cv2.erode(seen, np.ones((2 * edge + 1, 2 * edge + 1), np.uint8))
    return Sheet(
        straight, np.where(seen > 250, np.uint8(255), np.uint8(0)), np.linalg.inv(matrix).astype(np.float64)
    )


def find_figure(small: Picture) -> Figure | None:
    """None where nothing looks like a sheet on a desk."""
    light = cv2.medianBlur(small if small.ndim == 2 else small.max(2), 9)
    low, high = (float(np.quantile(light, share)) for share in (0.02, 0.9))
    if high - low < CONTRAST:
        return None
    found = [figure_at(light, level) for level in np.linspace(low, high, LEVELS + 2)[1:-1]]
    rated = [(edge_contrast(light, figure.corners), figure) for figure in found if figure is not None]
    best = max(rated, key=lambda pair: pair[0], default=None)
    return best[1] if best is not None and best[0] >= CONTRAST else None


def figure_at(light: Picture, level: float) -> Figure | None:
    """The largest part that is lighter, if it has four sides."""
    mask = cv2.morphologyEx((light > level).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if len(stats) < 2:
        return None
    label = int(stats[1:, cv2.CC_STAT_AREA].argmax()) + 1
    own = (labels == label).astype(np.uint8)
    contours, _ = cv2.findContours(own, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    outline = max(contours, key=cv2.contourArea)
    area = cv2.contourArea(outline) / light.size
    if not LEAST <= area <= MOST:
        return None
    hull = cv2.convexHull(outline)
    corners = cv2.approxPolyN(hull, 4).reshape(-1, 2).astype(np.float32)
    if len(corners) != 4 or cv2.contourArea(outline) < FULL * cv2.contourArea(within(corners, light.shape)):
        return None
    return Figure(corners, hull.reshape(-1, 2).astype(np.float32))


def within(corners: NDArray[np.float32], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The part of a figure that lies in the picture."""
    frame = np.array([(0, 0), (shape[1], 0), (shape[1], shape[0]), (0, shape[0])], np.float32)
    _area, part = cv2.intersectConvexConvex(cv2.convexHull(corners), frame)
    return corners if part is None else part.astype(np.float32)


def edge_contrast(light: Picture, corners: NDArray[np.float32]) -> float:
    """Of the side that stands out least; those that the picture's edge cuts do not count, but for all four."""
    middle = corners.mean(0)
    values = []
    for first, last in zip(corners, np.roll(corners, -1, 0), strict=True):
        points = first + (last - first) * np.linspace(0.08, 0.92, 24)[:, None]
        inward = np.array([-(last - first)[1], (last - first)[0]]) / max(
            float(np.linalg.norm(last - first)), 1
        )
        if np.dot(inward, middle - first) < 0:
            inward = -inward
        outer, inner = points - 4 * inward, points + 5 * inward
        is_seen = inside(outer, light.shape) & inside(inner, light.shape)
        if is_seen.sum() >= 8:
            values.append(float(np.median(at(light, inner[is_seen]) - at(light, outer[is_seen]))))
        elif not is_light(light, inner, middle):
            return 0.0  # a side along the picture's edge, with desk beside it
    return min(values, default=0.0)


def is_light(light: Picture, points: NDArray[np.float64], middle: NDArray[np.float64]) -> bool:
    """Whether there is paper at these points, as in the middle of the sheet."""
    seen = points[inside(points, light.shape)]
    across = middle + (seen - middle) * 0.5
    return len(seen) > 0 and float(np.median(at(light, seen) / np.maximum(at(light, across), 1))) > ALIKE


def inside(points: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.asarray(((points >= 0) & (points < [shape[1], shape[0]])).all(1))


def at(light: Picture, points: NDArray[np.float64]) -> NDArray[np.float64]:
    places = points.astype(int)
    return light[places[:, 1], places[:, 0]].astype(np.float64)


def in_order(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """From the top left one clockwise, as they lie in the picture."""
    away = corners - corners.mean(0)
    corners = corners[np.argsort(np.arctan2(away[:, 1], away[:, 0]))]
    return np.roll(corners, -int(corners.sum(1).argmin()), 0)


def without_desk(sheet: Sheet) -> Picture:
    """The picture with what is no paper made as light as the paper beside it."""
    if sheet.is_paper is None or sheet.is_paper.all():
        return sheet.picture
    scale = 64 / max(sheet.picture.shape[:2])
    mask = rescale((sheet.is_paper > 0).astype(np.float32), scale)
    shape = mask.shape[::-1]
    known = cv2.resize(sheet.picture, shape, interpolation=cv2.INTER_AREA).astype(np.float32)
    solid = (mask > 0.999).astype(np.float32)
    spread = cv2.GaussianBlur(solid, (0, 0), 6) + 1e-6
    wide = solid if known.ndim == 2 else solid[..., None]
    filled = cv2.GaussianBlur(known * wide, (0, 0), 6) / (spread if known.ndim == 2 else spread[..., None])
    large = cv2.resize(filled, sheet.picture.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    is_paper = sheet.is_paper if known.ndim == 2 else sheet.is_paper[..., None]
    return np.where(is_paper > 0, sheet.picture, np.clip(large, 0, 255).astype(np.uint8))
