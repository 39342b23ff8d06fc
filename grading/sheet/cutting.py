"""One page of an upload as the networks get it: the sheet found, straightened by its exam's form, its cells cut out.

Done by the child that opens the page, so that its pixels stay there: a megabyte comes back instead of nine.
"""

import logging
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from .beside import written_beside
from .boxes import Field, Page
from .code import NotASheet, PageCode
from .decoding import Grey
from .layout import Layout
from .markers import Points
from .scan import (
    BOX_CELL,
    CELL,
    LEAST_DENSITY,
    PX_PER_MM,
    FoundSheet,
    Sheet,
    cut_cells,
    find_markers,
    find_sheet,
    force_sheet,
    straighten_by_corners,
    straighten_sheet,
)
from .several import sheets_in
from .visibility import visibility, visible_cells
from .written_answers import Look, looks_of

log = logging.getLogger(__name__)

MOST_KEPT = 2_400  # px of the longer side of a picture that is kept as it came, as a straight A4 page has
JPEG_QUALITY = 80  # of kept pages, which people look at; cells are cut before, so that it costs no reading
SEVERAL = ("two_sheets", "odd_markers")  # what a picture of several sheets is refused for
# Which network reads a kind of field, and the side of its cells in pixels
NETWORK_OF = {"bubble": "marks", "digit": "numerals", "letter": "letters"}
SIDES = {"marks": CELL, "numerals": BOX_CELL, "letters": BOX_CELL}
Cells = NDArray[np.uint8]
Seen = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class CutPage:
    """`reason` (a key of `grading.reasons.REASONS`) says why the page was turned away or is in doubt. One that
    `is_forced` was cut where a person said so, or where its markers are: no print confirms it."""

    reason: str = ""
    is_rejected: bool = False
    code: PageCode | None = None
    sheet_page: int = 0
    image: bytes = b""  # JPEG of the straight page; of one that was turned away as it came
    cells: Mapping[str, Cells] = field(default_factory=dict)  # by network, see `cut_by_network`
    seen: Mapping[str, Seen] = field(default_factory=dict)  # of each of these cells, see `visibility`
    is_forced: bool = False
    beside: tuple[int, ...] = ()  # items beside whose rows something is written
    looks: Mapping[int, Look] = field(default_factory=dict)  # of written answers, see `written_answers`


@dataclass
class PageClaim:
    """What a page says of itself, as far as that is known by now."""

    code: PageCode | None = None
    number: int = 0


class SheetForm(Protocol):
    """What must be known of an exam to read its pages: sheets that were printed here, or those of a template."""

    def cut(self, grey: Grey, claim: PageClaim) -> CutPage:
        """The page in a picture; notes what it claims. Raises NotASheet."""
        ...

    def cut_as(self, grey: Grey, number: int, corners: Points | None) -> CutPage:
        """The page in a picture, of which a person says which page of the sheet it is. corners: those of the form,
        (4, 2) px, where the person set them. Raises NotASheet."""
        ...


@dataclass(frozen=True)
class AssignedForm:
    """A form for one page of which a person said what it is. corners: in shares of the picture's sides; may be none."""

    form: SheetForm
    number: int
    corners: tuple[tuple[float, float], ...] = ()
    part: int = 0  # which of the sheets in the picture, from 1

    def cut(self, grey: Grey, claim: PageClaim) -> CutPage:
        claim.number = self.number
        grey = sheets_in(grey)[self.part - 1] if self.part else grey
        corners = np.array(self.corners) * grey.shape[::-1] - 0.5 if self.corners else None
        return self.form.cut_as(grey, self.number, corners)


@dataclass(frozen=True)
class PrintedForm:
    """Of an exam whose sheets are printed here."""

    code: str
    versions: int
    layout: Layout

    def cut(self, grey: Grey, claim: PageClaim) -> CutPage:
        found = find_sheet(grey)
        claim.code = found.code
        page = page_of(found.code, self)
        claim.number = page.number
        return _cut(found, page)

    def cut_as(self, grey: Grey, number: int, corners: Points | None) -> CutPage:
        page = self.layout.pages[number - 1]
        if corners is not None:
            return _cut_cells(straighten_by_corners(grey, page, corners), page, is_forced=True)
        found = find_markers(grey)
        try:
            sheet = straighten_sheet(found, page)
        except NotASheet:
            return _cut_cells(force_sheet(found, page), page, is_forced=True)
        return _cut_cells(sheet, page, is_forced=found.placement.density < LEAST_DENSITY)


