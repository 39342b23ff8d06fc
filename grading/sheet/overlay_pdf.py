"""Papers as they were scanned, with what was read of them drawn over: one PDF of many pages, in little memory.

The scans go into the file as they lie in the storage, one after the other while it is written; kept until then are only
the lines that are drawn over them, a few kilobytes a page.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from PIL import Image
from reportlab.pdfbase.pdfdoc import PDFObject
from reportlab.pdfgen.canvas import Canvas

from grading.sheet.boxes import Box
from grading.sheet.pen import MM, PdfPen, clean, text_width

GREEN, RED, AMBER, BLACK = (0.09, 0.5, 0.24), (0.8, 0.1, 0.1), (0.85, 0.5, 0.0), (0.1, 0.1, 0.1)
COLOURS = {"right": GREEN, "partly": GREEN, "wrong": RED, "review": AMBER, "unscored": BLACK}
THIN, RING = 0.3, 0.8  # mm: of lines, and around a bubble
HEAD = (15.0, 3.0, 8.0)  # mm from the left and from the top, and high: above all that is printed
ASIDE = 9.0  # mm beside an item, for its tick or the right answer
SPACES = {"L": "DeviceGray", "RGB": "DeviceRGB"}
WHITE = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>"


@dataclass(frozen=True)
class DrawnReading:
    """One item. box: around what is read; chosen: the bubbles that were taken for marked; value: what was read where
    no bubble says it; right: the right answer, where this one is not; what: a key of COLOURS."""

    what: str
    box: Box
    chosen: Sequence[Box] = ()
    value: str = ""
    right: str = ""


@dataclass(frozen=True)
class OverlayPage:
    """width, height: of the page in mm; scan: its JPEG, b"" where there is none; head: whose it is, and the score."""

    width: float
    height: float
    scan: Callable[[], bytes]
    head: str
    readings: Sequence[DrawnReading]


def draw_overlays(title: str, pages: Iterable[OverlayPage], out: BinaryIO) -> None:
    canvas = Canvas(out, pageCompression=1, invariant=1)
    canvas.setTitle(clean(title))
    canvas.setCreator("Nunbit")
    for number, page in enumerate(pages):
        canvas.setPageSize((page.width * MM, page.height * MM))
        place_scan(canvas, page, f"scan{number}", out)
        pen = PdfPen(canvas, page.height)
        for reading in page.readings:
            draw_reading(pen, reading)
        draw_head(pen, page)
        canvas.showPage()
    canvas.save()


def place_scan(canvas: Canvas, page: OverlayPage, name: str, out: BinaryIO) -> None:
    """As `Canvas.drawImage` does it, of a picture that is read when the file is written."""
    document = canvas._doc
    document.Reference(StoredScan(page.scan, out), document.getXObjectName(name))
    canvas.saveState()
    canvas.scale(page.width * MM, page.height * MM)
    canvas._code.append(f"/{document.getXObjectName(name)} Do")
    canvas.restoreState()
    canvas._formsinuse.append(name)


class StoredScan(PDFObject):  # type: ignore[misc]  # ReportLab has no types
    """An image of a PDF. When its turn comes, what is written so far leaves the memory."""

    def __init__(self, scan: Callable[[], bytes], out: BinaryIO) -> None:
        self.scan, self.out = scan, out

    def format(self, document: Any) -> bytes:
        written = document.__accum__.strings
        self.out.write(b"".join(written))
        written.clear()
        return as_image(self.scan())


def as_image(jpeg: bytes) -> bytes:
    """The bytes of a JPEG as they are; one white pixel in place of what is none."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            (width, height), space = picture.size, SPACES[picture.mode]
    except (OSError, KeyError):
        return WHITE + b"\nstream\n\xff\nendstream"
    head = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /{space}"
        f" /BitsPerComponent 8 /Filter /DCTDecode /Length {len(jpeg)} >>\nstream\n"
    )
    return head.encode() + jpeg + b"\nendstream"


def draw_head(pen: PdfPen, page: OverlayPage) -> None:
    left, top, height = HEAD
    box = (left, top, page.width - 2 * left, height)
    pen.rect((left - 1, top, min(text_width(clean(page.head), 14, bold=True), box[2]) + 2, height), fill=1.0)
    pen.text(box, page.head, 14, bold=True, grey=RED, smallest=6)


def draw_reading(pen: PdfPen, reading: DrawnReading) -> None:
    colour = COLOURS[reading.what]
    x, y, width, height = reading.box
    for left, top, wide, high in reading.chosen:
        ring = (left - RING, top - RING, wide + 2 * RING, high + 2 * RING)
        pen.oval(ring, stroke=colour, line=THIN)
    if reading.what == "review":
        pen.rect((x - RING, y - RING, width + 2 * RING, height + 2 * RING), stroke=colour, line=2 * THIN)
    elif reading.what in ("wrong", "partly"):
        pen.line((x, y + height + RING), (x + width, y + height + RING), grey=colour, line=THIN)
    aside = (x + width + RING, y, ASIDE, height)
    if reading.what == "right":
        draw_tick(pen, aside, colour)
    if reading.right:
        pen.text(aside, reading.right, 8, bold=True, grey=RED, smallest=4)
    if reading.value:
        pen.text((x, y - 3.4, width, 2.6), reading.value, 7, bold=True, grey=colour, smallest=4)


def draw_tick(pen: PdfPen, box: Box, colour: tuple[float, float, float]) -> None:
    x, middle = box[0], box[1] + box[3] / 2
    pen.line((x, middle), (x + 1, middle + 1.2), (x + 2.8, middle - 1.6), grey=colour, line=2 * THIN)
