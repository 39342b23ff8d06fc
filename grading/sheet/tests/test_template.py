"""OMRChecker's files are read as its program reads them, and a wrong one is refused with a sentence."""

import json
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest

from grading.sheet.omrchecker.folder import unpack_uploads
from grading.sheet.omrchecker.items import items_of, student_answer
from grading.sheet.omrchecker.reading import read_answers, read_student
from grading.sheet.omrchecker.template_reading import read_template
from uploads.problems import BadFile

from ..interpret import MARKS, Identity
from . import template_sheets as sheets
from .template_files import SCHEMES, evaluation, twice, with_block, with_key


def test_an_origin_is_the_top_left_of_the_first_bubble_and_gaps_may_be_fractions() -> None:
    first, second = read_template(with_block()).fields
    assert [bubble.value for bubble in first.bubbles] == ["A", "B", "C", "D"]
    assert first.bubbles[0].box == (10, 20, 36, 36)
    assert first.bubbles[2].box == (110, 20, 36, 36)
    assert second.bubbles[1].box == (60, 80.5, 36, 36)


def test_vertical_values_run_down_and_fields_run_across() -> None:
    first, second = read_template(with_block(fieldType="QTYPE_INT")).fields
    assert first.bubbles[9].box[:2] == (10, 470)
    assert second.bubbles[0].box[:2] == (70.5, 20)


def test_digits_come_in_order_wherever_the_zero_is_printed() -> None:
    field = read_template(with_block(fieldType="QTYPE_INT_FROM_1")).fields[0]
    assert "".join(bubble.value for bubble in field.bubbles) == "0123456789"
    assert [field.bubbles[digit].box[1] for digit in (1, 9, 0)] == [20, 420, 470]


@pytest.mark.parametrize(
    ("kind", "values"), [("QTYPE_MCQ4_RTL", "DCBA"), ("QTYPE_MCQ5_RTL", "EDCBA"), ("QTYPE_MCQ5", "ABCDE")]
)
def test_each_field_type_has_its_values(kind: str, values: str) -> None:
    field = read_template(with_block(fieldType=kind)).fields[0]
    assert "".join(bubble.value for bubble in field.bubbles) == values


def test_a_block_may_have_bubbles_and_an_empty_value_of_its_own() -> None:
    field = read_template(with_block(bubbleDimensions=[20, 30], emptyValue="-")).fields[0]
    assert field.bubbles[0].box[2:] == (20, 30)
    assert field.empty_value == "-"


def test_ranges_name_every_field_and_answers_come_in_natural_order() -> None:
    names = [answer.name for answer in sheets.template("page").answers]
    assert names == [*(f"q{number}" for number in range(1, 21)), "Roll"]


def test_output_columns_say_the_order_and_what_is_printed() -> None:
    made = read_template(sheets.files(sheets.PAGE, outputColumns=["Roll", "q3..4"]))
    assert [answer.name for answer in made.answers][:4] == ["Roll", "q3", "q4", "q1"]
    assert made.columns == ("Roll", "q3", "q4")
    assert len(sheets.template("page").columns) == 21


def test_joined_fields_are_one_answer_and_the_form_numbers_them() -> None:
    made = sheets.template("page")
    roll = made.answers[-1]
    assert [field.label for field in roll.fields] == ["medium", *(f"roll{number}" for number in range(1, 6))]
    last = made.form.fields[-1]
    assert (last.item, last.part, last.option) == (21, 5, "9")


def test_the_form_has_bubbles_of_the_usual_size_in_millimetres() -> None:
    made = sheets.template("page")
    assert made.form.fields[0].box[2] == pytest.approx(4.6)
    assert made.form.width == pytest.approx(1000 * 4.6 / 36)


def test_the_marker_is_found_beside_the_template_or_anywhere_by_its_name() -> None:
    files = sheets.files(sheets.MARKERS)
    inside = {f"exam/sheets/{name}": data for name, data in files.items()}
    elsewhere = {"exam/template.json": files["template.json"], "pictures/marker.png": files["marker.png"]}
    for upload in (files, inside, elsewhere):
        placing = read_template(upload).placing
        assert placing is not None
        assert placing.picture is not None
        assert placing.picture.shape == (96, 96)


def test_the_last_step_that_places_the_page_counts() -> None:
    blur = {"name": "GaussianBlur", "options": {"kSize": [3, 3]}}
    assert read_template(sheets.files(sheets.PAGE, sheets.MARKERS, blur)).placing.name == "CropOnMarkers"
    assert read_template(sheets.files(blur)).placing is None


def test_what_a_template_leaves_out_is_as_the_other_program_has_it() -> None:
    made = sheets.values()
    del made["preProcessors"]
    bare = read_template({"template.json": json.dumps(made).encode()})
    assert bare.steps == read_template(sheets.files()).steps == ()
    files = {**sheets.files({"name": "CropOnMarkers"}), "omr_marker.jpg": sheets.encoded(sheets.marker(96))}
    assert read_template(files).placing.picture is not None


def test_boxes_may_touch_and_overlap_a_little() -> None:
    assert len(read_template(twice(origin=[35, 40])).fields) == 4


# --- the key


