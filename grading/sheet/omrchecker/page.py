"""From a picture of a template's sheet to its cells: find the page, find its printed bubbles, straighten, measure.

The page is sampled from the full-resolution picture where the bubbles are printed, not where the template or the
corners say, so that a sloppy template, bent paper and a lens move no cell.
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.boxes import Box, Field, Page
from grading.sheet.code import NotASheet
from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Placement, Points, transform
from grading.sheet.omrchecker.bubble_grid import match_grid, printed_as, resize_box
from grading.sheet.omrchecker.bubble_print import BubblePrint, gather, print_of, printed_places
from grading.sheet.omrchecker.placing import Placing, ScaledPicture, density, likely_placings, straightened
from grading.sheet.omrchecker.template import Template
from grading.sheet.rectification import PAPER, even
from grading.sheet.registration import SCALE, Registration, register
from grading.sheet.scan import PX_PER_MM, Sheet, cut_cells

LEAST_LIKENESS = 0.15  # of the page to a drawing of its bubbles
LEAST_SHARE = 0.45  # of the form's patches that have to be found
LEAST_BUBBLE = 5.0  # px of the picture across a printed bubble
MOST_MISSING, MOST_MISSING_SHARE = 2, 0.02  # bubbles that are not printed: correction fluid, a torn corner
FEW = 6  # patches that place a page
FRAME = 10.0  # mm
AHEAD = 0.25  # share of patches by which the right side is up
UPRIGHT = 0.01  # in favour of the picture as it is, where both sides fit
NOTHING = Registration(np.zeros((0, 2)), np.zeros((0, 2)), 0.0, 0.0)


@dataclass(frozen=True)
class TemplateSheet(Sheet):
    """A straight page of a template at PX_PER_MM; `fields` have the boxes of the bubbles as they are printed.

    `doubt` is "" or a key of `TEMPLATE_PROBLEMS`: the page is read, but a person should look at it.
    """

    fields: tuple[Field, ...] = ()
    turned: float = 0.0  # degrees by which the sheet was turned clockwise, 0 to 360
    doubt: str = ""

    @property
    def is_upright(self) -> bool:
        return not 45 < self.turned < 315

    def cells(self) -> NDArray[np.uint8]:
        """(n, 32, 32) uint8, in the order of `fields`, which is that of the template's form."""
        return cut_cells(self, self.fields)


def read_sheet(grey: Grey, template: Template) -> TemplateSheet:
    """The straight page in a picture (h, w) uint8, in any rotation.

    Raises NotASheet: "not_this_form" where the bubbles are not where the template says, "low_resolution".
    """
    picture = ScaledPicture(grey)
    tried = [_straightened(picture, placing, template) for placing in likely_placings(picture, template)]
    found = [sheet for sheet in tried if sheet]
    found.sort(key=lambda sheet: -sheet.share - (UPRIGHT if sheet.is_upright else 0.0))
    if not found:
        raise NotASheet("not_this_form")
    best, *others = found
    narrowest = min(max(field.box[2:]) for field in best.fields)  # mm across the smallest bubble
    if narrowest * density(best.placement.matrix, (template.form.width, template.form.height)) < LEAST_BUBBLE:
        raise NotASheet("low_resolution")
    is_clear = all(other.share < best.share - AHEAD for other in others)
    return best if is_clear else replace(best, doubt="unsure_turn")


def _straightened(picture: ScaledPicture, placing: Placing, template: Template) -> TemplateSheet | None:
    """The page if it lies so; None where the bubbles are not there then."""
    form = template.form
    if placing.grid.likeness < LEAST_LIKENESS:
        return None
    matrix, printed = _gathered(picture, placing, form)
    matrix, registration = _registered(
        picture, matrix, printed_as(form, printed.shape, printed.wide, printed.high)
    )
    if registration.share < LEAST_SHARE:
        return None
    page = even(picture.straight(matrix, (form.width, form.height), PX_PER_MM, registration.shift), PX_PER_MM)
    fields, missing = _printed(page, template)
    if missing > max(MOST_MISSING, MOST_MISSING_SHARE * len(fields)):
        return None
    return TemplateSheet(page, None, Placement("", matrix, {}, 0.0), registration, fields, placing.turned)


