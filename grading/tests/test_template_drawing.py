"""A form that nobody has described: its picture, boxes over its bubbles, and then its filled sheets are graded."""

import struct

import cv2
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading.models import Exam
from grading.results.exports import results_table
from grading.sheet.cutting import PageClaim
from grading.sheet.omrchecker.drawn import BlankForm
from grading.sheet.tests import photographs as shot
from grading.sheet.tests import template_sheets as sheets
from grading.tests.drawing import as_jpeg, as_pdf
from grading.tests.forms_of_others import RIGHT, hand_in, photo

FIRST = {"title": "Drawn", "language": "en", "count": "10", "options": "A-E"}


def png_header(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0) + bytes(99)
    )


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def blank(how=lambda grey: sheets.on_desk(grey)) -> SimpleUploadedFile:
    return SimpleUploadedFile("blank.jpg", as_jpeg(how(sheets.filled("page", {})).grey))


@pytest.fixture
def drawn(page) -> Exam:
    answer = page.post("/exams/new/picture/", {**FIRST, "picture": blank()})
    exam = Exam.objects.get()
    assert answer.url == f"/exams/{exam.pk}/template/"
    return exam


def box(exam: Exam, x: float, y: float, width: float, height: float) -> str:
    """On the page of the exam, of what is on the form as template_sheets describes it."""
    page = exam.template["values"]["pageDimensions"]
    scale = page[0] / sheets.WIDTH, page[1] / sheets.HEIGHT
    return ",".join(str(round(side * scale[place % 2])) for place, side in enumerate((x, y, width, height)))


def change(page, exam: Exam, **fields: str):
    """What a button of the page sends; blocks stay where they are."""
    return page.post(f"/exams/{exam.pk}/template/", fields)


def add(page, exam: Exam, kind: str, count: int, where: str, options: str = "A-D") -> None:
    new = {"new-kind": kind, "new-count": str(count), "new-options": options, "new-box": where}
    change(page, exam, add="1", **new)


def blocks(exam: Exam) -> dict:
    return Exam.objects.get(pk=exam.pk).template["values"]["fieldBlocks"]


LOOKS = {
    "on a desk": sheets.on_desk,
    "on a bright desk": lambda sheet: sheets.on_desk(sheet, outside=190),
    "by a phone": shot.phone,
    "askew": lambda sheet: shot.phone(sheet, tilt=10, pan=-12, roll=8),
    "scanned": lambda sheet: sheet,
    "turned a little, in a side shadow": lambda sheet: shaded(turned(sheet, 3)),
    "turned on a bright desk, in a deep side shadow": lambda sheet: shaded(turned(sheet, -6, 150), 0.4),
}


def turned(sheet: shot.Photograph, degrees: float, outside: int = 95) -> shot.Photograph:
    height, width = sheet.grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.85)
    return sheet.warped(np.vstack([matrix, [0, 0, 1]]), (width, height), outside)


def shaded(sheet: shot.Photograph, right: float = 0.55) -> shot.Photograph:
    """`right`: of its light, what is left at its right."""
    return sheet.with_grey(sheet.grey * np.linspace(1, right, sheet.grey.shape[1]))


def evened(grey: np.ndarray) -> np.ndarray:
    return grey / cv2.GaussianBlur(grey.astype(float), (0, 0), 20)


@pytest.mark.parametrize("look", LOOKS)
def test_the_page_is_found_in_the_picture_of_a_blank_form(look):
    grey = LOOKS[look](sheets.filled("page", {})).grey
    cut = BlankForm().cut(grey, PageClaim())
    straight = cv2.imdecode(np.frombuffer(cut.image, np.uint8), cv2.IMREAD_GRAYSCALE)
    small, right = (
        cv2.resize(one, (500, 700), interpolation=cv2.INTER_AREA) for one in (straight, sheets.printed(False))
    )
    blurred = [cv2.GaussianBlur(evened(one), (0, 0), 2).ravel() for one in (small, right)]
    assert np.corrcoef(*blurred)[0, 1] > 0.8


def test_sheets_of_a_drawn_form_are_graded(page, drawn):
    x, y, across, down = box(drawn, 151, 761, 62, 55).split(",")
    moved = {"x": x, "y": y, "bubblesGap": across, "labelsGap": down}
    change(page, drawn, **{f"block-0-{name}": value for name, value in moved.items()})
    add(page, drawn, "choice", 10, box(drawn, 602, 762, 218, 527))
    add(page, drawn, "student", 5, box(drawn, 183, 182, 265, 446))
    exam = Exam.objects.get()
    assert list(blocks(exam)) == ["q1", "q11", "Roll"]
    assert [item.name for item in exam.items.all()] == [f"q{number}" for number in range(1, 21)]
    assert exam.id_digits == 5
    scan = hand_in(exam, photo("E50091", RIGHT))
    assert [(one.status, one.reason) for one in scan.pages.all()] == [("read", "")]
    paper = exam.papers.get()
    assert paper.number == "50091"
    assert {answer.item.name: answer.value for answer in paper.answers.all()} == RIGHT


