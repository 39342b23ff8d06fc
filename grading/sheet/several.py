"""Several sheets in one picture: side by side on the glass of an A3 scanner, laid out for a photo, one beneath another.

Each marker says alone where the middle of its page must be, to within a few millimetres on a scan and a few centimetres
in a tilted photo. Markers that mean the same middle are of one sheet.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np

from grading.sheet.decoding import Grey

from .boxes import MARKER, PAPERS
from .markers import LONG_SIDE, Points, every_marker, fit_marker, fit_page, transform
from .rectification import downscale

MOST = 8  # sheets in one picture: 32 markers
SAME = 60.0  # mm between where the markers of one sheet take its middle to be; the next sheet's is 200 away
MARGIN = 6.0  # mm around a page that belong to it: markers of others begin 13 mm from their edges
BENEATH = 0.15  # of a page that another one covers: it lies beneath


@dataclass
class _Sheet:
    """Its markers, px of the picture that was made smaller, and where they take its middle to be."""

    middle: Points  # (2,)
    corners: dict[int, Points]
    paper: str

    @property
    def density(self) -> float:
        """px per mm."""
        areas = [cv2.contourArea(corners.astype(np.float32)) for corners in self.corners.values()]
        return float(np.sqrt(areas).mean()) / MARKER

    def outline(self, margin: float = 0.0) -> Points:
        """The page's corners, (4, 2) float32 px."""
        width, height = PAPERS[self.paper]
        page = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + margin * np.array(
            [[-1, -1], [1, -1], [1, 1], [-1, 1]]
        )
        outline = transform(fit_page(self.corners, self.paper).matrix, page).astype(np.float32)
        if not cv2.isContourConvex(outline.reshape(-1, 1, 2)):  # markers that are no page
            marker, corners = next(iter(self.corners.items()))
            outline = transform(fit_marker(corners, self.paper, marker), page).astype(np.float32)
        return outline


def sheets_in(grey: Grey) -> list[Grey]:
    """A picture of each sheet, in reading order, with paper in place of what is around it; none of too many."""
    shrink = max(1, round(max(grey.shape) / LONG_SIDE))
    markers = every_marker(downscale(grey, shrink))
    sheets = _on_top(_of_one_paper(markers)) if len(markers) <= 4 * MOST else []
    return [_cut_out(grey, shrink * sheet.outline(MARGIN)) for sheet in _in_order(sheets)]


def _of_one_paper(markers: list[tuple[int, Points]]) -> list[_Sheet]:
    """Of the paper with which they are the fewest: with another the markers of a sheet do not mean one middle."""
    return min((_grouped(markers, paper) for paper in PAPERS), key=len)


def _grouped(markers: list[tuple[int, Points]], paper: str) -> list[_Sheet]:
    """The nearest are put together first, so that a sheet beneath, whose middle may be near, keeps its own."""
    sheets = [
        _Sheet(_middle(marker, corners, paper), {marker: corners}, paper) for marker, corners in markers
    ]
    while pair := min(_pairs(sheets), key=lambda two: two[0], default=None):
        _away, one, other = pair
        sheets = [sheet for sheet in sheets if sheet is not one and sheet is not other]
        weights = np.array([[len(one.corners)], [len(other.corners)]])
        middle = (weights * [one.middle, other.middle]).sum(axis=0) / weights.sum()
        sheets.append(_Sheet(middle, one.corners | other.corners, paper))
    return sheets


def _pairs(sheets: list[_Sheet]) -> Iterator[tuple[float, _Sheet, _Sheet]]:
    """Those that may be one sheet, with how far apart their markers take its middle to be, in mm."""
    for one, other in combinations(sheets, 2):
        away = float(np.linalg.norm(one.middle - other.middle)) / one.density
        if away < SAME and not one.corners.keys() & other.corners.keys():
            yield away, one, other


def _middle(marker: int, corners: Points, paper: str) -> Points:
    width, height = PAPERS[paper]
    return transform(fit_marker(corners, paper, marker), np.array([[width / 2, height / 2]]))[0]


def _on_top(sheets: list[_Sheet]) -> list[_Sheet]:
    """Without those that lie beneath others, and show fewer of their markers for it."""
    kept: list[_Sheet] = []
    for sheet in sorted(sheets, key=lambda one: -len(one.corners)):
        outline = sheet.outline()
        covered = max((cv2.intersectConvexConvex(outline, above.outline())[0] for above in kept), default=0.0)
        if covered <= BENEATH * cv2.contourArea(outline):
            kept.append(sheet)
    return kept


def _in_order(sheets: list[_Sheet]) -> list[_Sheet]:
    """Rows from above, each from the left."""
    rows: list[list[_Sheet]] = []
    for sheet in sorted(sheets, key=lambda one: one.outline()[:, 1].mean()):
        outline = sheet.outline()
        if rows and outline[:, 1].mean() < rows[-1][0].outline()[:, 1].max() - np.ptp(outline[:, 1]) / 4:
            rows[-1].append(sheet)
        else:
            rows.append([sheet])
    return [sheet for row in rows for sheet in sorted(row, key=lambda one: one.outline()[:, 0].mean())]


def _cut_out(grey: Grey, outline: Points) -> Grey:
    height, width = grey.shape
    left, top = np.maximum(np.floor(outline.min(axis=0)), 0).astype(int)
    right, bottom = np.minimum(np.ceil(outline.max(axis=0)) + 1, (width, height)).astype(int)
    part = grey[top:bottom, left:right]
    mask = np.zeros(part.shape, np.uint8)
    cv2.fillConvexPoly(mask, np.round(outline - (left, top)).astype(np.int32), 1)
    return np.where(mask, part, 255).astype(np.uint8)
