"""Where a page lies by its bubbles alone: no marker, no edge of paper and no blank form is needed.

Outlines of one size are many on an answer sheet. Their middles are a cloud of points that is laid on the cloud of the
form's bubbles: first by how both extend, then by the nearest points, closer and closer (iterative closest point; Besl
and McKay, 1992).
"""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Page
from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Points, transform
from grading.sheet.omrchecker.bubble_grid import centres_of

LOOK_SIDE = 1600  # px, of the picture that is looked at
SMALLEST, LARGEST = 4, 0.06  # px, and share of the picture's side: what may be a bubble
LEAST_ASPECT = 0.35
MOST = 6000  # outlines that are compared with each other
BLOCK, DARKER = 1 / 40, 9  # of the side around a pixel, and grey levels below the mean there: print
SPREAD = 0.16  # of a size, by which bubbles of one form differ
SIZES = 3  # the commonest are tried
LEAST_COUNT = 0.3  # of the form's bubbles
SAMPLE = 160  # bubbles of the form that are laid on the cloud
TRIMS = (0.0, 1.0, 3.0)  # percent of the cloud at each end that may be something else
RADII = (1.2, 0.9, 0.7, 0.5, 0.4, 0.35, 0.3, 0.3)  # of the way between bubbles: how near the nearest must be
LEAST_SHARE, ENOUGH_SHARE = (
    0.5,
    0.9,
)  # of the form's bubbles that have one in the cloud: at least, and no better wanted
HOPELESS = 0.25  # of them, after STEPS
STEPS = 3


def matrices_by_bubbles(grey: Grey, form: Page) -> list[Matrix]:
    """From mm of the form to px of the picture, one for each side that may be up, the likeliest first."""
    shrink = min(1.0, LOOK_SIDE / max(grey.shape))
    small = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA) if shrink < 1 else grey
    centres = centres_of(field.box for field in form.fields)
    pitch = _pitch(centres)
    form_points = _sampled(centres)
    best: dict[int, tuple[float, Matrix]] = {}
    for cloud in _clouds(np.asarray(small, np.uint8), LEAST_COUNT * len(centres)):
        for quarter, start in _starts(centres, cloud):
            known, _ = best.get(quarter, (LEAST_SHARE, None))
            if known < ENOUGH_SHARE and (laid := _laid(form_points, cloud, start, pitch))[0] > known:
                best[quarter] = laid
    to_picture = np.diag([1 / shrink, 1 / shrink, 1.0])
    return [to_picture @ matrix for _, matrix in sorted(best.values(), key=lambda laid: -laid[0])]


def _pitch(points: Points) -> float:
    """Between most points and their nearest."""
    some = _sampled(points)
    away = np.linalg.norm(some[:, None] - points[None], axis=2)
    away[away < 1e-6] = np.inf
    return float(np.median(away.min(axis=1)))


def _sampled(points: Points) -> Points:
    if len(points) <= SAMPLE:
        return points
    return points[np.sort(np.random.default_rng(0).choice(len(points), SAMPLE, replace=False))]


def _clouds(small: Grey, least: float) -> Iterator[Points]:
    """Middles (n, 2) px of outlines that are of one size, for the commonest sizes."""
    boxes = _outlines(small)
    sizes = np.log(boxes[:, 2:])
    left = np.ones(len(boxes), np.bool_)
    for _ in range(SIZES):
        if left.sum() < max(least, 1):
            return
        steps, counts = np.unique(np.round(sizes[left] / SPREAD), axis=0, return_counts=True)
        alike = left & (np.abs(sizes - steps[counts.argmax()] * SPREAD).max(axis=1) < SPREAD)
        if alike.sum() < least:
            return
        left &= ~alike
        yield _apart(boxes[alike])


