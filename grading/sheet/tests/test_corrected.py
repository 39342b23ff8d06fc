"""What a correction says of the cells, and what it does not."""

import numpy as np
import pytest

from ..boxes import bubble
from ..corrected import labels_of_item
from ..interpret import LETTERS, MARKS, NUMERALS

OPTIONS = [bubble(1, 0, option, 10.0, 10.0) for option in "ABC"]


def said(classes: tuple[str, ...], *names: str, share: float = 0.98) -> np.ndarray:
    """What a reader said of cells: each surely this."""
    rows = np.full((len(names), len(classes)), (1 - share) / (len(classes) - 1), np.float32)
    for row, name in zip(rows, names, strict=True):
        row[classes.index(name)] = share
    return rows


def of_choice(value: str, *read: str, ink: str = "") -> list[str]:
    has_ink = np.array([name != "empty" or option in ink for name, option in zip(read, "ABC", strict=True)])
    return labels_of_item("choice", value, OPTIONS, said(MARKS, *read), has_ink)


@pytest.mark.parametrize(
    ("value", "read", "shown"),
    [
        ("B", ("empty", "tick", "empty"), ["empty", "tick", "empty"]),
        ("A,B", ("filled", "cross", "empty"), ["filled", "cross", "empty"]),
        ("", ("empty", "empty", "empty"), ["empty", "empty", "empty"]),
        ("B", ("empty", "scribbled", "empty"), ["empty", "filled", "empty"]),  # nothing else it could be
    ],
)
def test_what_is_meant_is_marked_and_what_was_empty_is_empty(value, read, shown):
    assert of_choice(value, *read) == shown


@pytest.mark.parametrize(
    ("value", "read", "shown"),
    [
        ("A", ("filled", "filled", "empty"), ["filled", "", "empty"]),  # rubbed out, or overruled
        ("A", ("filled", "cancelled", "empty"), ["filled", "", "empty"]),
        ("", ("filled", "empty", "empty"), ["", "empty", "empty"]),
        ("B", ("filled", "cancelled", "empty"), ["", "", "empty"]),  # was one meant again?
    ],
)
def test_of_a_mark_that_is_not_meant_nothing_is_said(value, read, shown):
    assert of_choice(value, *read) == shown


def test_a_mark_that_was_overseen_is_learned_and_one_that_is_nowhere_is_not():
    assert of_choice("A", "empty", "empty", "empty", ink="A") == ["filled", "empty", "empty"]
    assert of_choice("A", "empty", "filled", "empty") == ["", "", ""]  # it stands beside the row


def test_of_a_bubble_that_may_be_withdrawn_nobody_says_that_it_is_empty():
    rows = said(MARKS, "filled", "empty", "empty")
    rows[1] = [0.6, 0.05, 0.05, 0.05, 0.05, 0.1, 0.1]
    has_ink = np.array([True, False, False])
    assert labels_of_item("choice", "A", OPTIONS, rows, has_ink) == ["filled", "", "empty"]


def of_number(value: str, *read: str) -> list[str]:
    return labels_of_item("number", value, [], said(NUMERALS, *read), np.zeros(len(read), bool))


@pytest.mark.parametrize(
    ("value", "read", "shown"),
    [
        ("17", ("7", "1", "blank"), ["1", "7", "blank"]),
        ("-3", ("-", "other", "blank"), ["-", "3", "blank"]),
        ("1.5", ("1", ",", "5"), ["1", ",", "5"]),
        ("1.5", ("1", "4", "5"), ["1", "", "5"]),  # a point or a comma
        ("12", ("1", "blank", "blank"), ["", "", ""]),
        ("12", ("1", "7", "2"), ["", "", ""]),  # which of them was struck through?
        ("", ("blank", "blank"), ["blank", "blank"]),
        ("", ("3", "blank"), ["", ""]),
    ],
)
def test_boxes_are_known_where_as_many_are_written_as_the_number_has_characters(value, read, shown):
    assert of_number(value, *read) == shown


def test_rows_from_before_there_was_a_comma_are_understood():
    rows = said(NUMERALS, "7", "blank")[:, :14]
    assert labels_of_item("number", "1", [], rows, np.zeros(2, bool)) == ["1", "blank"]


@pytest.mark.parametrize(
    ("value", "read", "shown"),
    [("B", "D", "B"), ("B", "other", "B"), ("B", "blank", ""), ("", "other", "other"), ("", "D", "")],
)
def test_a_letter_is_what_a_person_reads_if_something_is_written(value, read, shown):
    assert labels_of_item("letter", value, [], said(LETTERS, read), np.zeros(1, bool)) == [shown]


def of_columns(value: str, *columns: str) -> list[str]:
    """Columns of the bubbles 1, 2 and 3, each with what is marked in it."""
    fields = [bubble(1, part, option, 10.0, 10.0) for part in range(len(columns)) for option in "123"]
    read = ["filled" if option in marked else "empty" for marked in columns for option in "123"]
    rows = said(MARKS, *read)
    return labels_of_item("digits_grid", value, fields, rows, np.array([name != "empty" for name in read]))


def test_columns_are_known_where_as_many_are_marked_as_the_number_has_digits():
    assert of_columns("3", "", "3") == ["empty", "empty", "empty", "empty", "empty", "filled"]
    assert of_columns("12", "13", "2") == ["filled", "empty", "", "empty", "filled", "empty"]
    assert of_columns("12", "1", "") == of_columns("1", "1", "2") == of_columns("97", "1", "2") == [""] * 6
