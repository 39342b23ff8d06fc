"""Students by items, and classes beside each other."""

import pytest

from grading import services
from grading.results.item_analysis import item_analysis
from grading.results.matrix import in_words_and_numbers
from grading.tests.conftest import RIGHT
from grading.tests.drawing import filled_in
from school.roster.rows import RosterRow


@pytest.fixture
def page(browse, alice):
    return browse(alice)


@pytest.fixture
def graded(exam, upload):
    """Two of each class; the second item of 0004 is half right by its rule."""
    classes = {"0001": "3-10", "0002": "3-9", "0003": "3-9", "0004": "3-10"}
    rows = [RosterRow(number, f"S{number[-1]}", name) for number, name in classes.items()]
    services.replace_roster(exam=exam, rows=rows)
    items = [{"number": number} for number in range(1, 7)]
    items[1]["marking"] = {"partial": "each"}
    exam = services.update_exam(exam=exam, items=items)
    upload(
        filled_in(exam, "0001", RIGHT),
        filled_in(exam, "0002", RIGHT | {1: "4"}),
        filled_in(exam, "0003", RIGHT | {1: "", 3: "X"}),
        filled_in(exam, "0004", RIGHT | {2: "A", 1: "5", 3: ""}),
    )
    return exam


def test_classes_stand_beside_each_other(page, graded):
    found = item_analysis(graded)["classes"]
    assert [(one["class_name"], one["papers"], one["mean"]) for one in found] == [
        ("3-9", 2, 5.5),
        ("3-10", 2, 5.5),
    ]
    assert [one["difficulties"][:3] for one in found] == [[0, 1, 0.5], [0.5, 0.75, 0.5]]
    shown = page.get(f"/exams/{graded.pk}/statistics/").text
    assert "Classes beside each other" in shown and "Difficulty by class" in shown


def test_one_class_alone_is_not_compared(exam, upload):
    upload(filled_in(exam, "0001", RIGHT), filled_in(exam, "0002", RIGHT))
    assert item_analysis(exam)["classes"] == []


def lines(page, graded, query=""):
    found = page.get(f"/exams/{graded.pk}/matrix/{query}").context
    numbers = [line.paper.number for line in found["page"].object_list]
    return numbers, [column.number for column in found["columns"]], found["page"].object_list


def test_the_matrix_shows_what_each_student_has_of_each_item(page, graded):
    numbers, items, shown = lines(page, graded)
    assert numbers == ["0001", "0002", "0003", "0004"] and items == [1, 2, 3, 4, 5, 6]
    assert [cell.how for cell in shown[3].cells] == ["wrong", "part", "empty", "right", "right", "right"]
    assert [line.total for line in shown] == [7, 6, 5, 4]
    text = page.get(f"/exams/{graded.pk}/matrix/").text
    assert "S4" in text and "+1" in text


def test_the_matrix_is_sorted_by_class_and_by_difficulty(page, graded):
    assert lines(page, graded, "?students=class")[0] == ["0002", "0003", "0001", "0004"]
    assert lines(page, graded, "?items=difficulty")[1] == [4, 5, 6, 2, 3, 1]
    assert lines(page, graded, "?students=x&items=x")[:2] == (
        ["0001", "0002", "0003", "0004"],
        [1, 2, 3, 4, 5, 6],
    )


def test_a_program_gets_the_matrix(call, alice, bob, graded):
    api, path = call(alice), f"/api/exams/{graded.pk}/matrix/"
    found = api.get(f"{path}?students=number&items=order").data
    assert found["students"][3]["points"] == [0, 1, 0, 1, 1, 1]
    assert found["students"][3]["values"][:2] == ["5", "A"]
    assert found["items"][0]["difficulty"] == 0.25
    assert api.get(f"{path}?students=x").status_code == 400
    assert call(bob).get(path).status_code == 404


def test_an_exam_without_papers_says_so(page, exam):
    assert "No graded papers of known students yet." in page.get(f"/exams/{exam.pk}/matrix/").text


def test_class_names_are_in_the_order_of_their_numbers():
    assert sorted(["3-10", "", "3-9", "2-1", "나반", "가반"], key=in_words_and_numbers) == [
        "",
        "가반",
        "나반",
        "2-1",
        "3-9",
        "3-10",
    ]
