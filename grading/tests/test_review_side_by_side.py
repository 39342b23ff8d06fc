"""Papers whose student is in doubt: their pages in small beside the doubt, those of twins next to each other."""

import pytest

from grading import services
from grading.models import Exam
from grading.tests.drawing import filled_in
from grading.tests.test_rejected_pages import CHOICES, GIVEN

GROUP = "?group=papers"


@pytest.fixture
def quiz(alice) -> Exam:
    return services.create_exam(owner=alice, title="Quiz", language="en", id_digits=4, items=CHOICES)


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def shown(page, exam: Exam):
    return page.get(f"/exams/{exam.pk}/review/{GROUP}")


def test_both_papers_of_twins_stand_side_by_side(page, quiz, upload):
    upload(filled_in(quiz, "0042", GIVEN), filled_in(quiz, "0042", GIVEN | {1: "5", 2: "5"}), to=quiz)
    answer = shown(page, quiz)
    first, second = quiz.papers.order_by("pk")
    assert [open.side_by_side for open in answer.context["papers"]] == [[first, second]] * 2
    for paper in (first, second):
        [scanned] = paper.pages.all()
        assert answer.text.count(f"/api/scans/{scanned.scan_id}/pages/{scanned.page}/small.jpg") == 2
        assert f'href="/api/papers/{paper.pk}/pages/1.jpg" data-zoom' in answer.text
    assert answer.text.count("The other one") == 2


def test_a_paper_without_a_number_stands_alone(page, quiz, upload):
    upload(filled_in(quiz, "", GIVEN), filled_in(quiz, "", GIVEN | {1: "5"}), to=quiz)
    answer = shown(page, quiz)
    assert [len(open.side_by_side) for open in answer.context["papers"]] == [1, 1]
    assert "/small.jpg" in answer.text and "The other one" not in answer.text


def test_twins_cost_no_query_each(page, quiz, upload, django_assert_max_num_queries):
    numbers = ("0041", "0042", "0043")
    pages = [filled_in(quiz, number, GIVEN | {1: mark}) for number in numbers for mark in ("1", "5")]
    upload(*(filled_in(quiz, "0040", GIVEN | {1: mark, 2: mark}) for mark in ("1", "5")), *pages, to=quiz)
    with django_assert_max_num_queries(40):
        shown(page, quiz)
