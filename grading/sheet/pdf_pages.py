"""The pages of a PDF as grey pictures. Nothing else in the project calls PDFium: it dies where two threads are in it at
once. PDFs of people are opened by a child that has one thread (`Pdf`), our own behind the lock that is here.

A page of a scanned PDF is one picture the size of the page: that picture is decoded as it is, which keeps the
scanner's own pixels and is cheaper (a 300 dpi JPEG: 14 ms against 88 ms rendered). Any other page is rendered.
"""

import threading
from contextlib import closing
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from pypdfium2 import raw

from grading.sheet.decoding import Grey, check_page_size, decode_jpeg
from uploads.pictures import decoding
from uploads.problems import BadFile

LONG_SIDE = 3_508  # px of a rendered page: A4 at 300 dpi
GREY_BITS = 8  # a pixel
PDFIUM = threading.Lock()  # PDFium is not thread-safe


class Pdf:
    """The pages of a PDF. For one thread. Raises BadFile when it is damaged or protected by a password."""

    def __init__(self, source: Path | bytes) -> None:
        try:
            self.document = pdfium.PdfDocument(source)
        except pdfium.PdfiumError as error:
            locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
            raise BadFile("encrypted" if locked else "broken_file") from error
        self.count = len(self.document)

    def page(self, index: int) -> Grey:
        """(h, w) uint8; 0 is the first. Raises BadFile for what is wrong with it."""
        try:
            with decoding("broken_page"), closing(self.document[index]) as page:
                grey = _embedded(page)
                return _bitmap(page, LONG_SIDE / max(page.get_size())) if grey is None else grey
        except BadFile as problem:
            raise BadFile(
                "broken_page" if problem.reason == "broken_picture" else problem.reason
            ) from problem


def render_page(data: bytes, number: int, dpi: float) -> Grey:
    """A page of a PDF of our own as it would be printed, (h, w) uint8; number 0 is the first."""
    with PDFIUM, pdfium.PdfDocument(data) as document:
        return _bitmap(document[number], dpi / 72)


def _embedded(page: pdfium.PdfPage) -> Grey | None:
    """The scan itself, where this page is nothing but one picture that fills it; else None."""
    image = _only_image(page)
    if image is None or not _fills(page, image):
        return None
    a, b, c, d, _, _ = image.get_matrix().get()
    grey = _decode_image(image)
    if (
        grey is None or grey[::16, ::16].mean() < 64
    ):  # inverted (/Decode [1 0]), or odd colours: PDFium knows how
        return None
    return cv2.flip(grey, 1) if a * d - b * c < 0 else grey


def _only_image(page: pdfium.PdfPage) -> pdfium.PdfImage | None:
    """Text that a scanner's OCR put there unseen does not count; notes and drawings on top of the scan do."""
    if raw.FPDFPage_GetAnnotCount(page):
        return None
    seen = [thing for thing in page.get_objects(max_depth=1) if not _is_unseen(thing)]
    return seen[0] if len(seen) == 1 and isinstance(seen[0], pdfium.PdfImage) else None


def _is_unseen(thing: pdfium.PdfObject) -> bool:
    is_text = thing.type == raw.FPDF_PAGEOBJ_TEXT
    return is_text and raw.FPDFTextObj_GetTextRenderMode(thing) == raw.FPDF_TEXTRENDERMODE_INVISIBLE


def _fills(page: pdfium.PdfPage, image: pdfium.PdfImage) -> bool:
    """Whether the picture covers the page, keeps its proportions to 3 %, and is not a grid of low resolution."""
    left, bottom, right, top = image.get_bounds()
    page_left, page_bottom, page_right, page_top = page.get_cropbox()
    width, height = page_right - page_left, page_top - page_bottom
    covers = (min(right, page_right) - max(left, page_left)) * (min(top, page_top) - max(bottom, page_bottom))
    inside = (right - left) * (top - bottom) <= 1.05 * width * height
    pixels = image.get_px_size()
    a, b, _, _, _, _ = image.get_matrix().get()
    long, short = max(right - left, top - bottom), min(right - left, top - bottom)
    shape = (max(pixels) / min(pixels)) / (long / short) if min(pixels) and short else 0
    return covers >= 0.95 * width * height and inside and 0.97 < shape < 1.03 and (a == 0 or b == 0)


def _decode_image(image: pdfium.PdfImage) -> Grey | None:
    size = image.get_px_size()
    check_page_size(size)
    metadata = image.get_metadata()
    plain = (raw.FPDF_COLORSPACE_DEVICEGRAY, raw.FPDF_COLORSPACE_DEVICERGB, raw.FPDF_COLORSPACE_ICCBASED)
    if metadata.colorspace not in plain or image.get_filters(skip_simple=True) != ["DCTDecode"]:
        return None
    return decode_jpeg(bytes(image.get_data(decode_simple=True)), size, metadata.bits_per_pixel == GREY_BITS)


def _bitmap(page: pdfium.PdfPage, scale: float) -> Grey:
    """scale: pixels for each point of 1/72 inch."""
    bitmap = page.render(scale=scale, grayscale=True, rev_byteorder=False, prefer_bgrx=False)
    grey = np.array(bitmap.to_numpy())
    bitmap.close()
    return grey if grey.ndim == 2 else grey[:, :, 0]
