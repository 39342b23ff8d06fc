"""OMRChecker's files are read as its program reads them, and a wrong one is refused with a sentence."""

import json
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

from grading.sheet.omrchecker.folder import unpack_uploads
from grading.sheet.omrchecker.items import items_of, student_answer
from grading.sheet.omrchecker.problems import TEMPLATE_PROBLEMS, WrongTemplate
from grading.sheet.omrchecker.reading import read_answers, read_student
from grading.sheet.omrchecker.template import read_template
from uploads.problems import BadFile

from ..interpret import MARKS, Identity
from . import template_sheets as sheets

SCHEMES = {"DEFAULT": {"correct": "3", "incorrect": "-1/4", "unmarked": 0}}


def evaluation(questions: list[str], answers: list[Any], **changes: Any) -> dict[str, Any]:
    options = {"questions_in_order": questions, "answers_in_order": answers}
    return {"source_type": "custom", "options": options, "marking_schemes": SCHEMES, **changes}


def with_key(key: dict[str, Any], **others: bytes) -> dict[str, bytes]:
    return {**sheets.files(sheets.PAGE), "evaluation.json": json.dumps(key).encode(), **others}


def with_block(**changes: Any) -> dict[str, bytes]:
    """A template of a single block."""
    block = {
        "origin": [10, 20],
        "bubblesGap": 50,
        "labelsGap": 60.5,
        "fieldLabels": ["q1..2"],
        "fieldType": "QTYPE_MCQ4",
    }
    blocks = {"one": {name: value for name, value in {**block, **changes}.items() if value is not None}}
    return sheets.files(sheets.PAGE, fieldBlocks=blocks, customLabels={})


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


def test_output_columns_say_the_order() -> None:
    made = read_template(sheets.files(sheets.PAGE, outputColumns=["Roll", "q3..4"]))
    assert [answer.name for answer in made.answers][:4] == ["Roll", "q3", "q4", "q1"]


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
    table = b"q1,A\nq2,\"['A', 'AB']\"\nq3,[['C', 2]]\n"
    made = read_template(with_key(key, **{"key.csv": table}))
    assert [item.accepted for item in made.key] == [(("A", 3.0),), (("A", 3.0), ("AB", 3.0)), (("C", 2.0),)]


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


# --- wrong files

KEY = evaluation(["q1"], ["A"])
WRONG: dict[str, tuple[str, dict[str, bytes]]] = {
    "no template": ("no_template", {"config.json": b"{}"}),
    "not json": ("not_json", {"template.json": b"{,}"}),
    "binary": ("not_json", {"template.json": b"\xff\xd8\xff\xe0"}),
    "deep": ("not_json", {"template.json": b"[" * 200_000}),
    "a list": ("wrong_value", {"template.json": b"[]"}),
    "nothing in it": ("missing_key", {"template.json": b"{}"}),
    "misspelled": ("unknown_key", sheets.files(pageDimension=[1, 2])),
    "page of letters": ("wrong_value", sheets.files(pageDimensions=["a", "b"])),
    "page of infinity": ("wrong_value", {"template.json": b'{"pageDimensions": [Infinity, 1]}'}),
    "page of truth": ("wrong_value", sheets.files(pageDimensions=[True, True])),
    "no blocks": ("too_many_bubbles", sheets.files(fieldBlocks={}, customLabels={})),
    "no origin": ("missing_key", with_block(origin=None)),
    "neither type nor values": ("missing_key", with_block(fieldType=None)),
    "unknown type": ("wrong_value", with_block(fieldType="QTYPE_MCQ9")),
    "diagonal": ("wrong_value", with_block(fieldType=None, bubbleValues=["A"], direction="diagonal")),
    "same value twice": ("wrong_value", with_block(fieldType=None, bubbleValues=["A", "A"], direction="vertical")),
    "range backwards": ("wrong_label", with_block(fieldLabels=["q9..2"])),
    "endless range": ("wrong_label", with_block(fieldLabels=["q1..999999"])),
    "range of nothing": ("wrong_label", with_block(fieldLabels=["..5"])),
    "same field twice": ("same_label", with_block(fieldLabels=["q1..2", "q2"])),
    "off the page": ("outside_page", with_block(origin=[900, 20])),
    "dust": ("tiny_bubbles", with_block(bubbleDimensions=[2, 2])),
    "unknown joined field": ("unknown_label", sheets.files(customLabels={"Roll": ["rol1..3"]})),
    "joined twice": ("same_label", sheets.files(customLabels={"a": ["q1"], "b": ["q1"]})),
    "unknown column": ("unknown_label", sheets.files(outputColumns=["q99"])),
    "unknown step": ("unknown_step", sheets.files({"name": "Magic"})),
    "no marker": ("missing_file", sheets.files({"name": "CropOnMarkers", "options": {"relativePath": "m.png"}})),
    "form outside": ("missing_file", sheets.files({**sheets.BLANK, "options": {"reference": "../../etc/passwd"}})),
    "marker of text": ("wrong_picture", {**sheets.files(sheets.MARKERS), "marker.png": b"hello"}),
    "white marker": (
        "wrong_picture",
        {**sheets.files(sheets.MARKERS), "marker.png": sheets.encoded(np.full((50, 50), 255, np.uint8))},
    ),
    "unknown question": ("unknown_label", with_key(evaluation(["q77"], ["A"]))),
    "too few answers": ("wrong_value", with_key(evaluation(["q1..3"], ["A"]))),
    "answer of numbers": ("wrong_key", with_key(evaluation(["q1"], [7]))),
    "points of words": ("wrong_key", with_key(evaluation(["q1"], [[["A", "many"]]]))),
    "points by zero": ("wrong_key", with_key(evaluation(["q1"], [[["A", "1/0"]]]))),
    "no scheme": ("missing_key", with_key({**KEY, "marking_schemes": {}})),
    "unknown source": ("wrong_value", with_key({**KEY, "source_type": "picture"})),
    "no table": ("missing_file", with_key({**KEY, "source_type": "csv", "options": {"answer_key_csv_path": "k.csv"}})),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_a_sentence(name: str) -> None:
    reason, files = WRONG[name]
    with pytest.raises(WrongTemplate) as caught:
        read_template(files)
    assert caught.value.reason == reason
    assert str(caught.value) == TEMPLATE_PROBLEMS[reason].format(where=caught.value.where)
    assert str(caught.value).endswith(".") or str(caught.value).endswith("?")


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
        ({"roll1": "78"}, Identity("78", "student_unreadable")),
    ):
        assert read_student(made, read_answers(made, marks_of(marked), 0.99)) == expected


def test_two_marks_and_a_gap_go_to_review() -> None:
    readings = read_answers(sheets.template("page"), marks_of({"q2": "AC", "roll1": "4", "roll3": "2"}), 0.99)
    assert (readings["q2"].value, readings["q2"].reason) == ("AC", "two_marks")
    assert readings["Roll"].reason == "gap"


def test_a_key_that_asks_for_two_marks_makes_two_marks_an_answer() -> None:
    made = read_template(with_key(evaluation(["q1..2"], ["BC", "A"])))
    readings = read_answers(made, marks_of({"q1": "BC", "q2": "AB"}), 0.99)
    assert (readings["q1"].value, readings["q1"].state) == ("BC", "certain")
    assert readings["q2"].reason == "two_marks"
