"""Straight pages from pictures: one sample of the picture per pixel of the page, then even lighting."""

from collections.abc import Callable
from math import ceil
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey

from .markers import Matrix, Points, transform

PAPER = 245  # what evened paper becomes
NODE = 16  # px of the page between the places that are computed; bilinear between them (error under 0.01 px)
BAND = 8  # nodes: so many rows at a time stay in the processor's cache
BEND = 15.0  # mm between the places where the shift is computed; cubic between them
SHADOW = 17  # mm; what is dark and smaller than this is ink, what is larger is a shadow

Shift = Callable[[Points], Points]  # places on the form, mm -> displacement of the print there, mm


def sample(
    picture: Grey, matrix: Matrix, size: tuple[float, float], scale: float, shift: Shift | None = None
) -> Grey:
    """The page of `size` mm at `scale` px/mm, (h, w) uint8. `matrix` takes mm to px of `picture`.

    What lies outside of the picture is white. Expects a picture of about the same density (see `shrunk`).
    """
    if shift is None:
        return warp_patch(picture, matrix, (0.0, 0.0, *size), scale)
    width, height = round(size[0] * scale), round(size[1] * scale)
    columns, rows = ceil(width / NODE) + 2, ceil(height / NODE) + 2
    places = _nodes(columns, rows, NODE / scale) + _shifts(shift, columns, rows, NODE / scale)
    nodes = transform(matrix, places.reshape(-1, 2)).reshape(rows, columns, 2).astype(np.float32)
    page = np.empty((height, width), np.uint8)
    no_map: Any = None  # the stub does not know that one map may hold both coordinates
    for top in range(0, height, BAND * NODE):
        near = nodes[top // NODE : top // NODE + BAND + 2]
        every = cv2.resize(near, (columns * NODE, len(near) * NODE), interpolation=cv2.INTER_LINEAR)
        band = page[top : top + BAND * NODE]
        inner = every[NODE : NODE + len(band), NODE : NODE + width]
        cv2.remap(picture, inner, no_map, cv2.INTER_LINEAR, band, cv2.BORDER_CONSTANT, 255)
    return page


def warp_patch(picture: Grey, matrix: Matrix, box: tuple[float, float, float, float], scale: float) -> Grey:
    """The part of the page in `box` (x, y, w, h in mm) at `scale` px/mm."""
    x, y, width, height = box
    to_page = np.array([[1 / scale, 0, x + 0.5 / scale], [0, 1 / scale, y + 0.5 / scale], [0, 0, 1]])
    size = (round(width * scale), round(height * scale))
    return cv2.warpPerspective(
        picture, matrix @ to_page, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=255
    )


def downscale(picture: Grey, factor: int) -> Grey:
    """Smaller by a whole number: each pixel is the mean of those it replaces."""
    if factor == 1:
        return picture
    height, width = (side // factor * factor for side in picture.shape)
    part = 2 if factor % 2 == 0 else factor  # halving is the quickest by far
    small = (width // part, height // part)
    smaller = cv2.resize(picture[:height, :width], small, interpolation=cv2.INTER_AREA)
    return downscale(np.asarray(smaller, np.uint8), factor // part)


def power_of_two(times: float) -> int:
    """The largest that is no more than that, at least 1: by so much a picture is made smaller quickest."""
    return 1 << max(0, int(times).bit_length() - 1)


def shrink_matrix(factor: int) -> Matrix:
    """Takes px of a picture to px of the same picture `shrunk` by `factor`."""
    off = 0.5 / factor - 0.5
    return np.array([[1 / factor, 0, off], [0, 1 / factor, off], [0, 0, 1]])


def even(page: Grey, scale: int) -> Grey:
    """The page with its paper at PAPER everywhere: divided by what a morphological closing leaves of it."""
    rough = cv2.resize(page, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)  # 1 px/mm
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (SHADOW, SHADOW))
    paper = cv2.morphologyEx(rough, cv2.MORPH_CLOSE, kernel, borderType=cv2.BORDER_REPLICATE)
    paper = np.maximum(cv2.GaussianBlur(paper, (0, 0), 2.0), 40)
    return cv2.divide(page, cv2.resize(paper, page.shape[::-1], interpolation=cv2.INTER_LINEAR), scale=PAPER)


def _nodes(columns: int, rows: int, step: float) -> NDArray[np.float64]:
    """(rows, columns, 2) mm; the first node lies half a step outside of the page."""
    x, y = (np.arange(columns) - 0.5) * step, (np.arange(rows) - 0.5) * step
    return np.stack(np.meshgrid(x, y), axis=2)


def _shifts(shift: Shift, columns: int, rows: int, step: float) -> NDArray[np.float64]:
    """The shift at every node, from a coarser net."""
    wide, high = max(4, round(columns * step / BEND)), max(4, round(rows * step / BEND))
    x = ((np.arange(wide) + 0.5) * columns / wide - 1.0) * step
    y = ((np.arange(high) + 0.5) * rows / high - 1.0) * step
    net = shift(np.stack(np.meshgrid(x, y), axis=2).reshape(-1, 2)).reshape(high, wide, 2)
    return np.asarray(cv2.resize(net, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float64)
