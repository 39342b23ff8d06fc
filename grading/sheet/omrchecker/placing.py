"""Where the page of a template lies in a picture: candidates by its edges, its markers or its blank form.

No candidate is believed for how it was found. The one on which the template's bubbles are printed where the template
says is the page, and that also tells which side is up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Page
from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Points, transform
from grading.sheet.omrchecker.bubble_cloud import matrices_by_bubbles
from grading.sheet.omrchecker.bubble_grid import SCALE, GridMatch, fitting_sizes, match_grid, printed_as
from grading.sheet.omrchecker.corner_markers import LOOK_SIDE, corner_markers
from grading.sheet.omrchecker.picture import ScaledPicture, corners_of, density
from grading.sheet.omrchecker.template import PreProcessor, Template
from grading.sheet.scan import matrix_by_corners

RATIO = 17.0  # page width to marker width where the template is silent, as OMRChecker has it
LEAST_DENSITY = 0.8  # px of the picture per mm of the form: bubbles of about 4 px
GUESS = 0.85  # the size of bubbles that is looked for before anything is known
CLEAR = 0.25  # likeness of a page that needs no second look
AHEAD = 0.08  # likeness by which the right side is up
SOME = 12  # blocks of bubbles that tell what cannot be the page,
BEHIND = 0.16  # since it is so much less alike than the best
OFF_PAPER = 0.12  # what a page that lies beside its paper loses, as much as one whose bubbles are far off
OFF_FAR = 0.05  # of its longer side
ON_PAPER = 1e-6  # of it: placed by this outline
STRETCHED = 2.5  # times wider or narrower than the form, as no camera makes a page
NEARER_SHAPE = 1.25  # times nearer to the form's shape: the other sides are looked at later
FEATURES, FEATURE_SIDE, DISTINCT = 4000, 1600, 0.8
LEAST_AGREEING = 15
SAME = 0.9  # correlation of a marker with itself turned by a quarter


@dataclass(frozen=True, eq=False)
class Placing:
    """A way in which the page may lie: `matrix` takes mm of the form to px, `grid` says where its bubbles are then.
    likeness: of the bubbles, less what is taken off a page whose edges are nowhere near an edge of paper."""

    matrix: Matrix
    grid: GridMatch
    turned: float  # degrees clockwise, 0 to 360
    likeness: float

    def is_turned_from(self, other: "Placing") -> bool:
        return 45 < (self.turned - other.turned) % 360 < 315


def turn_of(matrix: Matrix, size: tuple[float, float]) -> float:
    left, right = transform(matrix, np.array([[0.25, 0.5], [0.75, 0.5]]) * size)
    return float(np.degrees(np.arctan2(*(right - left)[::-1])) % 360)


def likely_placings(picture: ScaledPicture, template: Template) -> Iterator[list[Placing]]:
    """The ways in which the page may lie, for as long as somebody asks, since another outline or other markers may say
    it more exactly: one at a time where that is clear, with its rivals where a grid looks the same upside down, which
    no look at outlines changes.

    Where none was clear the page is looked for by its bubbles alone, which fit a grid of others as well, and what was
    found is looked at again for bubbles of all sizes: the likeliest for each side that may be up.
    """
    found: list[Placing] = []
    is_clear = False
    for matrices in _attempts(picture, template):
        found += _placings(picture, template, matrices)
        if clear := _clear(found):
            yield clear
            found, is_clear = [], True
    if is_clear:
        return
    found += _placings(picture, template, iter(matrices_by_bubbles(picture.grey, template.form)))
    if clear := _clear(found):
        yield clear
        return
    sizes = fitting_sizes(template.form)
    closer = _one_for_each_side(found)
    again = [_placing(picture, template, placing.matrix, sizes) for placing in closer]
    yield _one_for_each_side(again, AHEAD)


def _clear(placings: Iterable[Placing]) -> list[Placing]:
    return _one_for_each_side([placing for placing in placings if placing.likeness > CLEAR], AHEAD)


def _placings(picture: ScaledPicture, template: Template, matrices: Iterator[Matrix]) -> list[Placing]:
    """By some of the bubbles; those that may be the page, by all of them."""
    some = [
        _placing(picture, template, matrix, (GUESS,), SOME)
        for matrix in matrices
        if _is_large(matrix, template)
    ]
    best = max((placing.likeness for placing in some), default=0.0)
    return [
        placing
        if placing.grid.is_whole or placing.likeness < best - BEHIND
        else _placing(picture, template, placing.matrix, (GUESS,))
        for placing in some
    ]


def _one_for_each_side(placings: Iterable[Placing], behind: float = np.inf) -> list[Placing]:
    """The likeliest first, and none that is so much less alike than that one."""
    kept: list[Placing] = []
    for placing in sorted(placings, key=lambda placing: -placing.likeness):
        is_likely = not kept or placing.likeness > kept[0].likeness - behind
        if is_likely and all(placing.is_turned_from(other) for other in kept):
            kept.append(placing)
    return kept


def _is_large(matrix: Matrix, template: Template) -> bool:
    return density(matrix, (template.form.width, template.form.height)) > LEAST_DENSITY


def _placing(
    picture: ScaledPicture,
    template: Template,
    matrix: Matrix,
    sizes: Sequence[float],
    most: int | None = None,
) -> Placing:
    form = template.form
    page = straightened(picture, matrix, form)
    grids = [match_grid(page, printed_as(form, size), most) for size in sizes]
    grid = max(grids, key=lambda grid: grid.likeness)
    likeness = grid.likeness - OFF_PAPER * _off_paper(picture, template, matrix)
    return Placing(matrix, grid, turn_of(matrix, (form.width, form.height)), likeness)


def _off_paper(picture: ScaledPicture, template: Template, matrix: Matrix) -> float:
    """0 where the page lies on paper's edges, up to 1; 0 where markers and not edges say where a page ends."""
    if template.placing and template.placing.name == "CropOnMarkers":
        return 0.0
    corners = transform(matrix, corners_of(template.form.width, template.form.height))
    side = float(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2])))
    off = _off_outlines(corners, picture.known_outlines) / side
    if off > ON_PAPER:
        off = _off_outlines(corners, picture.outlines()) / side
    return min(1.0, off / OFF_FAR)