def cut_pages(grey: Grey, pickled_form: bytes) -> tuple[CutPage, ...]:
    """The page of the exam whose form this is, or each of them where a picture shows several."""
    form = _unpickled(pickled_form)
    page = _cut_page(grey, form)
    if page.reason not in SEVERAL or isinstance(form, AssignedForm):
        return (page,)
    return tuple(_cut_page(part, form) for part in sheets_in(grey)) or (page,)


def _cut_page(grey: Grey, form: SheetForm) -> CutPage:
    """What is wrong with it is a reason, never an error."""
    claim = PageClaim()
    try:
        return form.cut(grey, claim)
    except NotASheet as problem:
        return refused_page(problem.reason, grey, claim)
    except (
        cv2.error,
        ArithmeticError,
        LookupError,
        ValueError,
    ):  # of its pixels, whatever is wrong with them
        log.exception("A page cannot be straightened.")
        return refused_page("broken_page", grey, claim)


def fields_read(page: Page) -> tuple[Field, ...]:
    """The fields of a page that are read, in the order of their cells."""
    return tuple(box for box in page.fields if box.kind in NETWORK_OF)


def cut_by_network(sheet: Sheet, fields: Sequence[Field]) -> dict[str, Cells]:
    """What each network reads of a page, in the order of the fields: (n, side, side), n may be 0."""
    return {
        network: cut_cells(sheet, [box for box in fields if NETWORK_OF[box.kind] == network], side)
        for network, side in SIDES.items()
    }


def visible_by_network(sheet: Sheet, fields: Sequence[Field], cells: Mapping[str, Cells]) -> dict[str, Seen]:
    """Of these cells of a page, whether each is seen: where neighbours are, too, which other networks read."""
    networks = np.array([NETWORK_OF[box.kind] for box in fields])
    small = np.empty((len(fields), CELL, CELL), np.uint8)
    for network, side in SIDES.items():
        own = [box for box in fields if NETWORK_OF[box.kind] == network]
        small[networks == network] = cells[network] if side == CELL else cut_cells(sheet, own)
    seen = visibility(sheet, fields, small)
    return {network: seen[networks == network] for network in SIDES}


def pickled(form: SheetForm) -> bytes:
    """As children take it: they keep the last ones."""
    return pickle.dumps(form)


@lru_cache(maxsize=2)
def _unpickled(form: bytes) -> SheetForm:
    unpickled: SheetForm = pickle.loads(form)
    return unpickled


def _cut(found: FoundSheet, page: Page) -> CutPage:
    sheet = straighten_sheet(found, page)
    return _cut_cells(sheet, page, reason="" if found.code else "code_unreadable")


def _cut_cells(sheet: Sheet, page: Page, reason: str = "", is_forced: bool = False) -> CutPage:
    fields = fields_read(page)
    cells = cut_by_network(sheet, fields)
    if is_forced:  # a person looks at every answer
        seen = {network: visible_cells(some) for network, some in cells.items()}
    else:
        seen = visible_by_network(sheet, fields, cells)
    beside = written_beside(sheet.page, PX_PER_MM, page)
    looks = looks_of(sheet.page, PX_PER_MM, page)
    return CutPage(
        reason, False, sheet.code, page.number, page_jpeg(sheet.page), cells, seen, is_forced, beside, looks
    )


def refused_page(reason: str, grey: Grey, claim: PageClaim | None = None) -> CutPage:
    """With the picture as it came, not larger than a straight page, for a person to look at."""
    claim = claim or PageClaim()
    image = page_jpeg(downscale_to(grey, MOST_KEPT))
    return CutPage(reason, True, claim.code, claim.number, image)


def downscale_to(grey: Grey, side: int) -> Grey:
    """By as much as the longer side has more than that many px."""
    scale = side / max(grey.shape)
    if scale >= 1:
        return grey
    height, width = (max(1, round(length * scale)) for length in grey.shape)
    return np.asarray(cv2.resize(grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def page_jpeg(page: Grey) -> bytes:
    """As it is kept."""
    _is_done, image = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return image.tobytes()


def page_of(code: PageCode | None, form: PrintedForm) -> Page:
    """The page that a sheet claims to be; without a code only where there is no choice. Raises NotASheet."""
    pages = form.layout.pages
    if code is None:
        if len(pages) > 1 or form.versions > 1:
            raise NotASheet("no_code")
        return pages[0]
    if code.exam != form.code:
        raise NotASheet("other_exam")
    is_known = 1 <= code.page <= len(pages) and code.version <= form.versions
    if code.fingerprint != form.layout.fingerprint or not is_known:
        raise NotASheet("old_sheet")
    return pages[code.page - 1]
