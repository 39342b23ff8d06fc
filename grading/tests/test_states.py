"""Students who do not sit an exam: neither 0 nor a blank."""

import csv
import io
from decimal import Decimal

import pytest

from audit.models import Entry, Verb
from grading import services
from grading.models import Candidate
from grading.results.exports import results
from grading.results.item_analysis import item_analysis
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from school.roster.rows import RosterRow

NAMES = {"0001": "Kim", "0002": "Lee", "0003": "Park", "0004": "Choi"}


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def graded(exam, upload):
    """Kim is all right, Lee handed in less, Park and Choi nothing."""
    rows = [RosterRow(number, name, "3-1") for number, name in NAMES.items()]
    services.replace_roster(exam=exam, rows=rows)
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", RIGHT | {1: "4"}))
    return exam


def note(page, exam, *numbers, **fields):
    students = [one.pk for one in exam.candidates.filter(number__in=numbers)]
    return page.post(f"/exams/{exam.pk}/students/states/", {"students": students, **fields})


def told(exam) -> dict[str, tuple]:
    return {row["student"]: (row["state"], row["score"]) for row in results(exam)}


def test_several_students_are_absent_at_once_and_that_is_not_0(page, graded):
    assert note(page, graded, "0003", "0004", state="absent").status_code == 302
    assert told(graded) == {
        "0001": ("sits", 7),
        "0002": ("sits", 6),
        "0003": ("absent", None),
        "0004": ("absent", None),
    }
    shown = page.get(f"/exams/{graded.pk}/results/").text
    assert shown.count("Absent") == 2 and "No paper" not in shown
    entry = Entry.objects.filter(verb=Verb.CHANGED, model="exam").latest("pk")
    assert (entry.actor_name, entry.details) == ("alice", {"count": 2})


def test_a_recognised_score_counts_as_the_students_and_leaves_the_items_alone(page, graded):
    assert note(page, graded, "0003", state="recognised", recognised_score="5.6").status_code == 302
    rows = {row["student"]: row for row in results(graded)}
    assert (rows["0003"]["score"], rows["0003"]["max_score"]) == (5.6, 7)
    content = page.get(f"/api/exams/{graded.pk}/results.csv").getvalue().decode("utf-8-sig")
    line = next(row for row in csv.reader(io.StringIO(content)) if row[0] == "0003")
    assert line[4:7] == ["Recognised score", "5.6", "7.0"]
    found = item_analysis(graded)
    assert (found["papers"], found["mean"], found["states"]) == (2, 6.5, {"recognised": 1})
    assert "Recognised score: 1" in page.get(f"/exams/{graded.pk}/statistics/").text


@pytest.mark.parametrize("state", ["exempt", "retake"])
def test_a_paper_of_who_does_not_sit_it_counts_nowhere_and_comes_back(page, graded, state):
    note(page, graded, "0002", state=state)
    assert told(graded)["0002"] == (state, None)
    found = item_analysis(graded)
    assert (found["papers"], found["mean"], found["left_out"]["does_not_sit"]) == (1, 7, 1)
    assert "1 of a student who does not sit it" in page.get(f"/exams/{graded.pk}/statistics/").text
    note(page, graded, "0002", state="sits")
    assert told(graded)["0002"] == ("sits", 6)
    assert item_analysis(graded)["papers"] == 2


@pytest.mark.parametrize(
    ("numbers", "score", "said"),
    [
        ([], "3", "Please tick the students first."),
        (["0003"], "", "Please type the score that is recognised."),
        (["0003"], "8", "The recognised score lies between 0 and 7."),
        (["0003"], "-1", "greater than or equal to 0"),
        (["0003"], "sNaN", "Enter a number"),
    ],
)
def test_what_cannot_be_noted_is_said_on_the_page(page, graded, numbers, score, said):
    answer = note(page, graded, *numbers, state="recognised", recognised_score=score)
    assert answer.status_code == 200 and said in answer.text
    assert not graded.candidates.with_state().exists()


def test_a_new_list_keeps_the_state_of_who_is_on_it(page, graded):
    note(page, graded, "0003", state="recognised", recognised_score="4")
    services.replace_roster(exam=graded, rows=[RosterRow("0003", "Park", "3-1")])
    one = graded.candidates.get()
    assert (one.state, one.recognised_score) == ("recognised", Decimal(4))


def test_a_program_notes_states(call, alice, bob, graded):
    api, path = call(alice), f"/api/exams/{graded.pk}/students/"
    ids = {one.number: one.pk for one in graded.candidates.all()}
    wanted = {"students": [ids["0003"], ids["0004"]], "state": "recognised", "recognised_score": 3.5}
    answer = api.patch(path, wanted, format="json")
    assert [(one["state"], one["recognised_score"]) for one in answer.data] == [("recognised", 3.5)] * 2
    assert api.patch(path, wanted | {"students": [0]}, format="json").status_code == 400
    assert api.patch(path, wanted | {"recognised_score": 70}, format="json").status_code == 400
    assert call(bob).patch(path, wanted, format="json").status_code == 404
    api.patch(path, wanted | {"state": "absent"}, format="json")
    assert Candidate.objects.get(number="0003").recognised_score is None
