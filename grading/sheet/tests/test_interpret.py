import numpy as np
import pytest

from grading.sheet.interpret import (
    LETTERS,
    MARKS,
    NUMERALS,
    Thresholds,
    read_grid,
    read_item,
    read_letter,
    read_number,
    read_options,
)

CERTAIN = 0.99
LABELS = "ABCDE"
SURE = Thresholds(CERTAIN, CERTAIN, CERTAIN)


def cell(classes, name: str, top: float = 0.999) -> np.ndarray:
    """Probabilities with `top` on one class; the rest is shared."""
    cells = np.full(len(classes), (1 - top) / (len(classes) - 1), np.float32)
    cells[classes.index(name)] = top
    return cells


def row(*names: str, top: float = 0.999) -> np.ndarray:
    return np.stack([cell(MARKS, name, top) for name in names])


def boxes(text: str, top: float = 0.999) -> np.ndarray:
    names = {" ": "blank", "#": "other"}
    return np.stack([cell(NUMERALS, names.get(letter, letter), top) for letter in text])


def columns(text: str) -> np.ndarray:
    """Bubbled digits; " " is a column without a mark."""
    return np.stack([row(*("filled" if str(d) == digit else "empty" for d in range(10))) for digit in text])


@pytest.mark.parametrize("mark", ["filled", "cross", "tick", "circle"])
def test_one_clear_mark_of_any_kind_is_certain(mark):
    reading = read_options(row("empty", mark, "empty", "empty", "empty"), LABELS, False, CERTAIN)
    assert (reading.value, reading.state, reading.reason) == ("B", "certain", "")
    assert reading.confidence > 0.98


def test_a_row_that_is_surely_empty_is_certainly_nothing():
    reading = read_options(row(*["empty"] * 5), LABELS, False, CERTAIN)
    assert (reading.value, reading.state) == ("", "certain")


def test_two_marks_are_a_doubt_on_a_one_answer_item_and_an_answer_on_another():
    cells = row("filled", "empty", "tick", "empty", "empty")
    assert read_options(cells, LABELS, False, CERTAIN).reason == "two_marks"
    several = read_options(cells, LABELS, True, CERTAIN)
    assert (several.value, several.state) == ("A,C", "certain")


@pytest.mark.parametrize(
    ("withdrawn", "reason"), [("cancelled", "cancelled_mark"), ("scribbled", "scribbled")]
)
def test_a_withdrawn_mark_leaves_the_clear_one_but_a_person_looks(withdrawn, reason):
    reading = read_options(row(withdrawn, "empty", "filled", "empty", "empty"), LABELS, False, CERTAIN)
    assert (reading.value, reading.reason) == ("C", reason)


def test_one_unsure_cell_leaves_the_row_open():
    cells = row("filled", "empty", "empty", "empty", "empty")
    cells[3] = cell(MARKS, "empty", 0.9)
    reading = read_options(cells, LABELS, False, CERTAIN)
    assert (reading.value, reading.reason) == ("A", "faint_mark")
    assert reading.confidence < 0.91


def test_beside_a_sure_mark_an_empty_bubble_needs_less_but_alone_it_does_not():
    cells = row("filled", "empty", "empty", "empty", "empty")
    cells[3] = cell(MARKS, "empty", 0.97)
    assert read_options(cells, LABELS, False, CERTAIN).state == "certain"
    assert read_options(cells, LABELS, True, CERTAIN).reason == "faint_mark"
    cells[0] = cell(MARKS, "empty")
    assert read_options(cells, LABELS, False, CERTAIN).reason == "faint_mark"


def test_a_mark_that_is_not_sure_leaves_the_row_open():
    cells = row("filled", "empty", "empty", "empty", "empty")
    cells[0] = cell(MARKS, "filled", 0.97) * [1, 1, 0, 0, 0, 1, 1]
    assert read_options(cells, LABELS, False, CERTAIN).reason == "faint_mark"


def test_marks_share_their_probability_between_the_kinds_of_marks():
    cells = row("filled", "empty", "empty", "empty", "empty")
    cells[0] = [0.0, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0]
    assert read_options(cells, LABELS, False, CERTAIN).state == "certain"


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("123", "123", ""),
        (" 7 ", "7", ""),
        ("-12.5", "-12.5", ""),
        ("   ", "", ""),
        ("1 3", "13", "gap"),
        ("1#3", "13", "not_a_digit"),
        ("1-3", "1-3", "not_a_number"),
        ("1..", "1..", "not_a_number"),
        ("-  ", "-", "not_a_number"),
    ],
)
def test_numbers_are_read_as_they_are_written(text, value, reason):
    reading = read_number(boxes(text), CERTAIN)
    assert (reading.value, reading.reason) == (value, reason)


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("1,234", "1234", ""),
        ("-12,000.5", "-12000.5", ""),
        ("12,5", "12.5", "comma"),
        ("1,23", "1.23", "comma"),
        ("1234,567", "1234.567", "comma"),
        ("1,2,3", "1.2.3", "not_a_number"),
    ],
)
def test_commas_part_thousands_and_any_other_one_is_for_a_person(text, value, reason):
    reading = read_number(boxes(text), CERTAIN)
    assert (reading.value, reading.reason) == (value, reason)


def test_an_unsure_digit_leaves_the_number_open():
    cells = boxes("123")
    cells[1] = cell(NUMERALS, "2", 0.8)
    assert read_number(cells, CERTAIN).reason == "unsure_digit"


@pytest.mark.parametrize(
    ("text", "value", "reason"), [("07", "07", ""), (" 7", "7", ""), ("  ", "", ""), ("1 2", "12", "gap")]
)
def test_bubbled_numbers_are_read_column_by_column(text, value, reason):
    reading = read_grid(columns(text), CERTAIN)
    assert (reading.value, reading.reason) == (value, reason)


def test_two_marks_in_a_column_are_a_doubt():
    cells = columns("12")
    cells[1, 5] = cell(MARKS, "filled")
    assert (read_grid(cells, CERTAIN).value, read_grid(cells, CERTAIN).reason) == ("1?", "two_marks")


@pytest.mark.parametrize(
    ("name", "top", "value", "reason"),
    [
        ("B", 0.999, "B", ""),
        ("blank", 0.999, "", ""),
        ("B", 0.8, "B", "unsure_letter"),
        ("other", 0.999, "", "not_a_letter"),
    ],
)
def test_a_letter_is_read_or_left_open(name, top, value, reason):
    reading = read_letter(cell(LETTERS, name, top), CERTAIN)
    assert (reading.value, reading.reason) == (value, reason)


def test_a_written_answer_always_waits_for_a_person():
    assert read_item("open", np.zeros((0, 7)), (), False, SURE).reason == "open_answer"
