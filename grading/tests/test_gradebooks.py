"""Scores for other programs, read back."""

import csv
import io
import re

import pytest

from accounts.models import Role
from conftest import person
from grading import services
from grading.models import Exam, Paper
from grading.results.exports import results
from grading.results.gradebooks import split_name
from grading.tests.classes import NAMES, hand_in
from grading.tests.conftest import RIGHT
from school.models import Student
from school.roster.rows import RosterRow

CLASS = {"0001": RIGHT, "0002": RIGHT | {1: "4"}, "0003": {}, "": RIGHT}


@pytest.fixture
def graded(exam) -> Exam:
    """The third waits for a person, the fourth student has no paper, one paper has no student."""
    hand_in(exam, CLASS)
    account = person("haneul", Role.STUDENT)
    account.email = "haneul@school.example"
    account.save()
    Student.objects.filter(name=NAMES["0001"]).update(account=account)
    return exam


def table(answer) -> list[list[str]]:
    assert answer["Content-Type"].startswith("text/csv")
    return [*csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig")))]


def test_moodle_gets_its_columns_and_settled_scores(call, alice, graded):
    header, *rows = table(call(alice).get(f"/api/exams/{graded.pk}/moodle.csv"))
    assert header == ["First name", "Last name", "ID number", "Email address", "Midterm"]
    assert rows == [
        ["김하늘", "", "0001", "haneul@school.example", "7.0"],
        ["이바다", "", "0002", "", "6.0"],
        ["'=박산", "", "0003", "", ""],
        ["최강", "", "0004", "", ""],
    ]


def test_canvas_gets_its_columns_and_the_row_of_points(call, alice, graded):
    header, points, *rows = table(call(alice).get(f"/api/exams/{graded.pk}/canvas.csv"))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Midterm"]
    assert points == ["    Points Possible", "", "", "", "", "7.0"]
    assert rows[0] == ["김하늘", "", "0001", "haneul@school.example", "3-1", "7.0"]
    assert {row[2]: row[5] for row in rows} == {"0001": "7.0", "0002": "6.0", "0003": "", "0004": ""}


def test_names_are_split_where_they_say_how():
    assert split_name("Kim, Min") == ("Min", "Kim") == split_name("Min Kim")
    assert split_name("김하늘") == ("김하늘", "") and split_name("") == ("", "")


def test_the_table_to_paste_has_grade_class_number_name_and_score(browse, alice):
    groups = [["학년", 1], ["반", 2], ["번호", 2]]
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    exam = services.create_exam(owner=alice, title="School", id_groups=groups, items=items)
    hand_in(exam, {"10203": {1: "O"}}, [RosterRow("10203", "김\t하나", "1-2")])
    page = browse(alice).get(f"/exams/{exam.pk}/table/").text
    copied = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)[1]
    assert copied == "학년\t반\t번호\tName\tScore\n1\t2\t3\t김 하나\t1"


def test_the_table_to_paste_of_plain_numbers_has_the_class_beside_them(browse, alice, graded):
    page = browse(alice).get(f"/exams/{graded.pk}/table/").text
    assert "3-1\t0001\t김하늘\t7\n" in page and "3-2\t0004\t최강\t<" in page


def test_a_second_paper_that_waits_empties_no_cell_of_its_student(browse, call, alice, graded):
    """Moodle and spreadsheets take the last row of a student."""
    twin = Paper.objects.get(number="0003")
    twin.number, twin.candidate = "0002", graded.candidates.get(number="0002")
    twin.save()
    rows = table(call(alice).get(f"/api/exams/{graded.pk}/moodle.csv"))
    assert [row[4] for row in rows if row[2] == "0002"] == ["6.0"]
    assert browse(alice).get(f"/exams/{graded.pk}/table/").text.count("\t0002\t") == 1


def test_all_that_can_be_downloaded_is_on_the_page_of_results(browse, call, alice, graded):
    page = browse(alice).get(f"/exams/{graded.pk}/results/").text
    links = re.findall(
        r'href="(/(?:api/)?exams/\d+/[^"]+)"', page.partition("downloads")[2].partition("</details>")[0]
    )
    assert len(links) == 14  # three of them for each of two classes, too
    for link in {*links} - {one for one in links if "overlay" in one}:
        assert browse(alice).get(link.replace("&amp;", "&")).status_code == 200, link
    ranks = {row["student"]: row["rank"] for row in results(graded)}
    assert ranks["0001"] == 1 and ranks["0003"] is None
    assert Paper.objects.count() == 4


CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1 (12)
    Points Possible,,,,,10
"Kim, Min",55,0001,mk@school.example,Period 1,9
"Lee, Du",56,0002,,Period 2,
"""


def test_an_export_of_canvas_comes_back_with_its_own_columns(call, alice, exam, read_roster):
    read_roster(CANVAS, exam, is_preview=False)
    hand_in(exam, {"0001": RIGHT, "0002": RIGHT | {1: "4"}})
    header, points, *rows = table(call(alice).get(f"/api/exams/{exam.pk}/canvas.csv"))
    assert header[:5] == CANVAS.splitlines()[0].split(",")[:5] and points[5] == "7.0"
    assert rows == [
        ["Kim, Min", "55", "0001", "mk@school.example", "Period 1", "7.0"],
        ["Lee, Du", "56", "0002", "", "Period 2", "6.0"],
    ]
