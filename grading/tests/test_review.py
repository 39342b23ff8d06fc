"""Doubts in groups, put right one by one or many at once, and taken back."""

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.grants import Right, grant
from grading import services
from grading.models import Answer
from grading.papers.corrections import Change, correct_answers
from grading.review.groups import (
    Part,
    answers_in,
    doubts_of,
    groups_of,
    state_of,
)
from grading.review.open_papers import papers_in_doubt, with_papers
from grading.review.undoing import undo_corrections
from grading.tests.classes import hand_in
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in

pytestmark = pytest.mark.django_db
TWO = RIGHT | {1: "1,4"}
PARTS = [Part("2"), Part("1"), Part(item=1), Part("2", 3)]


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def papers(exam, upload):
    """Three papers, each with two marks in item 1."""
    upload(*(filled_in(exam, number, TWO) for number in ("0001", "0002", "0003")))
    return list(exam.papers.order_by("number"))


def answer_of(paper, number: int = 1) -> Answer:
    return paper.answers.get(item__number=number)


def score_of(paper) -> float:
    paper.refresh_from_db()
    return float(paper.score)


def test_doubts_of_one_kind_are_one_group(exam, papers):
    (group,) = groups_of(exam)
    assert (group.title, group.count) == ("More than one option is marked.", 3)
    assert {answer.paper for answer in answers_in(exam, group.key)} == {*papers}
    assert not answers_in(exam, "nothing of the kind")


def test_many_are_put_right_at_once_and_each_that_cannot_be_is_named(exam, papers, alice, bob):
    before = score_of(papers[0])
    changes = [Change(paper.pk, 1, value) for paper, value in zip(papers, ("3", "9", "1"), strict=True)]
    done = correct_answers(exam=exam, changes=[*changes, Change(papers[0].pk, 77, "1")], by=alice)
    assert [answer.value for answer in done.answers] == ["3", "1"]
    assert [refusal.detail for refusal in done.refused] == [
        "Item 1 cannot be answered with “9”.",
        "This answer is no longer there.",
    ]
    assert score_of(papers[0]) == before + 1
    assert answer_of(papers[1]).state == "review"
    assert state_of(exam).by == [("alice", 2, 2)]


def test_what_somebody_else_has_put_there_is_not_written_over(exam, papers, alice, bob):
    correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, "4", was="1,4")], by=bob)
    done = correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, "1", was="1,4")], by=alice)
    assert [refusal.detail for refusal in done.refused] == ["bob has put “4” here meanwhile."]
    assert answer_of(papers[0]).value == "4"


def test_all_of_one_saving_are_taken_back_together(exam, papers, alice):
    before = [score_of(paper) for paper in papers]
    done = correct_answers(exam=exam, changes=[Change(paper.pk, 1, "3") for paper in papers], by=alice)
    assert [score_of(paper) for paper in papers] == [score + 1 for score in before]
    undo_corrections(exam=exam, corrections=done.corrections, by=alice)
    assert [score_of(paper) for paper in papers] == before
    answer = answer_of(papers[0])
    assert (answer.value, answer.state, answer.reason) == ("1,4", "review", "two_marks")
    assert not undo_corrections(exam=exam, corrections=done.corrections, by=alice)


def test_taking_back_the_last_correction_brings_back_the_one_before(exam, papers, alice):
    for value in ("3", "4"):
        done = correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, value)], by=alice)
    undo_corrections(exam=exam, corrections=done.corrections, by=alice)
    answer = answer_of(papers[0])
    assert (answer.value, answer.state) == ("3", "corrected")


def test_a_program_puts_many_right_and_takes_them_back(call, alice, bob, exam, papers):
    url = f"/api/exams/{exam.pk}/answers/"
    body = {"answers": [{"paper": paper.pk, "item": 1, "value": "3", "was": "1,4"} for paper in papers]}
    assert call(bob).patch(url, body, format="json").status_code == 404
    said = call(alice).patch(url, body, format="json").json()
    assert [one["points"] for one in said["saved"]] == [1, 1, 1]
    assert (said["refused"], said["left"]) == ([], 0)
    undo = f"/api/exams/{exam.pk}/corrections/undo/"
    said = call(alice).post(undo, {"corrections": said["corrections"]}, format="json").json()
    assert [one["value"] for one in said["answers"]] == ["1,4"] * 3
    assert said["left"] == 3


