"""From the picture of a page to its fields: find the sheet, turn it upright, straighten it, cut the cells.

`find_sheet` needs no layout (the markers and the QR code are at the same place on all sheets); its `code` says which
layout applies. `straighten_sheet` then takes one sample of the full-resolution picture per pixel of the straight page,
for perspective, lens and bent paper together.
"""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.decoding import Grey

from .boxes import PAPERS, Field, Page
from .code import NotASheet, PageCode
from .markers import LONG_SIDE, Matrix, Placement, Points, fit_page, locate_page, nominal, transform
from .qr import read_code
from .rectification import downscale, even, sample, shrink_matrix
from .registration import FEW, SCALE, Registration, anchors, register

PX_PER_MM = 8
CELL, BOX_CELL = 32, 64  # px of a bubble's cell and of that of a box, where something is written by hand
LEAST_DENSITY = 3.5  # px per mm of the picture: 90 dpi
LEAST_SHARE = 0.6  # of the form's patches in the picture that have to be found,
CODED_SHARE = 0.35  # or where the code says that it is this form: part of the page may be torn off
HELD = 0.2  # mm of error of all four markers, with which they and the code hold a page: lenses then move it by 1.5 mm
ONE_BIT_DENSITY = 5.5  # px per mm, of pictures in black and white: at 100 dpi, pencil strokes are lost
BETWEEN = 0.02  # of the pixels that are neither black nor white there, since JPEG blurs them
BUBBLE_REACH, BOX_REACH = 1.6, 1.1  # side of a cell, in sizes of its field
ENOUGH_SHARE = 0.8  # of the patches, and one of the next two: with these a registration is settled
CALM = 0.08  # mm of error, where all four markers hold the page
NEAR_BY = 0.7  # mm that the print is displaced at most
LEAST_PRINT = 6.0  # standard deviation of grey: print has 9 where faded to 30 %, bare paper up to 4.5
ROUNDS = 3  # how often a page in doubt is placed anew


@dataclass(frozen=True)
class FoundSheet:
    """A sheet in a picture, not yet straightened. `code` is None where the QR code cannot be read."""

    grey: Grey
    small: Grey
    shrink: int
    placement: Placement
    code: PageCode | None


@dataclass(frozen=True)
class Sheet:
    """A straight, upright, evenly lit page: `page` is uint8 (h, w) at PX_PER_MM, its paper about 245."""

    page: Grey
    code: PageCode | None
    placement: Placement
    registration: Registration | None
    _: KW_ONLY
    size: tuple[int, ...] = ()  # height and width of the picture, px

    @property
    def error(self) -> float:
        """mm that the places of the print scatter around where they are taken to be (root mean square)."""
        return self.registration.error if self.registration else self.placement.error

    @property
    def share(self) -> float:
        """How much of the form's print was found where it should be, 0 to 1."""
        return self.registration.share if self.registration else 0.0

    def in_picture(self, places: Points) -> Points:
        """Where places on the form, (n, 2) mm, are in the picture that was read, (n, 2) px."""
        shifts = self.registration.shift(places) if self.registration else 0.0
        return transform(self.placement.matrix, places + shifts)


def find_sheet(grey: Grey) -> FoundSheet:
    """Find the sheet in a picture (h, w) uint8, in any rotation. Raises NotASheet with a key of `PROBLEMS`."""
    found = find_markers(grey)
    density = found.placement.density
    if density < LEAST_DENSITY or (density < ONE_BIT_DENSITY and _is_one_bit(found.small)):
        raise NotASheet("low_resolution")
    return replace(found, code=read_code(grey, found.small, found.placement))


def find_markers(grey: Grey) -> FoundSheet:
    """The sheet by its markers, whatever its code says. Raises NotASheet."""
    shrink = max(1, round(max(grey.shape) / LONG_SIDE))
    small = downscale(grey, shrink)
    return FoundSheet(grey, small, shrink, locate_page(grey, small, shrink), None)


def _is_one_bit(picture: Grey) -> bool:
    return bool(((picture > 25) & (picture < 230)).mean() < BETWEEN)


def straighten_sheet(found: FoundSheet, form: Page | None) -> Sheet:
    """The straight page. With the form's layout its print is used too; without, only the markers.

    Raises NotASheet("wrong_form") when that form is not what is printed here.
    """
    placement, registration = found.placement, None
    if form:
        placement, registration = _registered(found, form)
        if registration.share < LEAST_SHARE:
            placement, registration = _by_other_witnesses(found, form, placement, registration)
    page = _straight(found.grey, placement, registration)
    return Sheet(page, found.code, placement, registration, size=found.grey.shape)


def force_sheet(found: FoundSheet, form: Page) -> Sheet:
    """The page by its markers alone, where its print is not that of the form or cannot be seen."""
    placement = fit_page(found.placement.corners, paper_of(form))
    return straighten_sheet(replace(found, placement=placement), None)


def straighten_by_corners(grey: Grey, form: Page, corners: Points) -> Sheet:
    """The page whose paper has these corners, (4, 2) px, clockwise from its own top left."""
    placement = Placement(paper_of(form), matrix_by_corners(corners, form.width, form.height), {}, 0.0)
    return Sheet(_straight(grey, placement, None), None, placement, None)


def matrix_by_corners(corners: Points, width: float, height: float) -> Matrix:
    """Takes mm of a page of this size to px, where its corners are (4, 2) px, clockwise from its top left."""
    page = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(page, corners.astype(np.float32)), np.float64)


