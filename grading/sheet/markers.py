"""The four ArUco markers in the corners of a sheet: where they are in a picture, and what that says of the page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey

from .boxes import EDGE, MARKER, PAPERS
from .code import NotASheet

Points: TypeAlias = NDArray[Any]  # float64 (n, 2)
Matrix: TypeAlias = NDArray[Any]  # float64 (3, 3)

LONG_SIDE = 1_700  # px; where markers are looked for first: 9 mm are about 45 px
MOST_ERROR = 2.5  # mm that corners may be off a plane page: lenses and bent paper, but not a second sheet
FOLDED = 0.6  # mm from which one marker of four may be out of its place; the worst lenses tried came to 0.4
PLANE_ERROR = 0.08  # mm; two markers that fit a similarity this well were scanned flat


@dataclass(frozen=True)
class Placement:
    """How a page lies in a picture: `matrix` takes mm on the page to px, `corners` are the found markers' own."""

    paper: str
    matrix: Matrix
    corners: dict[int, Points]  # id -> (4, 2) px, clockwise from the marker's own top left
    error: float  # mm, root mean square over all corners

    @property
    def density(self) -> float:
        """px per mm, the mean over the page's middle."""
        width, height = PAPERS[self.paper]
        centre = np.array(
            [[width / 2, height / 2], [width / 2 + 10, height / 2], [width / 2, height / 2 + 10]]
        )
        middle, right, below = transform(self.matrix, centre)
        return float(np.sqrt(abs(np.linalg.det(np.stack([right - middle, below - middle])))) / 10)


def transform(matrix: Matrix, points: Points) -> Points:
    """Points (n, 2) through a homography."""
    return cv2.perspectiveTransform(points.reshape(-1, 1, 2).astype(np.float64), matrix).reshape(-1, 2)


def locate_page(grey: Grey, small: Grey, shrink: int) -> Placement:
    """Where the page is, from at least two markers. Raises NotASheet.

    `small` is `grey` made smaller by the whole number `shrink`; markers are looked for there and refined in `grey`.
    """
    corners = _refined(grey, _find(grey, small, shrink))
    if len(corners) < 2:
        raise NotASheet("one_marker" if corners else "blank_page" if _is_blank(small) else "no_markers")
    placement = _best(corners)
    if placement.error > FOLDED and len(corners) == 4:  # a corner that is folded over takes its marker along
        others = min((_best(rest) for rest in _all_but_one(corners)), key=lambda fitted: fitted.error)
        placement = others if others.error < placement.error / 2 else placement
    if placement.error > MOST_ERROR or _is_mirrored(placement.matrix):
        raise NotASheet("odd_markers")
    return placement


def nominal(paper: str, marker: int) -> Points:
    """The printed corners of a marker, (4, 2) mm, clockwise from its top left."""
    width, height = PAPERS[paper]
    x = EDGE if marker in (0, 3) else width - EDGE - MARKER
    y = EDGE if marker in (0, 1) else height - EDGE - MARKER
    return np.array([[x, y], [x + MARKER, y], [x + MARKER, y + MARKER], [x, y + MARKER]], np.float64)


# --- finding ----------------------------------------------------------------------------------------------------


def _dictionary() -> cv2.aruco.Dictionary:
    """Only the four that are printed: fewer chances for handwriting to look like one."""
    whole = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return cv2.aruco.Dictionary(whole.bytesList[:4], whole.markerSize, whole.maxCorrectionBits)


def _detector(smallest: int, largest: int) -> cv2.aruco.ArucoDetector:
    """A detector with threshold windows from `smallest` to `largest` px."""
    parameters = cv2.aruco.DetectorParameters()
    parameters.adaptiveThreshWinSizeMin = smallest
    parameters.adaptiveThreshWinSizeMax = largest
    parameters.adaptiveThreshWinSizeStep = 16
    parameters.minMarkerPerimeterRate = 0.02
    parameters.maxMarkerPerimeterRate = 0.6
    return cv2.aruco.ArucoDetector(_dictionary(), parameters)


_ROUGH = _detector(11, 11)
_QUICK = _detector(23, 23)
_THOROUGH = _detector(7, 71)


def _find(grey: Grey, small: Grey, shrink: int) -> dict[int, Points]:
    """id -> corners in px of `grey`: one rough look if that shows all four, else harder ones while some are missing."""
    rough = _found(_ROUGH, half := _halved(small), shrink * small.shape[1] / half.shape[1])
    if len(rough) == 4:
        return rough
    found: dict[int, Points] = {}
    for enough, detector, picture, scale in _attempts(grey, small, shrink):
        found = _found(detector, picture, scale) | found
        if len(found) >= enough:
            break
    return found


def _attempts(
    grey: Grey, small: Grey, shrink: int
) -> Iterator[tuple[int, cv2.aruco.ArucoDetector, Grey, float]]:
    """(how many markers are enough after it, detector, picture, how much smaller that is than `grey`)."""
    yield 4, _QUICK, small, shrink
    yield 3, _THOROUGH, small, shrink
    even = cv2.createCLAHE(3.0, (8, 8)).apply(cv2.GaussianBlur(small, (0, 0), 1.2))
    yield 3, _THOROUGH, even, shrink
    half = _halved(small)
    yield 2, _THOROUGH, half, shrink * small.shape[1] / half.shape[1]
    if shrink > 1:
        yield 4, _QUICK, grey, 1


