"""Grades from scores, with their ties, in results and exports."""

import csv
import io

import pytest
from django.core.exceptions import ValidationError

from grading import services
from grading.papers.states import set_states
from grading.results.exports import results
from grading.results.grade_scales import clean_grades
from grading.results.grades import FIVE, NINE, USUAL, by_rank, by_share, grades_of
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from school.roster.rows import RosterRow


@pytest.mark.parametrize(
    ("score", "grade"),
    [(100, "A"), (90, "A"), (89.99, "B"), (80, "B"), (70, "C"), (60, "D"), (59.9, "E"), (-1, "E")],
)
def test_achievement_goes_by_the_share_of_the_points(score, grade):
    assert by_share(score, 100, USUAL["achievement"]) == grade
    assert by_share(score / 4, 25, [90, 80, 70, 60]) == grade


def test_without_ties_each_grade_has_its_share_of_the_students():
    scores = [float(score) for score in range(1, 101)]
    grades = by_rank(scores, USUAL[NINE])
    counts = [list(grades.values()).count(grade) for grade in range(1, 10)]
    assert counts == [4, 7, 12, 17, 20, 17, 12, 7, 4]
    five = list(by_rank(scores, USUAL[FIVE]).values())
    assert [five.count(grade) for grade in range(1, 6)] == [10, 24, 32, 24, 10]


def test_shares_are_rounded_to_students_and_halves_upwards():
    # 4 % of 165 are 6.6 students: 7
    grades = by_rank([float(score) for score in range(165)], USUAL[NINE])
    assert list(grades.values()).count(1) == 7
    # 10 % of 25 are 2.5: 3
    assert list(by_rank([float(score) for score in range(25)], USUAL[FIVE]).values()).count(1) == 3


def test_the_middle_rank_decides_where_the_same_score_lies_on_both_sides_of_a_limit():
    # Of 100, ranks 3 to 6: the middle rank 4.5 is 4.5 %, beyond 4
    below = [float(score) for score in range(94)]
    assert by_rank([200.0, 199.0, *[150.0] * 4, *below], USUAL[NINE])[150.0] == 2
    # Ranks 3 to 5: the middle rank 4 is 4 %, within it
    assert by_rank([200.0, 199.0, *[150.0] * 3, *below, -1.0], USUAL[NINE])[150.0] == 1
    # All alike: the middle rank is 50.5 %
    assert by_rank([7.0] * 100, USUAL[NINE]) == {7.0: 5}


def test_who_has_no_score_has_no_grade_and_moves_nobody():
    scales = {"achievement": [90, 80, 70, 60], "five": USUAL[FIVE]}
    found = grades_of([(9.0, 10.0), None, (5.0, 10.0)], scales)
    assert found == [{"achievement": "A", "five": 2}, {}, {"achievement": "E", "five": 4}]


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def graded(exam, upload, alice):
    names = {"0001": "Kim", "0002": "Lee", "0003": "Park", "0004": "Choi"}
    services.replace_roster(exam=exam, rows=[RosterRow(*one, "3-1") for one in names.items()])
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", RIGHT | {2: "A"}))
    park = list(exam.candidates.filter(number="0003"))
    set_states(exam=exam, students=park, state="recognised", recognised_score=6, by=alice)
    return exam


SENT = {
    "achievement": "on",
    "achievement_cuts": "85, 60",
    "nine_cuts": "",
    "five": "on",
    "five_cuts": "10/34/66/90",
}


def test_grades_are_chosen_with_their_cuts_and_stand_in_results_and_exports(page, graded):
    assert page.post(f"/exams/{graded.pk}/grades/", SENT).status_code == 302
    graded.refresh_from_db()
    assert graded.grades == {"achievement": [85, 60], "five": [10, 34, 66, 90]}
    told = {row["student"]: row["grades"] for row in results(graded)}
    assert told == {
        "0001": {"achievement": "A", "five": 2},
        "0002": {"achievement": "B", "five": 4},
        "0003": {"achievement": "A", "five": 3},
        "0004": {},
    }
    shown = page.get(f"/exams/{graded.pk}/results/").text
    assert "Achievement A–E" in shown and "A × 2" in shown and "9 grades</th>" not in shown
    content = page.get(f"/api/exams/{graded.pk}/results.csv").getvalue().decode("utf-8-sig")
    header, first, *_rest = csv.reader(io.StringIO(content))
    assert header[-4:] == ["Rank", "Rank in class", "Achievement A–E", "5 grades"]
    assert first[5:7] == ["7.0", "7.0"] and first[-2:] == ["A", "2"]
    page.post(f"/exams/{graded.pk}/grades/", {})
    assert all(row["grades"] == {} for row in results(services.Exam.objects.get(pk=graded.pk)))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"achievement_cuts": "60, 90"}, "the cuts are percents in order, like 90, 80, 70, 60."),
        ({"achievement_cuts": "A"}, "the cuts are percents in order"),
        ({"five_cuts": "10, 34, 66"}, "5 grades: 4 cuts are needed, like 10, 34, 66, 90."),
        ({"five_cuts": ""}, "the cuts are percents in order"),
        ({"five_cuts": "10, 34, 66, 100"}, "the cuts are percents in order"),
    ],
)
def test_what_are_no_cuts_is_said_beside_them(page, graded, sent, said):
    answer = page.post(f"/exams/{graded.pk}/grades/", SENT | sent)
    assert said in answer.text
    graded.refresh_from_db()
    assert graded.grades == {}


@pytest.mark.parametrize(
    "given", [[], {"six": [1]}, {"five": "10"}, {"five": [10, True, 66, 90]}, {"nine": None}]
)
def test_a_program_that_sends_no_grades_is_refused(given):
    with pytest.raises(ValidationError):
        clean_grades(given)


def test_a_program_chooses_grades(call, alice, graded):
    api, path = call(alice), f"/api/exams/{graded.pk}/"
    assert api.patch(path, {"grades": {"nine": USUAL[NINE]}}, format="json").data["grades"] == {
        "nine": USUAL[NINE]
    }
    assert api.get(f"{path}results.json").data[0]["grades"] == {"nine": 3}
    assert api.patch(path, {"grades": {"nine": [4]}}, format="json").status_code == 400
