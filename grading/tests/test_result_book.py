"""The workbook of results, read back."""

import io

import openpyxl
import pytest

from grading.models import Answer, Candidate, Exam, Paper
from grading.results.exports import results
from grading.results.ranks import ranks
from grading.tests.classes import NAMES, hand_in
from grading.tests.conftest import RIGHT
from grading.tests.read_back import texts_of

WRONG = RIGHT | {1: "4"}
CLASS = {"0001": RIGHT, "0002": WRONG, "0003": WRONG, "0005": RIGHT | {2: "A"}}  # the last is not on the list


@pytest.fixture
def book(call, alice, exam):
    hand_in(exam, CLASS)
    answer = call(alice).get(f"/api/exams/{exam.pk}/results.xlsx")
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue()))


def rows_of(sheet) -> list[dict]:
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_equal_scores_share_a_rank_and_the_next_is_left_out():
    assert ranks({"a": 9.5, "b": 10, "c": 9.5, "d": 2}) == {"b": 1, "a": 2, "c": 2, "d": 4}
    assert ranks({}) == {}


def test_every_score_rank_and_answer_is_in_the_workbook(book, exam):
    assert book.sheetnames == ["Results", "Answers", "Points by item", "Key", "Statistics", "Items"]
    scores, answers, points = (rows_of(book[name]) for name in ("Results", "Answers", "Points by item"))
    there = {row["Number"]: row for row in scores}
    for paper in exam.papers.exclude(number="0005"):
        row = there[paper.number]
        assert (row["Name"], row["Score"], row["Max score"]) == (NAMES[paper.number], paper.score, 7)
        assert row["Percent"] == pytest.approx(float(paper.score) / 7)
    assert [(row["Number"], row["Rank"], row["Rank in class"]) for row in scores] == [
        ("0001", 1, 1),
        ("0002", 2, 2),
        ("0003", 2, 1),
        ("0005", None, None),  # in review
        ("0004", None, None),  # has no paper
    ]
    assert [row["Status"] for row in scores] == ["Graded"] * 3 + ["To review", "No paper"]
    for given, worth in zip(answers, points, strict=True):
        assert given["Number"] == worth["Number"]
        for answer in Answer.objects.filter(paper__number=given["Number"]):
            column = answer.item.number
            assert str(given[column] or "") == answer.value and worth[column] == answer.points


def test_numbers_of_students_keep_their_zeros_and_a_name_like_a_formula_is_a_name(book):
    sheet = book["Results"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("0001", "s")
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=박산", "s")
    assert (sheet["D2"].data_type, sheet.freeze_panes) == ("n", "C2")


def test_key_and_statistics_have_their_sheets(book, exam):
    key = rows_of(book["Key"])
    assert [str(row["Key"]) for row in key] == ["3", "A+C", "O", "12", "7", "B"]
    assert [row["Points"] for row in key] == [1, 2, 1, 1, 1, 1]
    figures = {row["What"]: row["Value"] for row in rows_of(book["Statistics"])}
    assert figures["Mean"] == pytest.approx(19 / 3, abs=1e-4) and figures["Papers"] == 3
    first, *_rest = rows_of(book["Items"])
    assert first["Difficulty"] == pytest.approx(1 / 3, abs=1e-4)
    assert "3 × 1" in first["What was answered"]


def test_a_workbook_is_in_the_language_of_who_asks(browse, alice, exam):
    hand_in(exam, CLASS)
    answer = browse(alice).get(f"/api/exams/{exam.pk}/results.xlsx", headers={"accept-language": "ko"})
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    assert book.sheetnames == ["결과", "답", "문항별 점수", "정답", "통계", "문항"]
    assert [cell.value for cell in book["결과"][1]][:3] == ["학번", "이름", "반"]


def test_an_exam_without_papers_has_a_workbook(call, alice, exam):
    book = openpyxl.load_workbook(
        io.BytesIO(call(alice).get(f"/api/exams/{exam.pk}/results.xlsx").getvalue())
    )
    assert rows_of(book["Results"]) == []


def test_papers_of_an_exam_without_names_have_ranks(exam):
    hand_in(exam, {"": RIGHT}, roster=[])
    Paper.objects.update(status="graded")
    assert [row["rank"] for row in results(exam)] == [1]


def test_grades_and_states_are_in_workbook_and_reports(call, alice, exam):
    hand_in(exam, CLASS)
    Exam.objects.filter(pk=exam.pk).update(grades={"achievement": [90, 80, 70, 60]})
    recognised = {"state": "recognised", "recognised_score": 5}
    Candidate.objects.filter(number="0004").update(**recognised)
    content = call(alice).get(f"/api/exams/{exam.pk}/results.xlsx").getvalue()
    rows = {row["Number"]: row for row in rows_of(openpyxl.load_workbook(io.BytesIO(content))["Results"])}
    assert [rows[number]["Achievement A–E"] for number in ("0001", "0002", "0004")] == ["A", "B", "C"]
    assert (rows["0004"]["Score"], rows["0004"]["Rank"]) == (5, 4)
    assert rows["0004"]["Status"] not in ("No paper", "Graded")
    [listed] = texts_of(call(alice).get(f"/api/exams/{exam.pk}/report.pdf").getvalue())
    assert "0004 최강 3-2 5 / 7 71 % 4 / 4 2 / 2 C" in listed
    [own] = texts_of(call(alice).get(f"/api/exams/{exam.pk}/report.pdf?student=0002").getvalue())
    assert "Achievement A–E B" in own


def test_the_key_says_which_rule_scores_an_item(call, alice, exam):
    exam.items.filter(number=1).update(marking={"counts": "bonus", "incorrect": -0.5})
    content = call(alice).get(f"/api/exams/{exam.pk}/results.xlsx").getvalue()
    rows = rows_of(openpyxl.load_workbook(io.BytesIO(content))["Key"])
    assert [row["Rule"] for row in rows][:2] == ["Bonus: on top of the total, wrong: -0.5", None]