def test_a_copy_gets_the_next_numbers_and_keys_stay(page, drawn):
    drawn.items.filter(name="q2").update(answer="C", points=2)
    change(page, drawn, copy="q1")
    exam = Exam.objects.get()
    assert list(blocks(exam)) == ["q1", "q11"]
    assert blocks(exam)["q11"]["bubblesGap"] == blocks(exam)["q1"]["bubblesGap"]
    assert exam.items.count() == 20
    kept = exam.items.get(name="q2")
    assert (kept.answer, kept.points) == ("C", 2)


def test_a_number_that_is_an_item(page, drawn):
    add(page, drawn, "digits_grid", 3, box(drawn, 700, 182, 150, 446))
    item = Exam.objects.get().items.get(name="q11")
    assert (item.kind, item.digits) == ("digits_grid", 3)
    change(page, drawn, copy="q11")
    assert set(blocks(drawn)) == {"q1", "q11", "q12"}


@pytest.mark.parametrize(
    ("kind", "count", "where", "sentence"),
    [
        ("choice", 10, "1,1,1", "Please draw the box again."),
        ("choice", 10, "1,1,x,4", "is not a number of pixels"),
        ("student", 1, "1,1,100,500", "A number has 2 to 12 digits."),
        ("choice", 0, "1,1,100,500", "greater than or equal to 1"),
        ("choice", 3, "1700,1,900,500", "lie outside of the page"),
    ],
)
def test_a_block_that_cannot_be_is_said(page, drawn, kind, count, where, sentence):
    add(page, drawn, kind, count, where)
    assert list(blocks(drawn)) == ["q1"]
    assert sentence in page.get(f"/exams/{drawn.pk}/template/").text


def test_the_last_block_stays_as_does_one_that_is_not_there(page, drawn):
    change(page, drawn, remove="q1")
    assert "A form needs a block of bubbles." in page.get(f"/exams/{drawn.pk}/template/").text
    change(page, drawn, copy="nowhere")
    assert "is no block of this form" in page.get(f"/exams/{drawn.pk}/template/").text
    assert list(blocks(drawn)) == ["q1"]


def test_once_sheets_were_scanned_blocks_only_move(page, drawn):
    hand_in(drawn, photo("E50091", RIGHT))
    change(page, drawn, copy="q1")
    assert "scanned already" in page.get(f"/exams/{drawn.pk}/template/").text
    assert list(blocks(drawn)) == ["q1"]


def test_blocks_of_a_template_are_what_it_says(page, harbour):
    change(page, harbour, remove="left")
    assert "fixed by its template" in page.get(f"/exams/{harbour.pk}/template/").text
    assert "left" in blocks(harbour)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"picture": SimpleUploadedFile("a.txt", b"no")}, "is not a PDF, a picture"),
        (
            {"picture": SimpleUploadedFile("a.pdf", as_pdf(sheets.printed(False)))},
            "Please use one picture here",
        ),
        ({"picture": SimpleUploadedFile("a.png", png_header(6000, 5000))}, "at most 17 megapixels"),
        ({}, "Please choose a file."),
        ({"options": "A,A", "picture": SimpleUploadedFile("a.txt", b"no")}, "1 to 30 different options"),
    ],
)
def test_what_is_no_picture_is_said_on_the_form(page, fields, sentence):
    assert sentence in page.post("/exams/new/picture/", {**FIRST, **fields}).text
    assert not Exam.objects.exists()


def test_papers_of_a_form_without_a_student_number_are_graded_under_the_names_of_their_pages(page, drawn):
    x, y, across, down = box(drawn, 151, 761, 62, 55).split(",")
    moved = {"x": x, "y": y, "bubblesGap": across, "labelsGap": down}
    change(page, drawn, **{f"block-0-{name}": value for name, value in moved.items()})
    scan = hand_in(drawn, photo("E50091", RIGHT, "one.jpg"), photo("H12345", RIGHT, "two.jpg"))
    assert [(one.status, one.reason) for one in scan.pages.all()] == [("read", "")] * 2
    assert [(one.status, one.reasons) for one in drawn.papers.all()] == [("graded", [])] * 2
    _header, *rows = results_table(drawn)
    assert [row[:2] for row in rows] == [["", "one.jpg 1"], ["", "two.jpg 1"]]
    for place in ("papers", "results"):
        shown = page.get(f"/exams/{drawn.pk}/{place}/").text
        assert "one.jpg 1</a>" in shown
        assert "two.jpg 1</a>" in shown