def _off_outlines(corners: Points, outlines: Iterable[Points]) -> float:
    """px that the farthest of these corners is off the outline that it lies on best."""
    edges = np.array([turned for outline in outlines for turned in _turned(outline)]).reshape(-1, 4, 2)
    return float(np.linalg.norm(edges - corners, axis=2).max(axis=1).min(initial=np.inf))


def straightened(picture: ScaledPicture, matrix: Matrix, form: Page) -> Grey:
    """The page as `match_grid` needs it."""
    return picture.evened(matrix, (form.width, form.height), SCALE)


def _attempts(picture: ScaledPicture, template: Template) -> Iterator[Iterator[Matrix]]:
    """From mm of the form to px of the picture; ways that belong together at a time, the likeliest first."""
    step = template.placing
    form = template.form
    if step and step.name == "FeatureBasedAlignment" and step.picture is not None:
        matrix = by_blank_form(picture.grey, step.picture, (form.width, form.height))
        yield iter([] if matrix is None else [matrix])
    marker = step.picture if step and step.name == "CropOnMarkers" else None
    is_marker_even = marker is not None and _looks_alike_turned(marker)
    for outline in picture.outlines():
        corners = _marked_corners(picture, outline, step) if step and is_marker_even else outline
        if corners is not None:
            for quarters in _sides_up(corners, form):
                turned: Iterable[Points] = _turned(corners, quarters)
                if step and marker is not None and not is_marker_even:
                    turned = _marked(picture, turned, step)
                yield (matrix_by_corners(places, form.width, form.height) for places in turned)