def test_corrections_of_another_exam_stay(exam, papers, alice, harbour):
    done = correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, "3")], by=alice)
    assert not undo_corrections(exam=harbour, corrections=done.corrections, by=alice)
    assert answer_of(papers[0]).value == "3"


def test_the_likeliest_other_numbers_are_offered(exam, upload):
    upload(filled_in(exam, "0001", RIGHT))
    answer = exam.papers.get().answers.get(item__number=4)
    cells = answer.page.cells
    for row, (first, second) in zip(cells.items["4"], ((1, 7), (2, 3), (12, 0)), strict=True):
        row[:] = [0.0] * len(row)
        row[first], row[second] = 0.6, 0.4 if first != 12 else 0.0
    cells.save()
    answer.state, answer.reason, answer.value = "review", "unsure_digit", "12"
    answer.save()
    (doubt,) = doubts_of(exam, answers_in(exam, "number-unsure_digit-0"))
    assert set(doubt.options) == {"72", "13", "73"}
    assert doubt.place is not None


def test_the_nearest_numbers_of_the_class_are_offered_those_without_a_paper_first(exam, upload, read_roster):
    read_roster("number,name\n0001,Kim\n0002,Lee\n0045,Park\n0046,Choi\n", exam)
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0047", RIGHT))
    (open_paper,) = papers_in_doubt(exam, with_papers(exam))
    assert open_paper.paper.suggested_number == "0047"
    assert [number for number, _name, _taken in open_paper.nearest][:2] == ["0045", "0046"]
    assert open_paper.nearest[-1] == ("0001", "Kim", True)


def test_the_suggested_number_is_in_the_field_and_goes_with_it(browse, alice, exam, upload, read_roster):
    read_roster("number,name\n0001,Kim\n0045,Park\n", exam)
    upload(filled_in(exam, "0047", RIGHT))
    page, paper = browse(alice), exam.papers.get()
    shown = page.get(reverse("grading:review", args=[exam.pk])).text
    assert 'name="student" value="0047"' in shown
    assert "0045 Park" in shown
    answer = page.post(
        reverse("grading:correct_student", args=[exam.pk, paper.pk]), {"student": "0045", "next": "review"}
    )
    assert answer.url == f"/exams/{exam.pk}/review/?group=papers"
    paper.refresh_from_db()
    assert (paper.number, paper.reasons) == ("0045", [])


def test_without_scripts_a_whole_page_is_saved_as_it_stands(browse, alice, exam, papers):
    page, url = browse(alice), reverse("grading:review", args=[exam.pk])
    (group,) = groups_of(exam)
    first, second, third = (answer_of(paper) for paper in papers)
    fields = {f"value-{first.pk}": "3", f"value-{second.pk}": "1", f"value-{third.pk}": "12"}
    page.post(url, {**fields, "group": group.key})
    assert [answer_of(paper).value for paper in papers] == ["3", "1", "1,4"]
    shown = page.get(url).text
    assert "Item 1 cannot be answered with “12”." in shown
    page.post(url, {f"value-{third.pk}": "", "group": group.key})
    assert "3 answers were looked at," in page.get(url).text


