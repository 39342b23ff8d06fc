"""The small sheet beside the form of an exam: what would be printed of what is typed, and nothing is stored."""

import re
from dataclasses import replace
from itertools import pairwise
from time import process_time

import pytest

from grading import services
from grading.models import Exam, SheetLayout
from grading.models.exams import laid_out
from grading.sheet.layout import lay_out
from grading.sheet.svg_pages import drawn_pages
from grading.tests.test_key_table import SENT
from grading.tests.test_views import blocks


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def numbers_of(html: str) -> set[int]:
    return {int(number) for number in re.findall(r">(\d+)</text>", html)}


def test_what_is_typed_is_drawn_and_nothing_is_stored(page):
    sent = blocks({"count": 25, "key": "1 2"}, {"kind": "ox", "count": 2}, title="Spring & <quiz>")
    answer = page.post("/exams/new/live-sheet/", sent)
    assert answer.text.count("<svg") == 1
    assert "Spring &amp; &lt;quiz&gt;" in answer.text
    assert {26, 27} <= numbers_of(answer.text) and 28 not in numbers_of(answer.text)
    assert not Exam.objects.exists() and not SheetLayout.objects.exists()


def test_what_is_not_typed_yet_leaves_the_rest_in_place(page):
    sent = blocks({"count": ""}, {"kind": "ox", "count": 3}, title="", id_digits="")
    answer = page.post("/exams/new/live-sheet/", sent)
    assert answer.status_code == 200 and "Traceback" not in answer.text
    assert ">O</text>" in answer.text and 3 in numbers_of(answer.text)


def test_what_cannot_be_printed_is_said(page):
    answer = page.post("/exams/new/live-sheet/", blocks({"options": "1-11"}))
    assert "Item 1 needs 2 to 10 different options." in answer.text and "<svg" not in answer.text
    answer = page.post("/exams/new/live-sheet/", blocks({"count": 200}, {"count": 200}))
    assert "An exam has at most 300 items." in answer.text


def test_many_pages_are_counted_and_the_first_drawn(page):
    rows = [{"kind": "open", "count": 20, "lines": 20}]
    answer = page.post("/exams/new/live-sheet/", blocks(*rows))
    assert answer.text.count("<svg") == 6 and re.search(r"\d+ more pages", answer.text)


def test_the_key_shows_its_right_answers_on_the_bubbles(page, exam):
    answer = page.post(
        f"/exams/{exam.pk}/key/live-sheet/", SENT | {"answer-3": "nonsense", "points-1": "2.5"}
    )
    right = answer.text.split('<g class="right-answers">')[1].split("</g>")[0]
    # 4; A and C; nothing; 12 in its boxes; a bubble and what is written above it: 7; B
    assert re.findall(r">([^<]+)</text>", right) == ["4", "A", "C", "1", "2", "7", "7", "B"]
    assert right.count("<ellipse") == 4
    assert exam.items.get(number=1).answer == "3"
    assert not page.post(f"/exams/{exam.pk}/key/live-sheet/", {}).text.count("problem")


def test_each_version_of_a_key_is_shown_by_itself(page, alice):
    items = [{"number": number, "kind": "choice"} for number in (1, 2)]
    exam = services.create_exam(owner=alice, title="Two", versions=2, items=items)
    sent = {
        "answer-1": "1",
        "answer-2": "2",
        "answer-1-2": "3",
        "answer-2-2": "4",
        "points-1": 1,
        "points-2": 1,
    }
    for version, right in ((1, ["1", "2"]), (2, ["3", "4"])):
        shown = page.post(f"/exams/{exam.pk}/key/live-sheet/", sent | {"version": version}).text
        assert re.findall(r">([^<]+)</text>", shown.split('"right-answers"')[1]) == right


def test_a_sheet_of_another_program_is_not_drawn(page, harbour):
    assert page.post(f"/exams/{harbour.pk}/key/live-sheet/", {}).status_code == 404


def test_another_title_or_other_points_need_no_new_layout(exam):
    other = replace(exam.spec, title="Other", language="ko", versions=3)
    other = replace(other, items=tuple(replace(item, points=5) for item in other.items))
    assert laid_out(other) is laid_out(exam.spec)
    assert lay_out(other) == laid_out(exam.spec)


def test_a_drawing_is_quick(exam):
    items = [{"number": number, "kind": "choice"} for number in range(1, 101)]
    exam = services.update_exam(exam=exam, items=items)
    times = [process_time()]
    for _ in range(5):
        drawn_pages(lay_out(exam.spec), exam.spec, {1: ["1"]}, 6)
        times.append(process_time())
    assert min(after - before for before, after in pairwise(times)) < 0.05