def _sides_up(corners: Points, form: Page) -> Sequence[tuple[int, ...]]:
    """By which quarters a page with these corners may be turned, those together that are as likely: first those with
    which it has about the form's shape; none with which it has nothing of it."""
    wide, high = np.maximum(_sides_of(corners), 1e-6)
    shape, wanted = np.log(wide / high), np.log(form.width / form.height)
    stretched = {(0, 2): abs(shape - wanted), (1, 3): abs(shape + wanted)}
    likely = sorted(
        (pair for pair, by in stretched.items() if by < np.log(STRETCHED)), key=stretched.__getitem__
    )
    if len(likely) > 1 and abs(stretched[0, 2] - stretched[1, 3]) < np.log(NEARER_SHAPE):
        return [(0, 1, 2, 3)]
    return likely


def _sides_of(corners: Points) -> NDArray[np.float64]:
    """Width and height, px, of what has these corners (4, 2)."""
    sides = np.linalg.norm(corners - corners[[1, 2, 3, 0]], axis=1)
    return np.asarray((sides[:2] + sides[2:]) / 2)


def _marked(picture: ScaledPicture, turned: Iterable[Points], step: PreProcessor) -> Iterator[Points]:
    """The corners (4, 2) px of the page's positions, from its own top left, for each side that may be up."""
    found = (_marked_corners(picture, outline, step) for outline in turned)
    return (centres for centres in found if centres is not None)


def _turned(corners: Points, quarters: Iterable[int] = range(4)) -> list[Points]:
    return [corners[(np.arange(4) + quarter) % 4] for quarter in quarters]


def _looks_alike_turned(marker: Grey) -> bool:
    """Rings and squares do: one search for them serves all sides."""
    small = cv2.resize(marker, (32, 32), interpolation=cv2.INTER_AREA)
    return float(cv2.matchTemplate(small, np.rot90(small).copy(), cv2.TM_CCOEFF_NORMED)[0, 0]) > SAME


def _marked_corners(picture: ScaledPicture, outline: Points, step: PreProcessor) -> Points | None:
    """The centres of the markers (4, 2) px within an outline, as they are on the upright page."""
    size = _sides_of(outline)
    width, height = (float(side) for side in size * LOOK_SIDE / size.max())
    if min(width, height) < LOOK_SIDE / 4 or step.picture is None:
        return None
    matrix = matrix_by_corners(outline, width, height)
    page = picture.straight(matrix, (width, height), 1.0)
    found = corner_markers(page, step.picture, _ratio(step))
    return transform(matrix, found.centres + 0.5) if found else None


def _ratio(step: PreProcessor) -> float:
    ratio = step.options.get("sheetToMarkerWidthRatio", RATIO)
    is_number = isinstance(ratio, int | float) and not isinstance(ratio, bool)
    return float(ratio) if is_number and 2 < ratio < 200 else RATIO


def by_blank_form(grey: Grey, blank: Grey, size: tuple[float, float]) -> Matrix | None:
    """The homography from mm to px by what the blank form and the picture share (Lowe: SIFT, 2004; MAGSAC++)."""
    pictures = [_at_most(blank, FEATURE_SIDE), _at_most(grey, FEATURE_SIDE)]
    sift = cv2.SIFT.create(FEATURES)
    (points, looks), (others, other_looks) = (sift.detectAndCompute(picture, None) for picture, _ in pictures)
    if looks is None or other_looks is None or min(len(looks), len(other_looks)) < LEAST_AGREEING:
        return None
    pairs = [pair for pair in cv2.BFMatcher().knnMatch(looks, other_looks, k=2) if len(pair) == 2]
    good = [first for first, second in pairs if first.distance < DISTINCT * second.distance]
    if len(good) < LEAST_AGREEING:
        return None
    from_ = np.array([points[match.queryIdx].pt for match in good])
    to = np.array([others[match.trainIdx].pt for match in good])
    found, agree = cv2.findHomography(from_, to, cv2.USAC_MAGSAC, 4.0, maxIters=5000)
    if found is None or agree.sum() < LEAST_AGREEING:
        return None
    scale = np.diag([pictures[0][0].shape[1] / size[0], pictures[0][0].shape[0] / size[1], 1.0])
    return np.asarray(np.diag([1 / pictures[1][1], 1 / pictures[1][1], 1.0]) @ found @ scale)


def _at_most(grey: Grey, side: int) -> tuple[Grey, float]:
    scale = min(1.0, side / max(grey.shape))
    return np.asarray(
        cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    ), scale