def _outlines(small: Grey) -> NDArray[np.float64]:
    """Boxes (n, 4) of what is printed and may be a bubble; the commonest of very many."""
    block = max(11, round(max(small.shape) * BLOCK)) | 1
    print_ = cv2.adaptiveThreshold(
        small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, block, DARKER
    )
    contours, _ = cv2.findContours(print_, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    boxes = np.array([cv2.boundingRect(contour) for contour in contours], np.float64).reshape(-1, 4)
    width, height = boxes[:, 2], boxes[:, 3]
    aspect = np.minimum(width, height) / np.maximum(np.maximum(width, height), 1)
    is_likely = (
        (np.minimum(width, height) >= SMALLEST)
        & (np.maximum(width, height) <= LARGEST * max(small.shape))
        & (aspect >= LEAST_ASPECT)
    )
    return boxes[is_likely][:MOST]


def _apart(boxes: NDArray[np.float64]) -> Points:
    """Their middles; an outline has an inner and an outer side, which count once."""
    centres = boxes[:, :2] + boxes[:, 2:] / 2
    near = 0.4 * float(np.median(boxes[:, 2:]))
    away = np.abs(centres[:, None] - centres[None]).max(axis=2)
    is_later = np.tril(away < near, -1).any(axis=1)
    return centres[~is_later]


def _starts(centres: Points, cloud: Points) -> Iterator[tuple[int, Matrix]]:
    """Maps that lay the form's bubbles on the cloud, with the quarter turns that bring its side up: by their extent, or
    by their corners, which a tilted page moves."""
    angle = _slant(cloud)
    for quarter in range(4):
        turn = _rotation(-angle - quarter * np.pi / 2)
        turned = cloud @ turn[:2, :2].T
        for trim in TRIMS:
            low, high = np.percentile(turned, [trim, 100 - trim], axis=0)
            first, last = np.percentile(centres, [trim, 100 - trim], axis=0)
            scale = (high - low) / np.maximum(last - first, 1e-6)
            placed = np.diag([*scale, 1.0])
            placed[:2, 2] = low - scale * first
            yield quarter, np.linalg.inv(turn) @ placed
        for trim in TRIMS[:2]:
            from_, to = (_corners(points, trim).astype(np.float32) for points in (centres, turned))
            yield quarter, np.linalg.inv(turn) @ np.asarray(cv2.getPerspectiveTransform(from_, to))


def _corners(points: Points, trim: float) -> Points:
    """The outermost points (4, 2) towards each corner, of those that are left when some at each side are not."""
    low, high = np.percentile(points, [trim, 100 - trim], axis=0)
    inside = points[((points >= low) & (points <= high)).all(axis=1)]
    unit = (inside - low) / np.maximum(high - low, 1e-6)
    return np.array([inside[(unit @ towards).argmax()] for towards in ((-1, -1), (1, -1), (1, 1), (-1, 1))])


def _rotation(angle: float) -> Matrix:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])


def _slant(cloud: Points) -> float:
    """By how many radians rows or columns of the cloud are off the picture's sides, up to an eighth of a turn."""
    some = _sampled(cloud)
    vectors = cloud[None] - some[:, None]
    lengths = np.linalg.norm(vectors, axis=2)
    lengths[lengths < 1e-6] = np.inf
    nearest = vectors[np.arange(len(some)), lengths.argmin(axis=1)]
    # Fourfold: a row and a column say the same
    folded = np.exp(4j * np.arctan2(nearest[:, 1], nearest[:, 0]))
    return float(np.angle(folded.mean()) / 4)


def _laid(points: Points, cloud: Points, matrix: Matrix, pitch: float) -> tuple[float, Matrix]:
    """The form's bubbles laid on the cloud from a start: the share that has one there, and the homography."""
    share, is_tilted = 0.0, bool(matrix[2, :2].any())
    for step, radius in enumerate(RADII):
        places = transform(matrix, points)
        nearest, away = _nearest(places, cloud)
        is_near = away < radius * pitch * np.sqrt(abs(np.linalg.det(matrix[:2, :2])))
        share = float(is_near.mean())
        if is_near.sum() < 8 or (step == STEPS and share < HOPELESS):
            return 0.0, matrix
        fitted = _fitted(points[is_near], cloud[nearest[is_near]], is_affine=step < 3 and not is_tilted)
        if fitted is None:
            return 0.0, matrix
        matrix = fitted
    return share, matrix


def _nearest(places: Points, cloud: Points) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each place the nearest point of the cloud, and how far it is."""
    squares = (cloud**2).sum(axis=1)[None] - 2 * places @ cloud.T
    nearest = squares.argmin(axis=1)
    return nearest, np.linalg.norm(places - cloud[nearest], axis=1)


def _fitted(from_: Points, to: Points, is_affine: bool) -> Matrix | None:
    if is_affine:
        ones = np.concatenate([from_, np.ones((len(from_), 1))], axis=1)
        solved, *_ = np.linalg.lstsq(ones, to, rcond=None)
        return np.concatenate([solved.T, [[0.0, 0.0, 1.0]]])
    found, _ = cv2.findHomography(from_, to, 0)
    is_sane = found is not None and abs(np.linalg.det(found[:2, :2])) > 1e-6
    return np.asarray(found) if is_sane else None
