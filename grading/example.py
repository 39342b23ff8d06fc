"""The part that grading has in an example: an exam with its key, and the sheets that the class handed in, as a copier
scanned them. One student was not there, and one was of two minds."""

import io

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from PIL import Image

from example.models import Example
from grading.models import Exam, Item, ItemKind, Scan
from grading.services import create_exam, submit_scans, take_classes, write_sheets
from grading.sheet.filling.digits import write_skeleton
from grading.sheet.filling.ink import MM_PER_INCH, PENS, Hand, Page
from grading.sheet.filling.marks import STYLES
from grading.sheet.filling.pupils import Pupil, fill_page
from grading.sheet.pdf_pages import render_page
from jobs.claims import Claim
from trash.models import Trashable

ITEMS = [
    *({"kind": "choice", "options": list("12345"), "answer": key, "points": 6} for key in "3152421435"),
    *({"kind": "ox", "answer": key, "points": 5} for key in "OXXO"),
    *({"kind": "number", "digits": 2, "answer": key, "points": 10} for key in ("48", "9")),
]
BEST, LEAST = 0.95, 0.5  # of the items right, by the first and by the last student
DOUBTFUL = 4  # which student marked two options
TWO_MARKS = {2: "1,3", 7: "1,4", 12: "O,X"}  # by item
DPI, QUALITY = 200, 60
FILLING_IN = gettext_noop("Filling in sheets")


def make(example: Example) -> list[Trashable]:
    classes = example.rows(of="school.schoolclass")
    if not classes:  # who has none may have no exam
        return []
    title, language = _("Example: science quiz"), (get_language() or "")[:2]
    items = [{"number": number, **item} for number, item in enumerate(ITEMS, 1)]
    exam = create_exam(owner=example.owner, title=title, language=language, id_digits=5, items=items)
    take_classes(exam=exam, classes=classes)
    return [exam]


def fill(example: Example, job: Claim) -> None:
    """Have the sheets read as any other scan. Raises LeaseLost where the example was removed meanwhile."""
    for exam in example.rows(of="grading.exam"):
        if Scan.with_trashed.filter(exam=exam).exists():
            continue
        job.report(20, FILLING_IN)
        sheets = SimpleUploadedFile("scans.pdf", scanned_sheets(exam))
        with transaction.atomic():
            job.report(90, FILLING_IN)
            submit_scans(exam=exam, uploads=[sheets], owner=example.owner)


def scanned_sheets(exam: Exam) -> bytes:
    """A PDF with one page of each student but the last."""
    printed, rng = io.BytesIO(), np.random.default_rng(7)
    write_sheets(exam=exam, out=printed, for_roster=True)
    layout, items = exam.layout.as_json()["pages"][0], list(exam.items.all())
    pages = []
    for place, candidate in enumerate(list(exam.candidates.all())[:-1]):
        grey = render_page(printed.getvalue(), place, DPI)
        page = Page(np.repeat(grey[..., None], 3, axis=2), DPI / MM_PER_INCH)
        fill_page(page, layout, pupil(place, candidate.number, items, rng), write_skeleton, rng)
        pages.append(Image.fromarray(page.picture).convert("L"))
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=QUALITY)
    return out.getvalue()


def pupil(place: int, number: str, items: list[Item], rng: np.random.Generator) -> Pupil:
    """The better the earlier on the list; each with another pen and another way to mark."""
    ability = BEST - (BEST - LEAST) * place / 12
    answers = {item.number: item.answer if rng.random() < ability else wrong(item) for item in items}
    styles = list(STYLES)
    return Pupil(
        number=number,
        pen=PENS[place % len(PENS)],
        hand=Hand(tremor=0.04, aim=0.2, bias=(0.1, -0.1), pressure=1.0),
        style=styles[place % len(styles)],
        answers=answers | (TWO_MARKS if place == DOUBTFUL else {}),
        fills_number=False,  # it is printed
    )


def wrong(item: Item) -> str:
    """What is answered by who does not know."""
    if item.kind == ItemKind.OX:
        return "X" if item.answer == "O" else "O"
    return str(int(item.answer) % len(item.options) + 1 if item.options else int(item.answer) + 1)