def cut_cells(sheet: Sheet, fields: Sequence[Field], side: int = CELL) -> NDArray[np.uint8]:
    """The cells of `fields`, (n, side, side) uint8: squares around their boxes, larger for bubbles."""
    cells = np.empty((len(fields), side, side), np.uint8)
    for cell, field in zip(cells, fields, strict=True):
        x, y, width, height = field.box
        reach = max(width, height) * (BUBBLE_REACH if field.kind == "bubble" else BOX_REACH)
        square = _square(sheet.page, x + width / 2, y + height / 2, reach)
        cv2.resize(square, (side, side), dst=cell, interpolation=cv2.INTER_AREA)
    return cells


def are_visible(cells: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether anything at all is to be seen in each of the cells (n, side, side); answers (n,).

    An empty bubble still has its outline. A cell without it was covered, torn off or left out of the picture, and
    says nothing about what the student marked.
    """
    return cells.std(axis=(1, 2)) > LEAST_PRINT


def _square(page: Grey, x: float, y: float, side: float) -> Grey:
    """Around a place in mm, `side` mm wide; white where the page ends."""
    size = round(side * PX_PER_MM)
    left, top = round(x * PX_PER_MM - size / 2), round(y * PX_PER_MM - size / 2)
    square = page[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)]
    if square.shape == (size, size):
        return square
    whole = np.full((size, size), 255, np.uint8)
    whole[max(-top, 0) :, max(-left, 0) :][: square.shape[0], : square.shape[1]] = square
    return whole


def _registered(found: FoundSheet, form: Page) -> tuple[Placement, Registration]:
    """Where the form's print is. Where that remains in doubt the page is placed anew by the print found so far."""
    placement = fit_page(found.placement.corners, paper_of(form))
    best = placement, _register(found, form, placement, _corners(placement))
    for _ in range(ROUNDS):
        if _is_settled(*best):
            break
        placement = replace(placement, matrix=_placed_by_print(*best))
        again = placement, _register(found, form, placement, _centres(placement))
        best = max(best, again, key=lambda placed: placed[1].share - placed[1].error)
    return best


def _by_other_witnesses(
    found: FoundSheet, form: Page, placement: Placement, registration: Registration
) -> tuple[Placement, Registration | None]:
    """Where a page lies of whose print little is found: by its code and its four markers, since copiers bleach thin
    outlines; or by its code and the print that there is. Raises NotASheet."""
    by_markers = fit_page(found.placement.corners, paper_of(form))
    if holds(found.code, by_markers):
        return by_markers, None
    if found.code is None or registration.share < CODED_SHARE:
        raise NotASheet("wrong_form")
    return placement, registration


def holds(code: PageCode | None, placement: Placement) -> bool:
    """Whether a page is known by its code, and where it lies by its four markers."""
    return code is not None and len(placement.corners) == 4 and placement.error < HELD


def _is_settled(placement: Placement, registration: Registration) -> bool:
    if registration.share < ENOUGH_SHARE:
        return False
    is_framed = len(placement.corners) == 4 and registration.error < CALM
    return is_framed or float(np.abs(registration.shifts).max()) < NEAR_BY


def _corners(placement: Placement) -> tuple[Points, Points]:
    """Of all markers found: nominal in mm, and seen in px. They also tell how the page stretches there."""
    printed = [nominal(placement.paper, marker) for marker in placement.corners]
    return np.concatenate(printed), np.concatenate(list(placement.corners.values()))


def _centres(placement: Placement) -> tuple[Points, Points]:
    """Of all markers found; a streak over a corner hardly moves them."""
    printed, seen = _corners(placement)
    return printed.reshape(-1, 4, 2).mean(axis=1), seen.reshape(-1, 4, 2).mean(axis=1)


def _register(
    found: FoundSheet, form: Page, placement: Placement, start: tuple[Points, Points]
) -> Registration:
    matrix = shrink_matrix(found.shrink) @ placement.matrix
    page = even(sample(found.small, matrix, (form.width, form.height), SCALE), SCALE)
    printed, seen = start
    registration = register(
        page, form, printed, transform(np.linalg.inv(placement.matrix), seen) - printed, hold=False
    )
    return replace(registration, share=registration.share / _share_in(found, form, placement))


def _share_in(found: FoundSheet, form: Page, placement: Placement) -> float:
    """How much of the form is in the picture, 0 to 1. A page that was cut has its print in what is left."""
    places = transform(placement.matrix, anchors(form)) if len(anchors(form)) else np.zeros((0, 2))
    height, width = found.grey.shape
    is_inside = ((places >= 0) & (places < (width, height))).all(axis=1)
    return float(is_inside.mean()) if is_inside.sum() >= FEW else 1.0


def _placed_by_print(placement: Placement, registration: Registration) -> Matrix:
    matrix = placement.matrix
    picture = transform(matrix, registration.places + registration.shifts)
    placed, _ = cv2.findHomography(registration.places, picture, cv2.RANSAC, 10.0)
    return matrix if placed is None else placed


def paper_of(form: Page) -> str:
    """The paper of this size."""
    return next(paper for paper, size in PAPERS.items() if size == (form.width, form.height))


def _straight(grey: Grey, placement: Placement, registration: Registration | None) -> Grey:
    """Straight and even, from the full-resolution picture; from a shrunk one where that is denser than is needed."""
    shrink = max(1, int(placement.density / PX_PER_MM))
    matrix = shrink_matrix(shrink) @ placement.matrix
    shift = registration.shift if registration else None
    return even(sample(downscale(grey, shrink), matrix, PAPERS[placement.paper], PX_PER_MM, shift), PX_PER_MM)
