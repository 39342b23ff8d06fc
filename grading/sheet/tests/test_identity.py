import numpy as np
import pytest

from grading.sheet.identity import identify
from grading.sheet.interpret import MARKS, NUMERALS
from grading.sheet.tests.test_interpret import SURE, boxes, cell, columns


def unsure(text: str, place: int, maybe: str, top: float = 0.6) -> np.ndarray:
    """Written digits of which one is read as `maybe`, with little certainty, the right one being next."""
    cells = boxes(text)
    cells[place] = cell(NUMERALS, maybe, top)
    cells[place, int(text[place])] = 0.3
    return cells


@pytest.mark.parametrize(
    ("bubbled", "written", "number", "reason"),
    [
        ("1234", "1234", "1234", ""),
        ("1234", "    ", "1234", ""),
        ("    ", "1234", "1234", ""),
        ("12 4", "1234", "1234", ""),
        ("123 ", "123 ", "123", ""),
        ("    ", "    ", "", "student_missing"),
        ("1234", "1534", "1234", "student_disagrees"),
        ("1 34", "1 34", "134", "student_unreadable"),
        ("1234", "1#34", "1234", "student_unreadable"),
    ],
)
def test_bubbled_and_written_numbers_are_checked_against_each_other(bubbled, written, number, reason):
    found = identify(columns(bubbled), boxes(written), "", SURE)
    assert (found.number, found.reason) == (number, reason)


def test_an_unsure_written_digit_does_not_object_to_a_sure_bubble():
    assert identify(columns("1234"), unsure("1234", 1, "7"), "", SURE).reason == ""
    assert identify(columns("    "), unsure("1234", 1, "7"), "", SURE).reason == "student_unreadable"


def unsure_bubbles(text: str, place: int, top: float) -> np.ndarray:
    cells = columns(text)
    cells[place, int(text[place])] = cell(MARKS, "filled", top) * [1, 1, 0, 0, 0, 1, 1]
    return cells


def test_two_channels_that_are_each_unsure_can_be_sure_together():
    written = boxes("1234")
    written[2] = cell(NUMERALS, "3", 0.97)
    assert identify(unsure_bubbles("1234", 2, 0.95), boxes("    "), "", SURE).reason == "student_unreadable"
    assert identify(columns("    "), written, "", SURE).reason == "student_unreadable"
    assert identify(unsure_bubbles("1234", 2, 0.95), written, "", SURE).reason == ""


def test_two_unsure_channels_that_disagree_stay_unsure():
    written = boxes("1284")
    written[2] = cell(NUMERALS, "8", 0.97)
    found = identify(unsure_bubbles("1234", 2, 0.95), written, "", SURE)
    assert found.reason == "student_unreadable"


def test_a_printed_number_stands_unless_the_student_surely_says_otherwise():
    assert identify(columns("    "), boxes("    "), "1234", SURE).number == "1234"
    assert identify(columns("12  "), boxes("1234"), "1234", SURE).reason == ""
    assert identify(columns("1235"), boxes("    "), "1234", SURE).reason == "student_disagrees"
    assert identify(columns("1235"), boxes("    "), "K-1234", SURE).reason == ""


def test_a_group_is_filled_up_with_zeros_where_schools_count_so():
    found = identify(columns("3 17 "), boxes("3 17 "), "", SURE, groups=(1, 2, 2))
    assert (found.number, found.reason) == ("30107", "")
    assert (
        identify(columns("3  17"), boxes("3  17"), "", SURE, groups=(1, 2, 2)).reason == "student_unreadable"
    )


ROSTER = ["1233", "1234", "1299", "5678"]


def test_a_roster_decides_what_an_unsure_digit_is():
    written = unsure("1234", 1, "7")
    assert identify(columns("    "), written, "", SURE).reason == "student_unreadable"
    found = identify(columns("    "), written, "", SURE, roster=ROSTER)
    assert (found.number, found.reason) == ("1234", "")


def test_a_roster_never_decides_between_two_of_its_own():
    found = identify(columns("    "), unsure("1234", 3, "3"), "", SURE, roster=ROSTER)
    assert found.reason == "student_unreadable"


@pytest.mark.parametrize("text", ["1254", "9234", "4321"])
def test_a_sure_digit_that_no_number_of_the_roster_has_is_not_bent_to_fit(text):
    found = identify(columns("    "), unsure(text, 1, "7"), "", SURE, roster=ROSTER)
    assert found.reason == "student_unreadable"


def test_a_number_that_was_read_with_certainty_stands_whatever_the_roster_says():
    assert identify(columns("    "), boxes("1235"), "", SURE, roster=ROSTER).number == "1235"


def test_a_roster_says_nothing_of_a_number_with_a_gap():
    written = unsure("1234", 1, "7")
    written[2] = cell(NUMERALS, "blank")
    assert identify(columns("    "), written, "", SURE, roster=ROSTER).reason == "student_unreadable"
