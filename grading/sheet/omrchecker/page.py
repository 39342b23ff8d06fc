"""From a picture of a template's sheet to its cells: find the page, find its printed bubbles, straighten, measure.

The page is sampled from the full-resolution picture where the bubbles are printed, not where the template or the
corners say, so that a sloppy template, bent paper and a lens move no cell.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.beside import written_beside_alike
from grading.sheet.boxes import Field, Page
from grading.sheet.code import NotASheet
from grading.sheet.decoding import Grey
from grading.sheet.markers import Matrix, Placement, Points, transform
from grading.sheet.omrchecker.bubble_grid import centres_of, resize_box
from grading.sheet.omrchecker.bubble_print import best_step, draw_print, gather, print_of
from grading.sheet.omrchecker.labels import label_likeness
from grading.sheet.omrchecker.picture import ScaledPicture, density
from grading.sheet.omrchecker.placing import CLEAR, Placing, likely_placings
from grading.sheet.omrchecker.printed_fields import alike, blocks_of, printed_fields, unseen_blocks
from grading.sheet.omrchecker.template import Template
from grading.sheet.rectification import PAPER, downscale
from grading.sheet.registration import SCALE, Registration, anchors, register
from grading.sheet.scan import ENOUGH_SHARE, NEAR_BY, PX_PER_MM, Sheet, cut_cells, matrix_by_corners

LEAST_LIKENESS = 0.15  # of the page to a drawing of its bubbles
LEAST_SHARE = 0.35  # of the form's patches that have to be found
LEAST_TOGETHER, LEAST_UNCLEAR = 0.62, 0.7  # likeness and share: one may be low where the other is not;
# more where the page was not clear to see, since bubbles of others lie on some of a form's, too
LEAST_BUBBLE = 4.0  # px of the picture across a printed bubble
MOST_MISSING, MOST_MISSING_SHARE = 2, 0.02  # bubbles that are not printed: correction fluid, a torn corner
FEW = 6  # patches that place a page
ALL_SHARE = 0.97  # of them: but for what is covered
FRAME = 10.0  # mm
AHEAD = 0.25  # share of patches by which the right side is up
LABELS_AHEAD = 0.05  # of the likeness of labels to letters that stand
UPRIGHT = 0.01  # in favour of the picture as it is, where both sides fit
STEPS = 2  # rows or columns by which a page may be beside its grid

# Where a page lies by all of its bubbles: the matrix, and the page at SCALE as that has it
Start = Callable[[ScaledPicture, Placing, Page], tuple[Matrix, Grey]]


@dataclass(frozen=True)
class TemplateSheet(Sheet):
    """A straight page of a template at PX_PER_MM; `fields` have the boxes of the bubbles as they are printed.

    `doubt` is "" or a key of `TEMPLATE_PROBLEMS`: the page is read, but a person should look at it. `unseen` are the
    numbers of answers whose few bubbles were not found in print, on a page that otherwise was: they alone are in doubt.
    """

    fields: tuple[Field, ...] = ()
    turned: float = 0.0  # degrees by which the sheet was turned clockwise, 0 to 360
    doubt: str = ""
    unseen: frozenset[int] = frozenset()

    @property
    def is_upright(self) -> bool:
        return not 45 < self.turned < 315

    def beside(self, template: Template) -> tuple[int, ...]:
        """The numbers of the answers beside whose rows something is written."""
        return written_beside_alike(self.page, PX_PER_MM, self.fields, _blocks_in_rows(self.fields, template))

    def cells(self) -> NDArray[np.uint8]:
        """(n, 32, 32) uint8, in the order of `fields`, which is that of the template's form."""
        return cut_cells(self, self.fields)


def read_sheet(grey: Grey, template: Template) -> TemplateSheet:
    """The straight page in a picture (h, w) uint8, in any rotation.

    Raises NotASheet: "not_this_form" where the bubbles are not where the template says, "low_resolution".
    """
    picture = ScaledPicture(grey)
    tried = (
        [sheet for placing in placings if (sheet := _straightened(picture, placing, template, start))]
        for placings in likely_placings(picture, template)
        for start in (
            _gathered,
            _shifted,
        )  # the second where the first led astray, as it may on a blurred page
    )
    found = _most_of(tried)
    found.sort(key=lambda sheet: -sheet.share - (UPRIGHT if sheet.is_upright else 0.0))
    if not found:
        raise NotASheet("not_this_form")
    best, *others = found
    narrowest = min(max(field.box[2:]) for field in best.fields)  # mm across the smallest bubble
    if narrowest * density(best.placement.matrix, (template.form.width, template.form.height)) < LEAST_BUBBLE:
        raise NotASheet("low_resolution")
    rivals = [other for other in others if other.share >= best.share - AHEAD]
    return _upright([best, *rivals]) if rivals else best


