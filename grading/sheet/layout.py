"""An exam's items become boxes in millimetres from the top left of each page, on as many pages as needed.

Every page has the same head (`head.py`); below it the items flow in reading order (`flow.py`). Pure and
deterministic.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.sheet.boxes import PAPERS, UNITS, Page
from grading.sheet.flow import Flow
from grading.sheet.head import Contents, SheetHead
from grading.sheet.sections import sections
from grading.sheet.spec import SheetSpec, check_spec

# Tried where two pages would be needed, and one may do: less room between shelves, and fewer, higher columns
CLOSE, CLOSE_HIGHER = 1.5, 3.0  # mm, and times the height of a shelf
COLUMNS = (UNITS, 4, 3, 2, 1)


@dataclass(frozen=True)
class Layout:
    """All boxes of an exam. The fingerprint stands in the QR code of every page that was printed, so it belongs to the
    boxes once they are stored, and is computed for new ones only."""

    paper: str
    pages: tuple[Page, ...]
    fingerprint: str

    def as_json(self) -> dict[str, Any]:
        """The answer of ``GET /api/exams/<id>/layout/``."""
        return {"pages": [page.as_json() for page in self.pages]}


def fingerprint_of(paper: str, pages: Sequence[Page]) -> str:
    """Four characters that change when any box, its meaning or the paper does."""
    digest = hashlib.sha256(repr((paper, [page.as_json() for page in pages])).encode()).digest()
    return "".join("23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[byte % 32] for byte in digest[:4])


def lay_out(spec: SheetSpec) -> Layout:
    """Place every item of ``spec``. Raises LayoutError for an exam that cannot be printed."""
    check_spec(spec)
    width, height = PAPERS[spec.paper]
    head = SheetHead(spec, width, height)
    usual = _placed(spec, Flow(head))
    others = (Flow(head, CLOSE, most, CLOSE_HIGHER) for most in COLUMNS)
    tighter = (_placed(spec, flow) for flow in others) if len(usual) == 2 else iter(())
    found = next((contents for contents in tighter if len(contents) == 1), usual)
    pages = tuple(head.page(number, contents) for number, contents in enumerate(found, start=1))
    return Layout(spec.paper, pages, fingerprint_of(spec.paper, pages))


def _placed(spec: SheetSpec, flow: Flow) -> list[Contents]:
    for section in sections(spec.items):
        flow.place(section)
    return flow.pages
