"""Reports on paper: of a class, or of each student a page of their own; A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from reportlab.pdfgen.canvas import Canvas

from grading.sheet.pen import MM, PdfPen, clean
from grading.sheet.report_blocks import Block

WIDTH, HEIGHT = 210.0, 297.0
MARGIN = 15.0
TOP = 32.0  # where blocks begin
BOTTOM = HEIGHT - MARGIN - 4
Placed = tuple[Block, float]  # from the top of the page


@dataclass(frozen=True)
class Report:
    """title: what it is about; kind: what it is; aside: whose, or of when."""

    title: str
    kind: str
    aside: str
    blocks: Sequence[Block]


def draw_reports(reports: Sequence[Report], out: BinaryIO) -> None:
    """Each begins on a page of its own."""
    canvas = Canvas(out, pagesize=(WIDTH * MM, HEIGHT * MM), pageCompression=1, invariant=1)
    canvas.setTitle(clean(reports[0].title) if reports else "")
    canvas.setCreator("Nunbit")
    for report in reports:
        pages = laid_out(report.blocks)
        for number, placed in enumerate(pages, start=1):
            draw_page(PdfPen(canvas, HEIGHT), report, placed, f"{number} / {len(pages)}")
            canvas.showPage()
    canvas.save()


def laid_out(blocks: Sequence[Block]) -> list[list[Placed]]:
    """Which block is where on which page."""
    pages: list[list[Placed]] = [[]]
    y = TOP
    for block in blocks:
        rest: Block | None = block
        while rest is not None:
            fits, left = rest.split(BOTTOM - y)
            if fits is None and not pages[-1]:  # not even alone on a page
                fits, left = rest, None
            if fits is not None:
                pages[-1].append((fits, y))
                y += fits.height
            if left is not None:
                pages.append([])
                y = TOP
            rest = left
    return pages


def draw_page(pen: PdfPen, report: Report, placed: Sequence[Placed], number: str) -> None:
    width = WIDTH - 2 * MARGIN
    pen.text((MARGIN, MARGIN - 3, width, 9), report.title, 16, bold=True, smallest=8)
    pen.text((MARGIN, MARGIN + 6, width * 0.4, 6), report.kind, 10, grey=0.3)
    pen.text((MARGIN + width * 0.4, MARGIN + 6, width * 0.6, 6), report.aside, 10, align="right", smallest=6)
    pen.line((MARGIN, MARGIN + 13), (MARGIN + width, MARGIN + 13), grey=0.1, line=0.4)
    for block, y in placed:
        block.draw(pen, (MARGIN, y, width, block.height))
    pen.text((MARGIN, HEIGHT - MARGIN, width, 5), number, 8, align="center", grey=0.4)
