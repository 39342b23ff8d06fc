"""Our own PDFs, read back: as texts, and as pictures in colour."""

import numpy as np
import pypdfium2

from grading.sheet.pdf_pages import PDFIUM


def texts_of(content: bytes) -> list[str]:
    """Of each page, with single spaces."""
    with PDFIUM, pypdfium2.PdfDocument(content) as document:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


def pictures_of(content: bytes, dpi: int) -> list[np.ndarray]:
    """(h, w, 3) of each page."""
    with PDFIUM, pypdfium2.PdfDocument(content) as document:
        return [np.array(page.render(scale=dpi / 72).to_pil().convert("RGB")) for page in document]
