"""One page of an upload as the networks get it: the sheet found, straightened by its exam's form, its cells cut out.

Done by the child that opens the page, so that its pixels stay there: a megabyte comes back instead of nine.
"""

import logging
import pickle
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from .boxes import Field, Page
from .code import NotASheet, PageCode
from .decoding import Grey
from .layout import Layout
from .scan import CELL, FoundSheet, cut_cells, find_sheet, straighten_sheet
from .several import sheets_in
from .visibility import visibility

log = logging.getLogger(__name__)

JPEG_QUALITY = 80  # of kept pages, which people look at; cells are cut before, so that it costs no reading
SEVERAL = ("two_sheets", "odd_markers")  # what a picture of several sheets is refused for
# Which network reads a kind of field
NETWORK_OF = {"bubble": "marks", "digit": "numerals", "letter": "letters"}


@dataclass(frozen=True, eq=False)
class CutPage:
    """`reason` (a key of `grading.reasons.REASONS`) says why the page was turned away or is in doubt."""

    reason: str = ""
    is_rejected: bool = False
    code: PageCode | None = None
    sheet_page: int = 0
    image: bytes = b""  # JPEG of the straight page
    cells: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, CELL, CELL), np.uint8))
    seen: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))  # of each: see `visibility`


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


def cut_pages(grey: Grey, pickled_form: bytes) -> tuple[CutPage, ...]:
    """The page of the exam whose form this is, or each of them where a picture shows several."""
    form = _unpickled(pickled_form)
    page = _cut_page(grey, form)
    if page.reason not in SEVERAL:
        return (page,)
    return tuple(_cut_page(part, form) for part in sheets_in(grey)) or (page,)


def _cut_page(grey: Grey, form: SheetForm) -> CutPage:
    """What is wrong with it is a reason, never an error."""
    claim = PageClaim()
    try:
        return form.cut(grey, claim)
    except NotASheet as problem:
        return CutPage(problem.reason, True, claim.code, claim.number)
    except (
        cv2.error,
        ArithmeticError,
        LookupError,
        ValueError,
    ):  # of its pixels, whatever is wrong with them
        log.exception("A page cannot be straightened.")
        return CutPage("broken_page", True, claim.code, claim.number)


def fields_read(page: Page) -> tuple[Field, ...]:
    """The fields of a page that are read, in the order of their cells."""
    return tuple(box for box in page.fields if box.kind in NETWORK_OF)


def pickled(form: SheetForm) -> bytes:
    """As children take it: they keep the last ones."""
    return pickle.dumps(form)


@lru_cache(maxsize=2)
def _unpickled(form: bytes) -> SheetForm:
    unpickled: SheetForm = pickle.loads(form)
    return unpickled


def _cut(found: FoundSheet, page: Page) -> CutPage:
    sheet = straighten_sheet(found, page)
    reason = "" if found.code else "code_unreadable"
    fields = fields_read(page)
    cells = cut_cells(sheet, fields)
    seen = visibility(sheet, fields, cells)
    return CutPage(reason, False, found.code, page.number, page_jpeg(sheet.page), cells, seen)


def page_jpeg(page: Grey) -> bytes:
    """A straight page as it is kept."""
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
