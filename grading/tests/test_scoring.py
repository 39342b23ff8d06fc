from decimal import Decimal

import pytest

from grading.scoring import as_number, points_for


def points(kind, value, key, **more):
    return points_for(kind=kind, value=value, key=key, points=Decimal(2), **more)


@pytest.mark.parametrize(
    ("kind", "value", "key", "is_right"),
    [
        ("choice", "3", "3", True),
        ("choice", "4", "3", False),
        ("choice", "", "3", False),
        ("choice", "3,4", "3", False),
        ("choice", "1,3", ["3", "1"], True),
        ("choice", "1", ["1", "3"], False),
        ("choice", "1,2,3", ["1", "3"], False),
        ("ox", "O", "O", True),
        ("ox", "X", "O", False),
        ("number", "007", "7", True),
        ("number", "1.50", "1,5", True),
        ("number", "-12.5", "-12.5", True),
        ("number", "12.5", "-12.5", False),
        ("number", "8", ["7", "8"], True),
        ("number", "-", "7", False),
        ("digits_grid", "07", "7", True),
        ("letter", "B", "b", True),
        ("letter", "B", ["A", "B"], True),
        ("letter", "C", "B", False),
    ],
)
def test_an_answer_is_worth_all_or_nothing(kind, value, key, is_right):
    assert points(kind, value, key) == (2 if is_right else 0)


def test_any_one_of_several_options_may_be_right():
    assert points("choice", "3", ["1", "3"], any_of=True) == 2
    assert points("choice", "1,3", ["1", "3"], any_of=True) == 0


def test_numbers_within_the_tolerance_are_right():
    assert points("number", "3.1", "3.14", tolerance=Decimal("0.05")) == 2
    assert points("number", "3.2", "3.14", tolerance=Decimal("0.05")) == 0


def test_an_item_without_a_key_is_worth_nothing_yet():
    assert points("choice", "3", "") == 0


@pytest.mark.parametrize(("value", "worth"), [("1.5", "1.5"), ("5", "2"), ("", "0")])
def test_a_written_answer_is_worth_what_the_teacher_gives_up_to_its_points(value, worth):
    assert points("open", value, "") == Decimal(worth)


@pytest.mark.parametrize("text", ["", "-", ".", "1-2", "1.2.3", "x", "1e5", "٣x"])
def test_what_is_no_number_is_none(text):
    assert as_number(text) is None
