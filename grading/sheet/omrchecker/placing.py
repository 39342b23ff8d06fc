"""Where the page of a template lies in a picture: candidates by its edges, its markers or its blank form.

No candidate is believed for how it was found. The one on which the template's bubbles are printed where the template
says is the page, and that also tells which side is up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from grading.sheet.boxes import Page
from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Points, transform
from grading.sheet.omrchecker.bubble_cloud import matrices_by_bubbles
from grading.sheet.omrchecker.bubble_grid import SCALE, GridMatch, fitting_sizes, match_grid, printed_as
from grading.sheet.omrchecker.corner_markers import LOOK_SIDE, corner_markers
from grading.sheet.omrchecker.page_outlines import page_outlines
from grading.sheet.omrchecker.template import PreProcessor, Template
from grading.sheet.rectification import Shift, downscale, even, sample, shrink_matrix
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
FEATURES, FEATURE_SIDE, DISTINCT = 4000, 1600, 0.8
LEAST_AGREEING = 15
SAME = 0.9  # correlation of a marker with itself turned by a quarter


class ScaledPicture:
    """A picture that can be looked at smaller; each size is made once."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self._smaller: dict[int, Grey] = {1: grey}

    @cached_property
    def outlines(self) -> list[Points]:
        """Of paper in it, and of itself: a scan shows nothing but the page."""
        height, width = self.grey.shape
        whole = np.array([[0.0, 0.0], [width, 0], [width, height], [0, height]]) - 0.5
        return [*page_outlines(self.grey), whole]

    def straight(
        self, matrix: Matrix, size: tuple[float, float], scale: float, shift: Shift | None = None
    ) -> Grey:
        """The page of `size` mm at `scale` px/mm; `matrix` takes mm to px of the picture."""
        shrink = max(1, int(density(matrix, size) / scale))
        if shrink not in self._smaller:
            self._smaller[shrink] = downscale(self.grey, shrink)
        return sample(self._smaller[shrink], shrink_matrix(shrink) @ matrix, size, scale, shift)


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


def density(matrix: Matrix, size: tuple[float, float]) -> float:
    """px of the picture per mm, in the middle of the page."""
    middle = np.array(size) / 2
    points = transform(matrix, np.array([middle, middle + [1, 0], middle + [0, 1]]))
    return float(np.sqrt(abs(np.linalg.det(points[1:] - points[0]))))


def turn_of(matrix: Matrix, size: tuple[float, float]) -> float:
    left, right = transform(matrix, np.array([[0.25, 0.5], [0.75, 0.5]]) * size)
    return float(np.degrees(np.arctan2(*(right - left)[::-1])) % 360)


def likely_placings(picture: ScaledPicture, template: Template) -> list[Placing]:
    """The ways in which the page may lie: one where that is clear, else the likeliest for each side that may be up.

    Where the first look is not clear, these are looked at again for bubbles of all sizes.
    """
    found: list[Placing] = []
    for matrices in _attempts(picture, template):
        found += _placings(picture, template, matrices)
        found.sort(key=lambda placing: -placing.likeness)
        if found and found[0].likeness > CLEAR and _is_ahead(found):
            return found[:1]
    sizes = fitting_sizes(template.form)
    closer = _one_for_each_side(found)
    again = [_placing(picture, template, placing.matrix, sizes) for placing in closer]
    again.sort(key=lambda placing: -placing.likeness)
    return again[:1] if again and _is_ahead(again) else _one_for_each_side(again)


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


def _one_for_each_side(placings: Sequence[Placing]) -> list[Placing]:
    kept: list[Placing] = []
    for placing in placings:
        if all(placing.is_turned_from(other) for other in kept):
            kept.append(placing)
    return kept


def _is_large(matrix: Matrix, template: Template) -> bool:
    return density(matrix, (template.form.width, template.form.height)) > LEAST_DENSITY


def _is_ahead(placings: list[Placing]) -> bool:
    """Whether the first is clearly better than any that has another side up."""
    first, *others = placings
    rivals = [other.likeness for other in others if other.is_turned_from(first)]
    return first.likeness - max(rivals, default=0.0) > AHEAD


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
    corners = transform(matrix, _corners_of(template.form.width, template.form.height))
    side = max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[1] - corners[2]))
    edges = np.array([turned for outline in picture.outlines for turned in _turned(outline)])
    off = np.linalg.norm(edges - corners[None], axis=2).max(axis=1).min() / side
    return min(1.0, float(off) / OFF_FAR)


def straightened(picture: ScaledPicture, matrix: Matrix, form: Page) -> Grey:
    """The page as `match_grid` needs it."""
    return even(picture.straight(matrix, (form.width, form.height), SCALE), SCALE)


def _attempts(picture: ScaledPicture, template: Template) -> Iterator[Iterator[Matrix]]:
    """From mm of the form to px of the picture; ways that belong together at a time, the likeliest first."""
    step = template.placing
    form = template.form
    if step and step.name == "FeatureBasedAlignment" and step.picture is not None:
        matrix = by_blank_form(picture.grey, step.picture, (form.width, form.height))
        yield iter([] if matrix is None else [matrix])
    for outline in picture.outlines:
        yield _in_outline(picture, outline, template)
    yield iter(matrices_by_bubbles(picture.grey, form))


def _in_outline(picture: ScaledPicture, outline: Points, template: Template) -> Iterator[Matrix]:
    """With each side up."""
    for places in _corner_sets(picture, outline, template.placing):
        yield matrix_by_corners(places, template.form.width, template.form.height)


def _corner_sets(picture: ScaledPicture, outline: Points, step: PreProcessor | None) -> Iterator[Points]:
    """The corners (4, 2) px of the page's positions, from its own top left, for each side that may be up."""
    if step is None or step.name != "CropOnMarkers" or step.picture is None:
        yield from _turned(outline)
    elif _looks_alike_turned(step.picture):
        centres = _marked_corners(picture, outline, step)
        yield from [] if centres is None else _turned(centres)
    else:
        found = (_marked_corners(picture, turned, step) for turned in _turned(outline))
        yield from (centres for centres in found if centres is not None)


def _turned(corners: Points) -> list[Points]:
    return [corners[(np.arange(4) + quarter) % 4] for quarter in range(4)]


def _looks_alike_turned(marker: Grey) -> bool:
    """Rings and squares do: one search for them serves all sides."""
    small = cv2.resize(marker, (32, 32), interpolation=cv2.INTER_AREA)
    return float(cv2.matchTemplate(small, np.rot90(small).copy(), cv2.TM_CCOEFF_NORMED)[0, 0]) > SAME


def _corners_of(width: float, height: float) -> Points:
    return np.array([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])


def _marked_corners(picture: ScaledPicture, outline: Points, step: PreProcessor) -> Points | None:
    """The centres of the markers (4, 2) px within an outline, as they are on the upright page."""
    sides = np.linalg.norm(outline - outline[[1, 2, 3, 0]], axis=1)
    size = np.array([sides[0] + sides[2], sides[1] + sides[3]])
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
