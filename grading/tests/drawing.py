"""Sheets as students hand them in: the exam's own PDF, printed to pixels and filled in with a simulated pen."""

import io
from collections.abc import Mapping

import cv2
import numpy as np
from PIL import Image

from grading.models import Exam
from grading.services import write_sheets
from grading.sheet.pdf_pages import Pdf, render_page

DPI = 200
PX = DPI / 25.4
INK = 40


LAST: dict[tuple, list[np.ndarray]] = {}  # what was printed last: a class has many sheets of one exam


def printed(exam: Exam, **how) -> list[np.ndarray]:
    """The pages of the exam's PDF, (h, w) uint8."""
    asked = (exam.code, exam.layout.fingerprint, exam.spec, *sorted(how.items()))
    if asked not in LAST or how.get("for_roster"):
        LAST.clear()
        LAST[asked] = drawn(exam, **how)
    return [page.copy() for page in LAST[asked]]


def drawn(exam: Exam, **how) -> list[np.ndarray]:
    out = io.BytesIO()
    write_sheets(exam=exam, out=out, **how)
    return [render_page(out.getvalue(), number, DPI) for number in range(Pdf(out.getvalue()).count)]


def filled_in(
    exam: Exam, number: str = "", answers: Mapping[int, str] | None = None, page: int = 1, **how
) -> np.ndarray:
    """One page with a student number, bubbled and written, and answers: options or what is written in the boxes."""
    picture = printed(exam, **how)[page - 1]
    given = {"id": number, **(answers or {})}
    for field in exam.layout.pages[page - 1].fields:
        if given.get(field.item):
            mark(picture, field, given[field.item])
    return picture


def mark(picture: np.ndarray, field, text: str) -> None:
    if field.kind == "bubble":
        is_column = (
            field.item == "id" or field.option.isdecimal() and field.part < len(text) > 1 and "," not in text
        )
        wanted = [text[field.part : field.part + 1]] if is_column else text.split(",")
        if field.option in wanted:
            fill(picture, field.box)
    elif field.kind in ("digit", "letter") and field.part < len(text):
        write(picture, field.box, text[field.part])


def fill(picture: np.ndarray, box) -> None:
    """A filled bubble."""
    x, y, width, height = (side * PX for side in box)
    centre = round(x + width / 2), round(y + height / 2)
    cv2.circle(picture, centre, round(width * 0.46), INK, -1, cv2.LINE_AA)


def strike(picture: np.ndarray, box) -> None:
    """A large cross over a bubble: what was marked there is withdrawn."""
    x, y, width, height = (side * PX for side in box)
    reach = width * 0.25
    left, top, right, bottom = (
        round(v) for v in (x - reach, y - reach, x + width + reach, y + height + reach)
    )
    cv2.line(picture, (left, top), (right, bottom), 0, 4, cv2.LINE_AA)
    cv2.line(picture, (left, bottom), (right, top), 0, 4, cv2.LINE_AA)


def write(picture: np.ndarray, box, letter: str) -> None:
    """One character in a box, in a plain hand."""
    x, y, width, height = (side * PX for side in box)
    scale = height * 0.6 / 21
    (w, h), _base = cv2.getTextSize(letter, cv2.FONT_HERSHEY_SIMPLEX, scale, 3)
    place = round(x + (width - w) / 2), round(y + (height + h) / 2)
    cv2.putText(picture, letter, place, cv2.FONT_HERSHEY_SIMPLEX, scale, INK, 4, cv2.LINE_AA)


def as_pdf(*pages: np.ndarray) -> bytes:
    out = io.BytesIO()
    first, *rest = [Image.fromarray(page) for page in pages]
    first.save(out, "PDF", resolution=DPI, save_all=True, append_images=rest)
    return out.getvalue()


def as_jpeg(page: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", page)[1].tobytes()