def _most_of(tried: Iterable[list[TemplateSheet]]) -> list[TemplateSheet]:
    """The first of whose print enough was found, or clearly more than of any other."""
    best: list[TemplateSheet] = []
    for sheets in tried:
        if _share(sheets) > _share(best) + (AHEAD if best else 0.0):
            best = sheets
        if _share(best) > ENOUGH_SHARE:
            break
    return best


def _share(sheets: Iterable[TemplateSheet]) -> float:
    return max((sheet.share for sheet in sheets), default=0.0)


def sheet_by_corners(grey: Grey, template: Template, corners: Points) -> TemplateSheet:
    """The page of which a person set the corners of the form, (4, 2) px clockwise from its top left: its bubbles are
    taken to be where the template has them."""
    picture, form = ScaledPicture(grey), template.form
    matrix = matrix_by_corners(corners, form.width, form.height)
    page = picture.evened(matrix, (form.width, form.height), PX_PER_MM)
    return TemplateSheet(page, None, Placement("", matrix, {}, 0.0), None, form.fields)


def _upright(sheets: list[TemplateSheet]) -> TemplateSheet:
    """The one whose labels stand; the first, in doubt, where they do not say it."""
    likenesses = [label_likeness(sheet.cells(), sheet.fields) for sheet in sheets]
    second, first = np.argsort(likenesses)[-2:]
    if likenesses[first] - likenesses[second] > LABELS_AHEAD:
        return sheets[first]
    return replace(sheets[0], doubt="unsure_turn")


def _straightened(
    picture: ScaledPicture, placing: Placing, template: Template, start: Start
) -> TemplateSheet | None:
    """The page if it lies so; None where the bubbles are not there then."""
    form = template.form
    if placing.grid.likeness < LEAST_LIKENESS:
        return None
    matrix, page = start(picture, placing, form)
    page, matrix, registration = _on_grid(picture, *_registered(picture, matrix, form, page), form)
    together = LEAST_TOGETHER if placing.likeness > CLEAR else LEAST_UNCLEAR
    if registration.share < max(LEAST_SHARE, together - placing.likeness):
        return None
    fields, missing, is_like = printed_fields(page, template)
    if missing > max(MOST_MISSING, MOST_MISSING_SHARE * len(fields)):
        return None
    unseen = unseen_blocks(registration, is_like, template)
    doubt = "faint_print" if any(len(block) >= FEW for block in unseen) else ""
    answers = frozenset(int(field.item) for block in unseen for field in block)
    placement = Placement("", matrix, {}, 0.0)
    return TemplateSheet(page, None, placement, registration, fields, placing.turned, doubt, answers)


def _blocks_in_rows(fields: Sequence[Field], template: Template) -> list[list[Field]]:
    """The bubbles of each block, of answers that are one field each: what is beside those alone is beside a row."""
    blocks: dict[str, list[Field]] = {}
    for place, block in enumerate(blocks_of(template)):
        if len(template.answers[int(fields[place].item) - 1].fields) == 1:
            blocks.setdefault(block, []).append(fields[place])
    return list(blocks.values())


def _gathered(picture: ScaledPicture, placing: Placing, form: Page) -> tuple[Matrix, Grey]:
    """The page placed so that its bubbles lie alike, in the middle of their boxes; and the page at SCALE."""
    boxes = [form.fields[place].box for place in max(alike(form), key=len)]
    centres = centres_of(boxes)
    nearest = np.linalg.norm(centres[:, None] - placing.grid.places[None], axis=2).argmin(axis=1)
    page = _evened(picture, placing.matrix, form)
    matrix = placing.matrix @ gather(page, boxes, SCALE, placing.grid.shifts[nearest])
    page = _evened(picture, matrix, form)
    off = print_of(page, boxes, SCALE).off
    x, y = (round(mm * SCALE) for mm in off)  # whole px, so that the page need not be sampled again
    return matrix @ _moved_by(x / SCALE, y / SCALE), _moved(page, x, y)


