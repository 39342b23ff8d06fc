"""A class and its students over a school year."""

from datetime import timedelta
from statistics import fmean, stdev

import pytest

from accounts.grants import Right, grant
from grading import services
from grading.models import Paper
from grading.papers.states import set_states
from school.models import Enrollment, SchoolClass
from school.roster.rows import RosterRow

ROWS = [RosterRow("0001", "Kim", "3-1"), RosterRow("0002", "Lee", "3-1"), RosterRow("0003", "Park", "3-2")]
ITEMS = [{"number": 1, "kind": "choice", "answer": "1", "points": 20}]


@pytest.fixture
def page(browse, alice):
    return browse(alice)


def an_exam(owner, title, scores, days=0):
    """Graded: number → score out of 20."""
    exam = services.create_exam(owner=owner, title=title, language="en", id_digits=4, items=ITEMS)
    exam.created_at += timedelta(days=days)
    exam.save()
    people = {one.number: one for one in services.replace_roster(exam=exam, rows=ROWS)}
    for number, score in scores.items():
        fields = {"score": score, "max_score": 20, "status": "graded"}
        Paper.objects.create(exam=exam, number=number, candidate=people[number], **fields)
    return exam


@pytest.fixture
def two(alice):
    """The second was written before the first."""
    later = an_exam(alice, "Later", {"0001": 20, "0002": 10, "0003": 9})
    return later, an_exam(alice, "Earlier", {"0001": 10, "0003": 20}, days=-30)


def kim() -> Enrollment:
    return Enrollment.objects.get(student__name="Kim")


def test_a_student_is_shown_exam_by_exam_in_the_order_of_time(page, two):
    one = kim()
    results = page.get(f"/classes/{one.school_class_id}/students/{one.pk}/results/").context["results"]
    assert [(result.exam.title, result.percent) for result in results] == [("Earlier", 50), ("Later", 100)]
    percents = [100, 50, 45]
    assert results[1].z == pytest.approx((100 - fmean(percents)) / stdev(percents))


def test_a_class_is_shown_beside_all_who_sat_the_exam(page, two):
    one = SchoolClass.objects.get(name="3-1")
    results = page.get(f"/classes/{one.pk}/results/").context["results"]
    assert [(result.exam.title, result.students, result.percent) for result in results] == [
        ("Earlier", 1, 50),
        ("Later", 2, 75),
    ]
    assert results[0].z == pytest.approx((50 - 75) / stdev([50, 100]))


def test_states_and_papers_in_review_have_no_score_and_a_recognised_one_has(page, two, alice):
    later, earlier = two
    set_states(exam=later, students=list(later.candidates.filter(number="0001")), state="absent", by=alice)
    people = list(earlier.candidates.filter(number="0001"))
    set_states(exam=earlier, students=people, state="recognised", recognised_score=15, by=alice)
    one = kim()
    path = f"/classes/{one.school_class_id}/students/{one.pk}/results/"
    results = page.get(path).context["results"]
    assert [(result.percent, result.state_text) for result in results] == [
        (75, "Recognised score"),
        (None, "Absent"),
    ]
    Paper.objects.update(status="review")
    lee = Enrollment.objects.get(student__name="Lee")
    shown = page.get(f"/classes/{lee.school_class_id}/students/{lee.pk}/results/")
    assert all(result.percent is None for result in shown.context["results"])
    assert "No graded paper" in shown.text


def test_exams_of_others_and_of_the_trash_are_not_shown(call, browse, alice, bob, two):
    one = kim()
    path = f"/api/classes/{one.school_class_id}/"
    assert call(bob).get(f"{path}results/").status_code == 404
    grant(row=one.school_class, who="bob", right=Right.VIEW, by=alice)
    assert call(bob).get(f"{path}results/").data == []
    browse(alice).post(f"/exams/{two[0].pk}/delete/")
    told = call(alice).get(f"{path}students/{one.pk}/results/").data
    assert [(row["title"], row["percent"], row["state"]) for row in told] == [("Earlier", 50, "")]


def test_a_class_leads_to_its_year_and_to_each_student(page, two):
    one = kim()
    year = f"/classes/{one.school_class_id}/results/"
    assert year in page.get(f"/classes/{one.school_class_id}/").text
    assert f"/students/{one.pk}/results/" in page.get(year).text
    assert (
        f"/students/{one.pk}/results/" in page.get(f"/classes/{one.school_class_id}/students/{one.pk}/").text
    )


def test_another_school_year_is_another_course(page, two):
    one = kim()
    SchoolClass.objects.update(year=2020)
    other = SchoolClass.objects.create(owner=one.school_class.owner, name="2-1", year=2021)
    moved = Enrollment.objects.create(school_class=other, student=one.student, number="1")
    shown = page.get(f"/classes/{other.pk}/students/{moved.pk}/results/")
    assert shown.context["results"] == []