def _gathered(picture: ScaledPicture, placing: Placing, form: Page) -> tuple[Matrix, BubblePrint]:
    """The page placed so that its bubbles lie alike, and what they look like."""
    size = form.width, form.height
    boxes = max(_alike(form).values(), key=len)
    centres = np.array([(x + width / 2, y + height / 2) for x, y, width, height in boxes])
    nearest = np.linalg.norm(centres[:, None] - placing.grid.places[None], axis=2).argmin(axis=1)
    page = even(picture.straight(placing.matrix, size, SCALE), SCALE)
    matrix = placing.matrix @ gather(page, boxes, SCALE, placing.grid.shifts[nearest])
    printed = print_of(even(picture.straight(matrix, size, SCALE), SCALE), boxes, SCALE)
    shift = np.array([[1, 0, printed.off[0]], [0, 1, printed.off[1]], [0, 0, 1]])
    return matrix @ shift, printed


def _registered(picture: ScaledPicture, matrix: Matrix, drawn: Page) -> tuple[Matrix, Registration]:
    """Twice: the second time the whole page is placed by the print that was found in the first."""
    first = _register(picture, matrix, drawn)
    placed = _placed_by_print(matrix, first)
    second = _register(picture, placed, drawn)
    return (placed, second) if second.share >= first.share else (matrix, first)


def _register(picture: ScaledPicture, matrix: Matrix, drawn: Page) -> Registration:
    """Begins where blocks of bubbles were found; those are coarse, so that they have no say in the end."""
    grid = match_grid(straightened(picture, matrix, drawn), drawn)
    good = grid.likenesses > LEAST_LIKENESS
    if not good.any():
        return NOTHING
    page = even(picture.straight(matrix, (drawn.width, drawn.height), SCALE), SCALE)
    found = register(_framed(page), _framed_form(drawn), grid.places[good] + FRAME, grid.shifts[good])
    known = int(good.sum()) if len(found.places) - int(good.sum()) >= FEW else 0
    return replace(found, places=found.places[known:] - FRAME, shifts=found.shifts[known:])


def _framed(page: Grey) -> Grey:
    """With paper around it, since `register` looks at squares that may reach beyond a page's edge."""
    top = bottom = left = right = round(FRAME * SCALE)
    return np.asarray(
        cv2.copyMakeBorder(page, top, bottom, left, right, cv2.BORDER_CONSTANT, value=PAPER), np.uint8
    )


def _framed_form(drawn: Page) -> Page:
    fields = tuple(replace(field, box=resize_box(field.box, 1, 1, (FRAME, FRAME))) for field in drawn.fields)
    return replace(drawn, width=drawn.width + 2 * FRAME, height=drawn.height + 2 * FRAME, fields=fields)


def _placed_by_print(matrix: Matrix, registration: Registration) -> Matrix:
    if len(registration.places) < FEW:
        return matrix
    seen = transform(matrix, registration.places + registration.shifts)
    placed, _ = cv2.findHomography(registration.places, seen, cv2.RANSAC, 10.0)
    return matrix if placed is None or np.linalg.det(placed) == 0 else np.asarray(placed)


def _printed(page: Grey, template: Template) -> tuple[tuple[Field, ...], int]:
    """The fields with the boxes of their bubbles as printed, and how many of these are not there at all.

    Those whose boxes are alike are printed alike. Those of a block are off together: templates are written by hand.
    """
    form = template.form
    prints = {size: print_of(page, boxes, PX_PER_MM) for size, boxes in _alike(form).items()}
    boxes = [
        resize_box(f.box, prints[f.box[2:]].wide, prints[f.box[2:]].high, prints[f.box[2:]].off)
        for f in form.fields
    ]
    offs, is_there = np.zeros((len(boxes), 2)), np.zeros(len(boxes), np.bool_)
    for size in prints:
        here = [index for index, field in enumerate(form.fields) if field.box[2:] == size]
        offs[here], is_there[here] = printed_places(page, [boxes[index] for index in here], PX_PER_MM)
    moved = _together(offs, template)
    fields = (
        replace(f, box=resize_box(box, 1, 1, tuple(off)))
        for f, box, off in zip(form.fields, boxes, moved, strict=True)
    )
    return tuple(fields), int((~is_there).sum())


def _together(offs: Points, template: Template) -> Points:
    """The median of each block; none where too few are seen."""
    blocks = np.array(
        [field.block for answer in template.answers for field in answer.fields for _ in field.bubbles]
    )
    moved = np.zeros_like(offs)
    for block in np.unique(blocks):
        seen = offs[(blocks == block) & ~np.isnan(offs[:, 0])]
        if len(seen) >= FEW:
            moved[blocks == block] = np.median(seen, axis=0)
    return moved


def _alike(form: Page) -> dict[tuple[float, float], list[Box]]:
    """Boxes by their width and height."""
    sizes = {field.box[2:] for field in form.fields}
    return {size: [field.box for field in form.fields if field.box[2:] == size] for size in sizes}