def _shifted(picture: ScaledPicture, placing: Placing, form: Page) -> tuple[Matrix, Grey]:
    """The page as far off as its blocks of bubbles are; and the page at SCALE."""
    x, y = np.median(placing.grid.shifts, axis=0).tolist()
    matrix = placing.matrix @ _moved_by(x, y)
    return matrix, _evened(picture, matrix, form)


def _evened(picture: ScaledPicture, matrix: Matrix, form: Page) -> Grey:
    return picture.evened(matrix, (form.width, form.height), SCALE)


def _moved(page: Grey, x: int, y: int) -> Grey:
    """What is at (x, y) comes to (0, 0)."""
    move = np.array([[1.0, 0.0, -x], [0.0, 1.0, -y]])
    size = page.shape[::-1]
    return cv2.warpAffine(page, move, size, flags=cv2.INTER_NEAREST, borderValue=PAPER) if x or y else page


def _moved_by(x: float, y: float) -> Matrix:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _registered(
    picture: ScaledPicture, matrix: Matrix, form: Page, page: Grey
) -> tuple[Matrix, Registration]:
    """The page placed by its print. page: at SCALE, as this matrix has it.

    Unless all of it was found, or most of it near by, it is looked for a second time, on the page as it is placed by
    what was found.
    """
    first = _register(page, form)
    is_near = first.share > ENOUGH_SHARE and float(np.abs(first.shifts).max()) < NEAR_BY
    if is_near or first.share > ALL_SHARE:
        return matrix, first
    placed = _placed_by_print(matrix, first)
    second = _register(_evened(picture, placed, form), form)
    return (placed, second) if second.share >= first.share else (matrix, first)


def _on_grid(
    picture: ScaledPicture, matrix: Matrix, registration: Registration, form: Page
) -> tuple[Grey, Matrix, Registration]:
    """The straight page at PX_PER_MM, not beside its grid by whole rows or columns."""
    boxes = [form.fields[place].box for place in max(alike(form), key=len)]
    page = _straight(picture, matrix, registration, form)
    for _ in range(STEPS):
        x, y = best_step(downscale(page, PX_PER_MM // SCALE), boxes, SCALE)
        if not (x or y):
            break
        matrix = matrix @ _moved_by(x, y)
        matrix, registration = _registered(picture, matrix, form, _evened(picture, matrix, form))
        page = _straight(picture, matrix, registration, form)
    return page, matrix, registration


def _straight(picture: ScaledPicture, matrix: Matrix, registration: Registration, form: Page) -> Grey:
    shift = registration.shift if len(registration.places) else None
    return picture.evened(matrix, (form.width, form.height), PX_PER_MM, shift)


def _register(page: Grey, form: Page) -> Registration:
    """By the page's own typical bubbles, which lie on each other by now."""
    pattern = _framed(draw_print(page, form, SCALE), 0)
    found = register(
        _framed(page, PAPER),
        _framed_form(form),
        anchors(form)[:1] + FRAME,
        np.zeros((1, 2)),
        patterns=[pattern],
    )
    return replace(found, places=found.places[1:] - FRAME, shifts=found.shifts[1:])


def _framed(page: Grey, level: int) -> Grey:
    """With a level of grey around it, since `register` looks at squares that may reach beyond a page's edge."""
    top = bottom = left = right = round(FRAME * SCALE)
    return np.asarray(
        cv2.copyMakeBorder(page, top, bottom, left, right, cv2.BORDER_CONSTANT, value=level), np.uint8
    )


@lru_cache(maxsize=32)
def _framed_form(form: Page) -> Page:
    fields = tuple(replace(field, box=resize_box(field.box, 1, 1, (FRAME, FRAME))) for field in form.fields)
    return replace(form, width=form.width + 2 * FRAME, height=form.height + 2 * FRAME, fields=fields)


def _placed_by_print(matrix: Matrix, registration: Registration) -> Matrix:
    if len(registration.places) < FEW:
        return matrix
    seen = transform(matrix, registration.places + registration.shifts)
    placed, _ = cv2.findHomography(registration.places, seen, cv2.RANSAC, 10.0)
    return matrix if placed is None or np.linalg.det(placed) == 0 else np.asarray(placed)
