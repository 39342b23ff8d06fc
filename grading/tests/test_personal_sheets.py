"""Sheets that are printed for a student have the number bubbled in, and say no version where there is one."""

import io

import numpy as np
import pytest

from grading import services
from grading.models import Exam
from grading.sheet.pdf_pages import Pdf
from grading.tests.drawing import PX, filled_in, printed

ANSWERS = {number: str(1 + number % 5) for number in range(1, 21)}
PENCIL = 120  # grey level of a light one, beside the printer's black


@pytest.fixture
def class_test(alice, read_roster) -> Exam:
    items = [{"number": number, "kind": "choice", "answer": "1"} for number in ANSWERS]
    exam = services.create_exam(owner=alice, title="Class test", language="en", id_digits=4, items=items)
    read_roster("number,name\n0042,Kim Minji\n1907,Lee Sora\n", exam)
    return exam


def in_pencil(exam: Exam) -> np.ndarray:
    """The first student's sheet, answered lightly."""
    blank = printed(exam, for_roster=True)[0]
    marked = filled_in(exam, answers=ANSWERS, for_roster=True)
    return np.where(marked < blank, np.maximum(marked, PENCIL), blank).astype(np.uint8)


def without_code(exam: Exam, page: np.ndarray) -> np.ndarray:
    x, y, width, height = (round(side * PX) for side in exam.layout.pages[0].qr_box)
    page = page.copy()
    page[y : y + height, x : x + width] = 255
    return page


def test_the_number_is_read_from_the_printed_bubbles_where_the_code_is_lost(class_test, upload):
    upload(without_code(class_test, printed(class_test, for_roster=True)[1]), to=class_test)
    assert class_test.papers.get().number == "1907"


def test_pencil_is_not_faint_beside_what_the_printer_filled_in(class_test, upload):
    upload(in_pencil(class_test), to=class_test)
    paper = class_test.papers.get(number="0042")
    read = {one.item.number: (one.value, one.reason) for one in paper.answers.select_related("item")}
    assert read == {number: (value, "") for number, value in ANSWERS.items()}


def bubbled(exam: Exam, number: str) -> bool:
    """Whether anything of the sheet's number is filled in."""
    exam.candidates.update(number=number)
    page = printed(exam, for_roster=True)[0]
    boxes = [field.box for field in exam.layout.pages[0].fields if field.item == "id" and field.option]
    middles = [page[round((y + h / 2) * PX), round((x + w / 4) * PX)] for x, y, w, h in boxes]
    return min(middles) < 60


def test_a_number_that_does_not_fill_the_grid_is_left_to_the_student(class_test):
    class_test.candidates.exclude(number="0042").delete()
    assert bubbled(class_test, "0042")
    assert not bubbled(class_test, "42")
    assert not bubbled(class_test, "kim1")


@pytest.mark.parametrize("versions", [1, 2])
def test_the_version_is_printed_where_there_are_several(alice, versions: int):
    exam = services.create_exam(
        owner=alice, title="Test", versions=versions, items=[{"number": 1, "kind": "ox"}]
    )
    out = io.BytesIO()
    services.write_sheets(exam=exam, out=out)
    text = Pdf(out.getvalue()).document[0].get_textpage().get_text_bounded()
    assert ("1형" in text) == (versions > 1)
