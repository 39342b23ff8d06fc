"""The figures above the results, and bars that lead to their students."""

import re

import pytest

from grading import services
from grading.models import Answer, Exam
from grading.papers.scores import settle
from grading.results.item_analysis import item_analysis
from grading.tests.classes import hand_in
from grading.tests.conftest import ITEMS, RIGHT
from school.roster.rows import RosterRow

WRONG = dict.fromkeys(RIGHT, "")


@pytest.fixture
def exam(alice) -> Exam:
    """7, 6 and 1 of 7 points; the fourth hands in a blank paper."""
    made = services.create_exam(owner=alice, title="Midterm", language="en", id_digits=4, items=ITEMS)
    hand_in(made, {"0001": RIGHT, "0002": RIGHT | {1: "4"}, "0003": WRONG | {1: "3"}, "0004": WRONG})
    return made


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def names(shown) -> list[str]:
    return [row["student"] for row in shown.context["shown"]]


def test_three_figures_and_ten_bars_stand_above_the_table(page, exam):
    shown = page.get(f"/exams/{exam.pk}/results/")
    found = shown.context["found"]
    assert (found["papers"], found["mean"], found["median"], found["max_score"]) == (3, 4.6667, 6, 7)
    assert [bar["count"] for bar in found["histogram"]] == [0, 1, 0, 0, 0, 0, 0, 0, 1, 1]
    assert names(shown) == ["0001", "0002", "0003", "0004"]
    figures = item_analysis(exam)
    assert all(found[name] == figures[name] for name in ("papers", "mean", "median"))


def test_a_bar_leads_to_its_students_and_back(page, exam):
    shown = page.get(f"/exams/{exam.pk}/results/")
    links = re.findall(r'href="(\?score_[^"#]+)', shown.text)
    found = [names(page.get(f"/exams/{exam.pk}/results/{link.replace('&amp;', '&')}")) for link in links]
    assert found == [["0003"], ["0002"], ["0001"]]
    last = page.get(f"/exams/{exam.pk}/results/{links[-1]}")
    assert 'aria-current="true"' in last.text and "1 student with these points." in last.text
    assert last.context["found"]["papers"] == 3


def test_every_paper_that_counts_is_in_one_bar_whatever_the_points(page, alice):
    items = [{"number": number, "kind": "choice", "answer": "1", "points": "0.7"} for number in range(1, 11)]
    items[0]["marking"] = {"incorrect": -3}
    exam = services.create_exam(owner=alice, title="Odd", language="en", id_digits=4, items=items)
    right = {f"{count:04}": dict.fromkeys(range(2, 2 + count), "1") for count in range(1, 10)}
    answers = right | {"0010": {1: "2"}, "0011": dict.fromkeys(range(1, 11), "1")}
    hand_in(exam, answers, [RosterRow(number, f"Student {number}", "1") for number in answers])
    bars = page.get(f"/exams/{exam.pk}/results/").context["found"]["histogram"]
    assert sum(bar["count"] for bar in bars) == 11


def test_papers_in_review_are_in_no_bar(page, exam):
    Answer.objects.filter(paper__number="0001", item__number=1).update(state=Answer.State.REVIEW)
    settle(exam, exam.papers.all())
    assert page.get(f"/exams/{exam.pk}/results/").context["found"]["papers"] == 2
    assert names(page.get(f"/exams/{exam.pk}/results/?score_from=6.3")) == []


def test_programs_filter_papers_by_the_same_bounds(call, alice, exam):
    def numbers(query: str) -> list[str]:
        rows = call(alice).get(f"/api/exams/{exam.pk}/papers/?{query}").json()["results"]
        return [
            row["student"]["number"] if isinstance(row["student"], dict) else row["student"] for row in rows
        ]

    assert numbers("score_from=6&score_to=7") == ["0002"]
    assert call(alice).get(f"/api/exams/{exam.pk}/papers/?score_from=many").status_code == 400


def test_nothing_is_drawn_where_nothing_counts(page, alice):
    exam = services.create_exam(owner=alice, title="New", language="en", items=ITEMS)
    assert page.get(f"/exams/{exam.pk}/results/").context["found"] == {}
    assert page.get(f"/exams/{exam.pk}/results/?score_from=NaN&score_to=x").status_code == 200


def test_it_is_said_why_papers_are_not_among_the_figures(page, exam):
    paper = exam.papers.get(number="0003")
    paper.answers.filter(item__number=1).update(state=Answer.State.REVIEW)
    settle(exam, [paper])
    shown = page.get(f"/exams/{exam.pk}/results/")
    assert shown.context["found"]["papers"] == 2
    assert "Left out: 2 papers to review." in " ".join(shown.text.split())


def test_of_few_papers_it_is_said_that_no_item_is_worth_a_look(page, exam):
    assert "From 10 papers on it is said" in page.get(f"/exams/{exam.pk}/statistics/").text