def test_a_key_says_what_each_answer_is_worth() -> None:
    made = read_template(with_key(evaluation(["q1..3"], ["A", ["B", "C", "BC"], [["A", 2], ["B", "1/2"]]])))
    first, second, third = made.key
    assert [first.points(value) for value in ("A", "B", "")] == [3, -0.25, 0]
    assert [second.points(value) for value in ("B", "C", "BC", "D")] == [3, 3, 3, -0.25]
    assert [third.points(value) for value in ("A", "B", "C")] == [2, 0.5, -0.25]


def test_a_section_has_points_of_its_own() -> None:
    bonus = {"questions": ["q2"], "marking": {"correct": 5, "incorrect": 5, "unmarked": 1}}
    made = read_template(
        with_key(evaluation(["q1..2"], ["A", "B"], marking_schemes={**SCHEMES, "BONUS": bonus}))
    )
    assert [item.points("D") for item in made.key] == [-0.25, 5]


def test_a_key_may_be_a_table() -> None:
    options = {"answer_key_csv_path": "key.csv"}
    key = {"source_type": "csv", "options": options, "marking_schemes": SCHEMES}
    table = b"q1,A\nq2,\"['A', 'AB']\"\nq3,[['C', 2]]\nq4,\"D,E\"\n"
    made = read_template(with_key(key, **{"key.csv": table}))
    both = (("A", 3.0), ("AB", 3.0)), (("C", 2.0),), (("D", 3.0), ("E", 3.0))
    assert [item.accepted for item in made.key] == [(("A", 3.0),), *both]


# --- items


def test_the_roll_number_is_the_students_and_the_rest_are_items() -> None:
    made = read_template(with_key(evaluation(["q1..2"], ["A", "B"])))
    assert student_answer(made).name == "Roll"
    items = items_of(made)
    assert [item.number for item in items] == list(range(1, 21))
    assert (items[0].kind, items[0].options, items[0].key.points("A")) == ("choice", tuple("ABCDE"), 3)
    assert items[5].key is None


def test_joined_digits_are_a_bubbled_number() -> None:
    made = read_template(
        sheets.files(sheets.PAGE, customLabels={"year": ["roll1..2"], "x": ["medium", "q1"]})
    )
    kinds = {item.name: (item.kind, item.digits) for item in items_of(made)}
    assert kinds["year"] == ("digits_grid", 2)
    assert kinds["roll3"] == ("digits_grid", 1)
    assert kinds["x"] == ("joined", 2)


def test_a_zip_is_an_upload_too() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, data in sheets.files(sheets.MARKERS).items():
            archive.writestr(f"exam/{name}", data)
        archive.writestr("exam/notes.txt", "not of interest")
    files = unpack_uploads([("exam.zip", packed.getvalue())])
    assert set(files) == {"exam/template.json", "exam/marker.png"}
    assert len(read_template(files).answers) == 21


def test_a_zip_that_reaches_outside_is_refused() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("../template.json", "{}")
    with pytest.raises(BadFile):
        unpack_uploads([("exam.zip", packed.getvalue())])


# --- answers


def marks_of(answers: dict[str, str]) -> np.ndarray:
    """Sure probabilities (n, 7) of filled and empty bubbles."""
    made = sheets.template("page")
    rows = [
        MARKS.index("filled" if bubble.value in answers.get(field.label, "") else "empty")
        for answer in made.answers
        for field in answer.fields
        for bubble in field.bubbles
    ]
    return np.eye(len(MARKS))[rows]


def test_answers_are_joined_from_their_fields() -> None:
    marked = {"medium": "H", "roll1": "4", "roll2": "0", "roll3": "2", "q3": "C"}
    readings = read_answers(sheets.template("page"), marks_of(marked), 0.99)
    assert readings["Roll"].value == "H402"
    assert readings["q3"].value == "C"
    assert readings["q4"].value == ""
    assert {reading.state for reading in readings.values()} == {"certain"}


def test_the_student_is_read_or_asked_for() -> None:
    made = sheets.template("page")
    for marked, expected in (
        ({"medium": "E", "roll1": "7"}, Identity("E7")),
        ({}, Identity("", "student_missing")),
        ({"roll1": "78"}, Identity("?", "student_unreadable")),
    ):
        assert read_student(made, read_answers(made, marks_of(marked), 0.99)) == expected


def test_two_clear_marks_are_what_was_answered_and_a_gap_goes_to_review() -> None:
    readings = read_answers(sheets.template("page"), marks_of({"q2": "AC", "roll1": "4", "roll3": "2"}), 0.99)
    assert (readings["q2"].value, readings["q2"].reason) == ("AC", "")
    assert (readings["Roll"].value, readings["Roll"].reason) == ("4?2", "gap")


def test_a_column_that_cannot_be_read_keeps_its_place_in_a_joined_answer() -> None:
    marked = {"medium": "E", "roll1": "5", "roll2": "", "roll3": "13", "roll4": "7"}
    marks = marks_of(marked)
    readings = read_answers(sheets.template("page"), marks, 0.99)
    assert (readings["Roll"].value, readings["Roll"].state) == ("E5??7", "review")


def test_a_key_that_asks_for_two_marks_makes_two_marks_an_answer() -> None:
    made = read_template(with_key(evaluation(["q1..2"], ["BC", "A"])))
    readings = read_answers(made, marks_of({"q1": "BC", "q2": "AB"}), 0.99)
    assert (readings["q1"].value, readings["q1"].state) == ("BC", "certain")
    assert (readings["q2"].value, readings["q2"].state) == ("AB", "certain")