def _halved(small: Grey) -> Grey:
    return np.asarray(cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))


def _found(detector: cv2.aruco.ArucoDetector, picture: Grey, scale: float) -> dict[int, Points]:
    """Corners in px of a picture that is so much larger."""
    return {marker: (corners + 0.5) * scale - 0.5 for marker, corners in _detected(detector, picture).items()}


def _detected(detector: cv2.aruco.ArucoDetector, picture: Grey) -> dict[int, Points]:
    corners, ids, _ = detector.detectMarkers(picture)
    found: dict[int, Points] = {}
    for quad, marker in zip(corners, [] if ids is None else ids.ravel(), strict=True):
        points = quad.reshape(4, 2).astype(np.float64)
        other = found.get(int(marker))
        if other is not None and 0.4 < _area(points) / _area(other) < 2.5:
            raise NotASheet("two_sheets")
        if other is None or _area(points) > _area(other):
            found[int(marker)] = points
    return found


def every_marker(small: Grey) -> list[tuple[int, Points]]:
    """The markers of all sheets in a picture, each once: id and corners, px of `small`."""
    found: list[tuple[int, Points]] = []
    for detector in (_QUICK, _THOROUGH):
        corners, ids, _ = detector.detectMarkers(small)
        for quad, marker in zip(corners, [] if ids is None else ids.ravel(), strict=True):
            points = quad.reshape(4, 2).astype(np.float64)
            if all(
                np.linalg.norm(points.mean(0) - other.mean(0)) > np.sqrt(_area(other)) for _, other in found
            ):
                found.append((int(marker), points))
    return found


def _area(points: Points) -> float:
    return float(cv2.contourArea(points.astype(np.float32)))


def _refined(grey: Grey, found: dict[int, Points]) -> dict[int, Points]:
    """Corners to a fraction of a full-resolution pixel. The window stays within the marker's black border."""
    refined = {}
    until = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_MAX_ITER, 20, 0.02)
    for marker, corners in found.items():
        reach = int(max(2, 0.09 * np.sqrt(_area(corners))))
        points = cv2.cornerSubPix(
            grey, corners.astype(np.float32).reshape(-1, 1, 2), (reach, reach), (-1, -1), until
        )
        refined[marker] = points.reshape(4, 2).astype(np.float64)
    return refined


def _is_blank(small: Grey) -> bool:
    """A back side: hardly any pixel is much darker than the paper around it."""
    paper = cv2.resize(cv2.resize(small, (24, 32), interpolation=cv2.INTER_AREA), small.shape[::-1])
    return float(np.mean(cv2.subtract(paper, small) > 40)) < 0.001


# --- placing ----------------------------------------------------------------------------------------------------


def _best(corners: dict[int, Points]) -> Placement:
    return min((fit_page(corners, paper) for paper in PAPERS), key=lambda fitted: fitted.error)


def _all_but_one(corners: dict[int, Points]) -> Iterator[dict[int, Points]]:
    for left_out in corners:
        yield {marker: points for marker, points in corners.items() if marker != left_out}


def fit_page(corners: dict[int, Points], paper: str) -> Placement:
    """The page of this paper that fits the corners of at least two markers best."""
    page = np.concatenate([nominal(paper, marker) for marker in corners])
    picture = np.concatenate(list(corners.values()))
    matrix = _similarity(page, picture)
    error = _error(matrix, page, picture)
    if len(corners) > 2 or error > PLANE_ERROR:
        fitted, _ = cv2.findHomography(page, picture)
        if fitted is not None and np.linalg.det(fitted) != 0:
            matrix = fitted
            error = _error(matrix, page, picture)
    return Placement(paper, matrix, corners, error)


def fit_marker(corners: Points, paper: str, marker: int) -> Matrix:
    """Where the page lies, by one marker alone: roughly."""
    return _similarity(nominal(paper, marker), corners)


def _similarity(page: Points, picture: Points) -> Matrix:
    """Least squares turn, scale and shift: as complex numbers, picture = a page + b."""
    z, w = page @ np.array([1, 1j]), picture @ np.array([1, 1j])
    (a, b), *_ = np.linalg.lstsq(np.stack([z, np.ones_like(z)], axis=1), w, rcond=None)
    return np.array([[a.real, -a.imag, b.real], [a.imag, a.real, b.imag], [0, 0, 1]])


def _error(matrix: Matrix, page: Points, picture: Points) -> float:
    """Root mean square distance in mm."""
    off = transform(np.linalg.inv(matrix), picture) - page
    return float(np.sqrt(np.mean(np.sum(off**2, axis=1))))


def _is_mirrored(matrix: Matrix) -> bool:
    corner, right, below = transform(matrix, np.array([[100.0, 130.0], [110.0, 130.0], [100.0, 140.0]]))
    return bool(np.linalg.det(np.stack([right - corner, below - corner])) <= 0)
