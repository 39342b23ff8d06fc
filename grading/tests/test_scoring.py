from decimal import Decimal

import pytest

from grading.scoring import as_number, most_for, points_for, total_of


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


PARTIAL = [
    # what is marked of 1+2+3 → all or nothing, each right one, right less wrong
    ("1,2,3", 2, 2, 2),
    ("1,2", 0, "1.33", "1.33"),
    ("1,2,4", 0, "1.33", "0.67"),
    ("1,4,5", 0, "0.67", 0),
    ("4", 0, 0, 0),
    ("", 0, 0, 0),
]


@pytest.mark.parametrize(("value", "nothing", "each", "less_wrong"), PARTIAL)
def test_several_options_are_worth_their_shares(value, nothing, each, less_wrong):
    rules = [{}, {"partial": "each"}, {"partial": "right_minus_wrong"}]
    worth = [points("choice", value, ["1", "2", "3"], marking=rule) for rule in rules]
    assert worth == [Decimal(str(one)) for one in (nothing, each, less_wrong)]


def test_wrong_ones_take_away_down_to_the_least():
    rule = {"partial": "right_minus_wrong", "least": -1}
    assert points("choice", "1,3,4,5", ["1", "2"], marking=rule) == -1
    assert points("choice", "1,3,4,5", ["1", "2"], marking=rule | {"least": -5}) == -2
    assert points("choice", "1,3,4,5", ["1", "2"], marking={"partial": "right_minus_wrong"}) == 0


def test_a_wrong_answer_and_none_may_cost_points():
    rule = {"incorrect": -0.5, "unmarked": -0.25}
    assert [points("choice", value, "3", marking=rule) for value in ("3", "4", "")] == [
        2,
        Decimal("-0.5"),
        Decimal("-0.25"),
    ]


def test_options_have_weights_of_their_own():
    rule = {"weights": {"2": 0.5, "4": -1}, "incorrect": -0.25}
    worth = [float(points("choice", value, "3", marking=rule)) for value in ("3", "2", "4", "1", "2,4")]
    assert worth == [2, 0.5, -1, -0.25, -0.25]
    added = {"weights": {"1": 0.5, "2": 1, "5": -2}}
    several = [
        float(points("choice", value, ["1", "2"], marking=added)) for value in ("1,2", "2", "2,5", "3")
    ]
    assert several == [2, 1, -1, 0]
    assert points("choice", "2,5", ["1", "2"], marking=added | {"least": 0}) == 0


def test_an_item_is_everyones_counts_for_nothing_or_is_on_top():
    def told(counts, value):
        rule = {"counts": counts}
        most = most_for(kind="choice", key="3", points=Decimal(2), marking=rule)
        return points("choice", value, "3", marking=rule), most

    assert [told("for_everyone", value) for value in ("3", "1", "")] == [(2, 2)] * 3
    assert [told("left_out", value) for value in ("3", "1", "")] == [(0, 0)] * 3
    assert [told("bonus", value) for value in ("3", "1", "")] == [(2, 0), (0, 0), (0, 0)]


@pytest.mark.parametrize(
    ("value", "key", "is_right"),
    [
        ("0.5", "1/2", True),
        ("1/2", "0.5", True),
        ("2/4", "1/2", True),
        ("-.75", "-3/4", True),
        ("0.33", "1/3", False),
        ("1/0", "1/2", False),
        ("1/2/3", "1/2", False),
    ],
)
def test_fractions_are_numbers(value, key, is_right):
    assert points("number", value, key) == (2 if is_right else 0)


def test_a_fraction_may_be_written_within_the_tolerance():
    assert points("number", "0.33", "1/3", tolerance=Decimal("0.005")) == 2


@pytest.mark.parametrize(
    ("worth", "step", "never_negative", "score"),
    [
        ("12.34", "", False, "12.34"),
        ("12.34", "0.1", False, "12.30"),
        ("12.35", "0.1", False, "12.40"),
        ("12.25", "0.5", False, "12.50"),
        ("12.5", "1", False, "13"),
        ("-1.25", "", False, "-1.25"),
        ("-1.25", "1", True, "0"),
    ],
)
def test_totals_are_rounded_and_need_not_go_below_0(worth, step, never_negative, score):
    assert total_of(Decimal(worth), step=step, is_never_negative=never_negative) == Decimal(score)


def test_an_item_without_a_key_is_worth_nothing_yet():
    assert points("choice", "3", "") == 0


@pytest.mark.parametrize(("value", "worth"), [("1.5", "1.5"), ("5", "2"), ("", "0")])
def test_a_written_answer_is_worth_what_the_teacher_gives_up_to_its_points(value, worth):
    assert points("open", value, "") == Decimal(worth)


@pytest.mark.parametrize("text", ["", "-", ".", "1-2", "1.2.3", "x", "1e5", "٣x"])
def test_what_is_no_number_is_none(text):
    assert as_number(text) is None
