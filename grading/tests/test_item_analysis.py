"""Which papers the statistics of an exam are made of."""

import pytest

from grading import services
from grading.results.item_analysis import item_analysis, keys_of
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in

HALF = RIGHT | {1: "4", 3: "X"}


@pytest.fixture
def graded(exam, upload):
    """Two papers, which say what the statistics are."""
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", HALF))
    assert set(exam.papers.values_list("status", flat=True)) == {"graded"}
    return item_analysis(exam)


def test_blanks_twins_and_papers_of_nobody_do_not_move_the_statistics(exam, graded, upload, alice):
    blank, nobody = filled_in(exam, "0003"), filled_in(exam, "", RIGHT)
    upload(blank, nobody, filled_in(exam, "0004", RIGHT), filled_in(exam, "0004", HALF))
    found = item_analysis(exam)
    assert found["left_out"] == {"in_review": 4, "without_student": 0, "blank": 0, "does_not_sit": 0}
    assert without_counts(found) == without_counts(graded)

    for paper in exam.papers.filter(number__in=("", "0003")):
        services.accept_paper(paper=paper, by=alice)
    found = item_analysis(exam)
    assert found["left_out"] == {"in_review": 2, "without_student": 1, "blank": 1, "does_not_sit": 0}
    assert without_counts(found) == without_counts(graded)


def test_an_exam_that_asks_for_no_names_has_statistics(exam, upload, alice):
    upload(filled_in(exam, "", RIGHT), filled_in(exam, "", HALF))
    for paper in exam.papers.all():
        services.accept_paper(paper=paper, by=alice)
    found = item_analysis(exam)
    assert (found["papers"], found["left_out"]["without_student"]) == (2, 0)


def test_nothing_is_not_the_right_answer_of_a_version_without_a_key(alice):
    item = {"number": 1, "kind": "choice", "answers": ["1", ""]}
    exam = services.create_exam(owner=alice, title="Two", versions=2, items=[item])
    assert [keys_of(exam.items.get(), version) for version in (1, 2)] == [["1"], []]


def without_counts(found: dict) -> dict:
    return {name: value for name, value in found.items() if name != "left_out"}
