"""The key of a template may be a filled sheet: what is marked on it is right, and what is in doubt there is no key."""

from typing import Any

import numpy as np
import pytest

from grading.sheet.decoding import Grey
from grading.sheet.interpret import MARKS, Numbers
from grading.sheet.omrchecker.key_picture import with_key
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.template import Template
from grading.sheet.omrchecker.template_reading import read_template

from . import template_sheets as sheets
from .template_files import TABLE, with_table
from .template_files import with_key as key_files

ANSWERS = {"q1": "A", "q2": "C", "q3": "B"}


class DarknessReader:
    """Tells filled bubbles by their grey: these sheets are drawn clearly."""

    certain = 0.99

    def read(self, cells: Grey, references: Grey) -> Numbers:
        is_dark = cells[:, 12:20, 12:20].reshape(len(cells), -1).mean(axis=1) < 150
        return np.eye(len(MARKS))[[MARKS.index("filled" if dark else "empty") for dark in is_dark]]


def keyed(answers: dict[str, str], grey: Grey | None = None, **options: Any) -> Template:
    picture = sheets.filled("page", answers).grey if grey is None else grey
    files = with_table(None, answer_key_image_path="key.png", **options)
    return with_key(read_template({**files, "key.png": sheets.encoded(picture)}), DarknessReader())


def test_the_marks_on_a_picture_are_the_key() -> None:
    made = keyed(ANSWERS, questions_in_order=["q2..3"])
    assert [(item.question, item.points("C"), item.points("B")) for item in made.key] == [
        ("q2", 3, -0.25),
        ("q3", -0.25, 3),
    ]


def test_two_marks_on_a_picture_are_one_answer() -> None:
    assert [item.points("BC") for item in keyed({"q1": "BC"}).key] == [3]


def test_without_questions_all_that_is_marked_is_the_key() -> None:
    assert [item.question for item in keyed(ANSWERS).key] == ["q1", "q2", "q3"]


def test_a_table_comes_before_the_picture_as_in_the_other_program() -> None:
    made = read_template(with_table(b"q1,D\n", answer_key_image_path="key.png"))
    assert with_key(made, DarknessReader()).key[0].points("D") == 3


def test_a_picture_needs_no_name_of_a_table() -> None:
    made = {**TABLE, "options": {"answer_key_image_path": "marker.png"}}
    assert read_template(key_files(made)).key_picture is not None


@pytest.mark.parametrize(
    ("answers", "reason", "where"),
    [({**ANSWERS, "roll1": "1", "roll3": "2"}, "key_in_doubt", "Roll"), (ANSWERS, "key_unmarked", "Roll")],
)
def test_what_is_not_clear_on_the_picture_is_said(answers: dict[str, str], reason: str, where: str) -> None:
    with pytest.raises(WrongTemplate) as caught:
        keyed(answers, questions_in_order=["q1..3", "Roll"])
    assert (caught.value.reason, caught.value.where) == (reason, where)


def test_a_picture_of_something_else_is_no_key() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (1400, 1000)).astype(np.uint8)
    with pytest.raises(WrongTemplate) as caught:
        keyed(ANSWERS, noise)
    assert (caught.value.reason, caught.value.where) == ("key_not_read", "key.png")