def test_teachers_share_an_exam_by_class_and_by_item(exam, upload, read_roster, browse, alice, call):
    read_roster("number,name,class\n0001,Kim,1\n0002,Lee,2\n", exam)
    upload(filled_in(exam, "0001", TWO | {3: "O,X"}), filled_in(exam, "0002", TWO))
    assert {(group.kind, group.count) for group in groups_of(exam)} == {("choice", 2), ("ox", 1)}
    parts = {part: [group.count for group in groups_of(exam, part=part)] for part in PARTS}
    assert parts == dict(zip(PARTS, ([1], [1, 1], [2], []), strict=True))
    shown = browse(alice).get(f"/exams/{exam.pk}/review/?class_name=2").text
    assert "0002 Lee" in shown and "0001 Kim" not in shown
    assert "group=choice-two_marks-0" in shown and "class_name=2&amp;group=" in shown
    rows = call(alice).get(f"/api/exams/{exam.pk}/review/?class_name=2").data["results"]
    assert [row["student"] for row in rows] == ["0002"]
    nothing = browse(alice).get(f"/exams/{exam.pk}/review/?class_name=2&item=3").text
    assert "Nothing waits for you here." in nothing and "Show all" in nothing


def test_who_may_only_look_saves_nothing(browse, alice, bob, exam, papers):
    grant(row=exam, who="bob", right=Right.VIEW, by=alice)
    url = reverse("grading:review", args=[exam.pk])
    assert browse(bob).get(url).status_code == 200
    assert browse(bob).post(url, {f"value-{answer_of(papers[0]).pk}": "3"}).status_code == 404
    assert answer_of(papers[0]).value == "1,4"


@pytest.mark.parametrize("value", ["1", "1,4"])
def test_what_one_put_there_in_another_window_is_not_written_over(exam, papers, alice, value):
    correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, "4", was="1,4")], by=alice)
    done = correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, value, was="1,4")], by=alice)
    assert [refusal.detail for refusal in done.refused] == [
        "You have put “4” here meanwhile, in another window."
    ]
    assert answer_of(papers[0]).value == "4"


def test_ones_own_correction_is_changed_once_more_on_the_same_page(exam, papers, alice):
    for was, value in (("1,4", "4"), ("4", "1")):
        done = correct_answers(exam=exam, changes=[Change(papers[0].pk, 1, value, was=was)], by=alice)
        assert not done.refused
    assert answer_of(papers[0]).value == "1"
    [answer] = undo_corrections(exam=exam, corrections=done.corrections, by=alice)
    assert (answer.value, answer.state) == ("4", "corrected")


def test_fields_that_name_no_answer_are_left_out_of_what_a_page_saves(exam, papers, alice, browse):
    answer = answer_of(papers[0])
    arabic = "".join(chr(0x660 + int(digit)) for digit in str(answer.pk))
    names = [arabic, "9" * 30, f"0{answer.pk}", "²", "-1", ""]
    form = {f"value-{name}": "1" for name in names} | {f"value-{answer.pk}": "4"}
    page = browse(alice).post(reverse("grading:review", args=[exam.pk]), form)
    assert page.status_code == 302
    assert answer_of(papers[0]).value == "4"


def test_what_is_longer_than_an_answer_can_be_is_refused(alice, browse):
    essay = services.create_exam(
        owner=alice, title="Essay", language="en", items=[{"number": 1, "kind": "open", "points": 5}]
    )
    hand_in(essay, {"0001": {}})
    answer = Answer.objects.get(paper__exam=essay)
    form = {f"value-{answer.pk}": "1." + "0" * 200}
    page = browse(alice).post(reverse("grading:review", args=[essay.pk]), form, follow=True)
    assert "cannot be answered with" in page.text
    answer.refresh_from_db()
    assert answer.value == ""


def test_answers_that_somebody_else_works_off_meanwhile_are_an_empty_page(alice, browse, monkeypatch):
    essay = services.create_exam(
        owner=alice, title="Essay", language="en", items=[{"number": 1, "kind": "open", "points": 5}]
    )
    hand_in(essay, {"0001": {}})
    Answer.objects.update(state=Answer.State.REVIEW, reason="open_answer")
    groups = groups_of(essay)
    monkeypatch.setattr("grading.views.review.groups_of", lambda exam, *_more: groups)
    correct_answers(exam=essay, changes=[Change(essay.papers.get().pk, 1, "3")], by=alice)
    assert browse(alice).get(reverse("grading:review", args=[essay.pk])).status_code == 200
