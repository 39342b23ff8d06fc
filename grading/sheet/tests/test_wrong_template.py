"""A wrong template is refused with a sentence that names the field and says what to write."""

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import reduce
from operator import getitem
from typing import Any

import numpy as np
import pytest

from grading.sheet.omrchecker.problems import TEMPLATE_PROBLEMS, WrongTemplate
from grading.sheet.omrchecker.template_reading import read_template

from . import template_sheets as sheets
from .template_files import (
    KEY,
    SCHEMES,
    TABLE,
    evaluation,
    twice,
    with_block,
    with_key,
    with_points,
    with_step,
    with_table,
    with_values,
)

LEFT = "template.json: fieldBlocks.one"

# What is wrong -> reason, what the sentence has to say (which field, what to write), files
WRONG: dict[str, tuple[str, str, dict[str, bytes]]] = {
    "no template": ("no_template", "template.json", {"config.json": b"{}"}),
    "not json": ("not_json", "template.json", {"template.json": b"{,}"}),
    "nothing": ("not_json", "template.json", {"template.json": b""}),
    "binary": ("not_json", "template.json", {"template.json": b"\xff\xd8\xff\xe0"}),
    "deep": ("not_json", "template.json", {"template.json": b"[" * 200_000}),
    "a list": ("not_json", "template.json", {"template.json": b"[]"}),
    "40 MB": ("too_large", "template.json", {"template.json": b"{" + b" " * 40_000_000 + b"}"}),
    "nothing in it": ("missing_key", "is missing. Please add it, for example [1654, 2339]", {"template.json": b"{}"}),
    "misspelled": ("unknown_key", "pageDimension is not", sheets.files(pageDimension=[1, 2])),
    "page of letters": ("wrong_value", "pageDimensions", sheets.files(pageDimensions=["a", "b"])),
    "page of infinity": ("wrong_value", "[1654, 2339]", {"template.json": b'{"pageDimensions": [Infinity, 1]}'}),
    "page of no number": ("wrong_value", "pageDimensions", {"template.json": b'{"pageDimensions": [NaN, 1]}'}),
    "page of truth": ("wrong_value", "pageDimensions", sheets.files(pageDimensions=[True, True])),
    "page of one side": ("wrong_value", "pageDimensions", sheets.files(pageDimensions=[1000])),
    "no blocks": ("no_bubbles", "fieldBlocks", sheets.files(fieldBlocks={}, customLabels={})),
    "a list of blocks": ("wrong_value", "fieldBlocks", sheets.files(fieldBlocks=[], customLabels={})),
    "a block of text": ("wrong_value", "fieldBlocks.one", sheets.files(fieldBlocks={"one": "q1"}, customLabels={})),
    "too many bubbles": ("too_many_bubbles", "10,000", with_block(fieldLabels=["q1..9000"])),
    "too many blocks": ("too_many_bubbles", "10,000", twice(fieldLabels=["q3..2502"])),
    "no origin": ("missing_key", f"{LEFT}.origin is missing. Please add it", with_block(origin=None)),
    "origin of text": ("wrong_value", f"{LEFT}.origin", with_block(origin="10, 20")),
    "gap of text": ("wrong_value", f"{LEFT}.bubblesGap", with_block(bubblesGap="50")),
    "gap of no number": ("wrong_value", f"{LEFT}.labelsGap", with_block(labelsGap=float("nan"))),
    "neither type nor values": ("missing_key", f"{LEFT}.fieldType", with_block(fieldType=None)),
    "unknown type": ("not_one_of", f'{LEFT}.fieldType "QTYPE_MCQ9" is not', with_block(fieldType="QTYPE_MCQ9")),
    "type of a number": ("not_one_of", f"{LEFT}.fieldType 4", with_block(fieldType=4)),
    "diagonal": ("not_one_of", "horizontal, vertical", with_values("A", direction="diagonal")),
    "values of numbers": ("wrong_value", f"{LEFT}.bubbleValues", with_values(1, 2)),
    "same value twice": ("same_value", f"{LEFT}.bubbleValues", with_values("A", "A")),
    "labels of numbers": ("wrong_value", '["q1..10"]', with_block(fieldLabels=[1, 2])),
    "a number of labels": ("wrong_value", f"{LEFT}.fieldLabels", with_block(fieldLabels=2.5)),
    "no label": ("wrong_label", "q1..10", with_block(fieldLabels=[" "])),
    "range backwards": ("backward_range", "q9..2 does not count upwards", with_block(fieldLabels=["q9..2"])),
    "endless range": ("long_range", "q1..999999", with_block(fieldLabels=["q1..999999"])),
    "endless ranges": ("long_range", "10,000", with_block(fieldLabels=["a1..9999", "b1..9999"])),
    "range of nothing": ("wrong_label", "..5", with_block(fieldLabels=["..5"])),
    "same field twice": ("same_label", "q2", with_block(fieldLabels=["q1..2", "q2"])),
    "same field in two blocks": ("same_label", "q2", twice(origin=[300, 20], fieldLabels=["q2..3"])),
    "off the page": ("outside_page", "q1", with_block(origin=[900, 20])),
    "above the page": ("outside_page", "q1", with_block(origin=[10, -1])),
    "off the page at last": ("outside_page", "q2", with_block(labelsGap=1380)),
    "two fields in one place": ("overlapping", "q1, q3", twice()),
    "half a bubble apart": ("overlapping", "q1, q3", twice(origin=[27, 20])),
    "all bubbles in one place": ("overlapping", "q1 ", with_block(bubblesGap=0)),
    "no way to the next field": ("overlapping", "q1, q2", with_block(labelsGap=0)),
    "dust": ("tiny_bubbles", "bubbleDimensions", with_block(bubbleDimensions=[2, 2])),
    "no bubble": ("wrong_value", "bubbleDimensions", with_block(bubbleDimensions=[0, 0])),
    "empty value of a number": ("wrong_value", "emptyValue", sheets.files(emptyValue=0)),
    "unknown joined field": ("unknown_label", "rol1", sheets.files(customLabels={"Roll": ["rol1..3"]})),
    "joined twice": ("same_label", "q1", sheets.files(customLabels={"a": ["q1"], "b": ["q1"]})),
    "joined under a name that is there": ("same_label", "q3", sheets.files(customLabels={"q3": ["q1"]})),
    "joined text": ("wrong_value", "customLabels.Roll", sheets.files(customLabels={"Roll": "q1"})),
    "unknown column": ("unknown_label", "q99", sheets.files(outputColumns=["q99"])),
    "column of a part": ("unknown_label", "roll1", sheets.files(outputColumns=["roll1"])),
    "columns of text": ("wrong_value", "outputColumns", sheets.files(outputColumns="q1")),
    "unknown step": ("not_one_of", '"Magic" is not known here', sheets.files({"name": "Magic"})),
    "steps of text": ("wrong_value", "preProcessors", sheets.files(preProcessors="CropPage")),
    "step of text": ("wrong_value", "preProcessors", sheets.files(preProcessors=["CropPage"])),
    "no name of a step": ("missing_key", "preProcessors.name", sheets.files(preProcessors=[{}])),
    "options of text": ("wrong_value", "preProcessors.options", sheets.files({"name": "CropPage", "options": "all"})),
    "no marker": ("missing_file", "m.png", with_step("CropOnMarkers", relativePath="m.png")),
    "no name of a marker": ("missing_file", "omr_marker.jpg", sheets.files({"name": "CropOnMarkers", "options": {}})),
    "form outside": ("missing_file", "passwd", with_step("FeatureBasedAlignment", reference="../../etc/passwd")),
    "no name of a form": ("missing_key", "preProcessors.reference", sheets.files({"name": "FeatureBasedAlignment"})),
    "marker of text": ("wrong_picture", "marker.png", {**sheets.files(sheets.MARKERS), "marker.png": b"hello"}),
    "white marker": (
        "wrong_picture",
        "marker.png",
        {**sheets.files(sheets.MARKERS), "marker.png": sheets.encoded(np.full((50, 50), 255, np.uint8))},
    ),
    "broken config": ("not_json", "config.json", {**sheets.files(), "config.json": b"{"}),
    "broken key": ("not_json", "evaluation.json", {**sheets.files(), "evaluation.json": b"{"}),
    "unknown question": ("unknown_label", "q77", with_key(evaluation(["q77"], ["A"]))),
    "question of a part": ("unknown_label", "roll1", with_key(evaluation(["roll1"], ["1"]))),
    "too few answers": ("answer_count", "1 / 3", with_key(evaluation(["q1..3"], ["A"]))),
    "answers of text": ("wrong_value", "answers_in_order", with_key(evaluation(["q1"], "A"))),
    "answer of numbers": ("wrong_key", "q1", with_key(evaluation(["q1"], [7]))),
    "points of words": ("wrong_points", "q1", with_key(evaluation(["q1"], [[["A", "many"]]]))),
    "points by zero": ("wrong_points", "q1", with_key(evaluation(["q1"], [[["A", "1/0"]]]))),
    "points of no number": ("wrong_points", "marking_schemes.DEFAULT.correct", with_points(correct=float("nan"))),
    "points without end": ("wrong_points", "marking_schemes.DEFAULT.correct", with_points(correct=float("inf"))),
    "no scheme": ("missing_key", "marking_schemes.DEFAULT", with_key({**KEY, "marking_schemes": {}})),
    "no options": ("missing_key", "evaluation.json: options", with_key({"source_type": "custom"})),
    "section of a field that is not there": (
        "unknown_label",
        "q88",
        with_key({**KEY, "marking_schemes": {**SCHEMES, "S": {"questions": "q88", "marking": SCHEMES["DEFAULT"]}}}),
    ),
    "unknown source": ("not_one_of", "custom, csv", with_key({**KEY, "source_type": "picture"})),
    "no table": ("missing_file", "key.csv", with_table(None)),
    "table without a path": ("missing_key", "answer_key_csv_path", with_key({**TABLE, "options": {}})),
    "table of bytes": ("wrong_key", "q1,A", with_table(b"\xff\xfe\x00")),
    "table without an answer": ("wrong_key", "q1", with_table(b"q1,\n")),
    "table that asks twice": ("same_label", "q1", with_table(b"q1,A\nq1,B\n")),
    "table of a broken list": ("wrong_key", "q1", with_table(b"q1,[A\n")),
    "40 MB of a table": ("too_large", "answer_key_csv_path", with_table(b"q1,A\n" * 8_000_000)),
    "no picture of the key": ("missing_file", "key.jpg", with_table(None, answer_key_image_path="key.jpg")),
    "unknown question of a picture": (
        "unknown_label",
        "q99",
        with_table(None, answer_key_image_path="marker.png", questions_in_order=["q99"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_with_a_sentence_that_names_the_field(name: str) -> None:
    reason, said, files = WRONG[name]
    with pytest.raises(WrongTemplate) as caught:
        read_template(files)
    problem = caught.value
    assert problem.reason == reason
    assert str(problem) == TEMPLATE_PROBLEMS[reason].format(where=problem.where, example=problem.example)
    assert said in str(problem)
    assert str(problem).endswith(".")


def test_a_sentence_cites_little_and_nothing_that_moves_a_cursor() -> None:
    with pytest.raises(WrongTemplate) as caught:
        read_template(sheets.files(**{"\x1b[2J" + "x" * 10_000: 1}))
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 400


STRANGE = [
    None,
    True,
    -1,
    1.5,
    10**30,
    float("nan"),
    "",
    "q1",
    "..",
    "[",
    [],
    [[]],
    {},
    {"a": 1},
    ["q1", "q1"],
    [1],
]


def places(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The keys that lead to each part of a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*where, key)
        yield from places(part, (*where, key))


@pytest.mark.parametrize("name", ["template.json", "evaluation.json"])
def test_whatever_stands_anywhere_in_it_a_template_is_read_or_refused_with_a_sentence(name: str) -> None:
    section = {"questions": ["q1"], "marking": SCHEMES["DEFAULT"]}
    answers = ["A", ["B", "C"], [["A", 2], ["B", "1/2"]]]
    files = with_key(evaluation(["q1..3"], answers, marking_schemes={**SCHEMES, "hard": section}))
    whole = json.loads(files[name])
    for *way, last in places(whole):
        for strange in STRANGE:
            made = json.loads(files[name])
            reduce(getitem, way, made)[last] = strange
            with suppress(WrongTemplate):
                read_template({**files, name: json.dumps(made).encode()})
