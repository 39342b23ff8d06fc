"""The files that speed is measured with: 40 five-choice items on one A4 page, filled by hand."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from benchmarks import camera
from benchmarks.client import File
from benchmarks.pupils import make_class
from grading.sheet.filling.ink import MM_PER_INCH, Page, Picture
from grading.sheet.filling.pupils import fill_page
from grading.sheet.layout import Layout
from grading.sheet.pdf import Copy, draw_sheets
from grading.sheet.spec import SheetSpec

DPI = 300
ITEMS = 40
PAGES_IN_A_FILE = 30


@dataclass(frozen=True)
class Printed:
    """An exam as it is printed: its code stands on every page."""

    code: str
    spec: SheetSpec
    layout: Layout


def items() -> list[dict]:
    """As the API takes them."""
    return [
        {"number": number, "kind": "choice", "options": list("12345"), "answer": str(1 + number % 5)}
        for number in range(1, ITEMS + 1)
    ]


def filled(printed: Printed, count: int, seed: int, named: bool = True) -> Iterator[Picture]:
    """`count` filled pages as pictures of 300 dpi; named: each of another student, else of nobody in particular."""
    rng = np.random.default_rng(seed)
    pupils = make_class(items(), count, rng)
    out = io.BytesIO()
    pupils = [replace(pupil, fills_number=named) for pupil in pupils]
    copies = [Copy(printed.code, student=pupil.number if named else "", name=pupil.name) for pupil in pupils]
    draw_sheets(printed.layout, printed.spec, copies, out)
    pages = printed.layout.as_json()["pages"]
    for pupil, page in zip(pupils, pypdfium2.PdfDocument(out.getvalue()), strict=True):
        picture = np.array(page.render(scale=DPI / 72).to_pil().convert("RGB"))
        fill_page(Page(picture, DPI / MM_PER_INCH), pages[0], pupil, leave_blank, rng)
        yield picture


def blank_page(printed: Printed) -> Picture:
    """The first page of nobody's sheet, as a printer leaves it."""
    out = io.BytesIO()
    draw_sheets(printed.layout, printed.spec, [Copy(printed.code)], out)
    page = pypdfium2.PdfDocument(out.getvalue())[0]
    return np.array(page.render(scale=DPI / 72).to_pil().convert("RGB"))


def leave_blank(*_args: object) -> None:
    """The digit boxes of the student number stay empty: these sheets carry a name."""


def as_pdfs(pictures: Iterator[Picture], seed: int) -> list[File]:
    """PDFs of JPEG pages from a scanner, at most 30 pages each."""
    rng = np.random.default_rng(seed)
    pages = (camera.scan(picture, rng) for picture in pictures)
    files = []
    while some := list(islice(pages, PAGES_IN_A_FILE)):
        files.append((f"scan-{len(files) + 1}.pdf", camera.save_pdf(some)))
    return files


def many_pdfs(printed: Printed, count: int, seed: int) -> list[File]:
    """`count` pages: the same 30 sheets of nobody again and again, each of which becomes a paper of its own."""
    [(_name, content)] = as_pdfs(filled(printed, PAGES_IN_A_FILE, seed, named=False), seed)
    return [(f"scan-{index + 1}.pdf", content) for index in range(count // PAGES_IN_A_FILE)]


def as_photos(pictures: Iterator[Picture], seed: int) -> list[File]:
    rng = np.random.default_rng(seed)
    return [(f"IMG_{index}.jpg", camera.photograph(picture, rng)) for index, picture in enumerate(pictures)]


# --- the least that any program has to do with these files


def only_rasterise(files: Sequence[File]) -> int:
    """Render each page of the PDFs at 300 dpi in grey; answers how many."""
    count = 0
    for _name, content in files:
        for page in pypdfium2.PdfDocument(content):
            count += bool(page.render(scale=DPI / 72, grayscale=True).to_numpy().size)
    return count


def only_decode(files: Sequence[File]) -> int:
    """Decode each photo to grey."""
    return sum(
        cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE).size > 0
        for _name, content in files
    )


def size_of(files: Sequence[File]) -> float:
    """Megabytes."""
    return sum(len(content) for _name, content in files) / 1e6


def megapixels(photo: bytes) -> float:
    width, height = Image.open(io.BytesIO(photo)).size
    return width * height / 1e6
