"""Sheets of each paper are printed in its size and read back from scans; two of A5 share a sheet of A4."""

import io

import cv2
import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from grading import services
from grading.models import Exam
from grading.sheet.boxes import PAPERS
from grading.sheet.pdf_pages import Pdf
from grading.sheet.pen import MM
from grading.tests.drawing import DPI, PX, filled_in, mark, printed
from tests.support.tiers import seldom

ITEMS = [{"number": number, "kind": "choice", "options": 5, "answer": "1"} for number in range(1, 13)]
ITEMS += [{"number": 13, "kind": "number", "digits": 3, "answer": "120"}]
ANSWERS = {number: str(1 + number % 5) for number in range(1, 12)} | {13: "120"}  # 12 stays empty


def made(owner, paper: str, **more) -> Exam:
    return services.create_exam(
        owner=owner,
        **{"title": paper, "language": "en", "id_digits": 4, "paper": paper, "items": ITEMS} | more,
    )


def sizes(exam: Exam, **how) -> list[tuple[float, float]]:
    """Of the pages of its PDF, in mm."""
    out = io.BytesIO()
    services.write_sheets(exam=exam, out=out, **how)
    return [tuple(side / MM for side in page.get_size()) for page in Pdf(out.getvalue()).document]


def read(exam: Exam, number: str) -> dict[int, tuple[str, str]]:
    paper = exam.papers.get(number=number)
    return {
        one.item.number: (
            one.value,
            "" if one.item.kind == "number" else one.reason,
        )  # a font's digits are no hand
        for one in paper.answers.select_related("item")
    }


RIGHT = {number: (ANSWERS.get(number, ""), "") for number in range(1, 14)}


@pytest.mark.parametrize("dpi", [150, *seldom([200])])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_scan_of_each_paper_is_read(alice, upload, paper: str, dpi: int):
    exam = made(alice, paper)
    scan = [
        filled_in(exam, "0042", ANSWERS, number, is_for_printer=False)
        for number in range(1, len(exam.layout.pages) + 1)
    ]
    zoom = dpi / DPI
    upload(
        *(cv2.resize(page, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA) for page in scan), to=exam
    )
    assert read(exam, "0042") == RIGHT


@pytest.mark.parametrize("paper", ["A4", "B4", "Letter"])
def test_each_paper_is_printed_in_its_size(alice, paper: str):
    for size in sizes(made(alice, paper), copies=2):
        assert size == pytest.approx(PAPERS[paper], abs=0.1)


def test_two_of_a5_are_printed_side_by_side_and_read_before_they_are_cut(alice, upload, read_roster):
    exam = made(alice, "A5", id_digits=0)
    assert len(exam.layout.pages) == 1
    read_roster("number,name\n0042,Kim Minji\n1907,Lee Sora\n0007,Han Bit\n", exam)
    assert [pytest.approx((297.0, 210.0), abs=0.1)] * 2 == sizes(exam, for_roster=True)
    both = printed(exam, for_roster=True)[0].copy()
    right = both[:, round((297 - 148) * PX) :]
    for field in exam.layout.pages[0].fields:
        if field.item in ANSWERS:
            mark(both, field, ANSWERS[field.item])
            mark(right, field, ANSWERS[field.item])
    upload(both, to=exam)
    assert read(exam, "0007") == read(exam, "0042") == RIGHT


def test_one_blank_a5_sheet_is_printed_twice_to_be_copied(alice):
    exam = made(alice, "A5", id_digits=0)
    (page,) = printed(exam)
    left, right = page[:, : round(140 * PX)], page[:, round(149 * PX) : round(149 * PX) + round(140 * PX)]
    assert np.mean(np.abs(left.astype(int) - right) > 60) < 0.01


@pytest.mark.parametrize(
    "more, sentence",
    [
        ({"id_digits": 12}, "too many digits for this paper"),
        (
            {"items": [{"number": 1, "kind": "digits_grid", "digits": 2}]},
            "Item 1 is too large for this paper",
        ),
        ({"id_digits": 0, "items": [{"number": 1, "kind": "number", "digits": 12}]}, "Item 1 is too large"),
    ],
)
def test_what_does_not_fit_small_paper_is_refused_with_a_sentence(alice, more, sentence: str):
    with translation.override("en"), pytest.raises(ValidationError, match=sentence):
        made(alice, "A5", **more)
    made(alice, "B4", **more)
