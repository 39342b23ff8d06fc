"""A key as it is typed or pasted."""

import time

import pytest

from grading.key.answers import Asked, Problem, possible, read_cell
from grading.key.text import read_key

LABELS = {"A": "ABCDE", "ㄱ": "ㄱㄴㄷㄹㅁ", "가": "가나다라마", "5": "12345", "ten": [*"123456789", "10"]}


def asked(count, labels="5", kind="choice"):
    return [Asked(number, kind, tuple(LABELS[labels])) for number in range(1, count + 1)]


def answers(text, items):
    read = read_key(text, items)
    assert not read.problems, read.problems
    return [read.answers[item.number].answer if item.number in read.answers else "" for item in items]


def problems(text, items):
    read = read_key(text, items)
    return [(problem.code, problem.item, dict(problem.words)) for problem in read.problems]


@pytest.mark.parametrize(
    "text",
    [
        "3 1 5 2 4",
        "3,1,5,2,4",
        "3, 1, 5, 2, 4,",
        "3;1;5;2;4",
        "3\t1\t5\t2\t4",
        "3\n1\n5\n2\n4\n",
        "3\r\n1\r\n5\r\n2\r\n4",
        "31524",
        "315 24",
        "③①⑤②④",
        "③ ① ⑤ ② ④",
        "❸ ➀ ➎ 2 4",
        "３，１，５，２，４",
        "３１５２４",
        "(3) (1) [5] ⑵ 4",
        "1. 3 2. 1 3. 5 4. 2 5. 4",
        "1.3 2.1 3.5 4.2 5.4",
        "1)3 2)1 3)5 4)2 5)4",
        "1) ③\n2) ①\n3) ⑤\n4) ②\n5) ④",
        "1번 ③ 2번 ① 3번 ⑤ 4번 ② 5번 ④",
        "1번: 3, 2번: 1, 3번: 5, 4번: 2, 5번: 4",
        "1:3 2:1 3:5 4:2 5:4",
        "5:4 3:5 1:3 2:1 4:2",
        "1-③ 2-① 3-⑤ 4-② 5-④",
        "1=3 2=1 3=5 4=2 5=4",
        "1: 3 1 5 4: 2 4",
        "1\t3\n2\t1\n3\t5\n4\t2\n5\t4",
        "번호\t정답\n1\t3\n2\t1\n3\t5\n4\t2\n5\t4",
        "문항 1 2 3 4 5\n정답 3 1 5 2 4",
        "1\t2\t3\t4\t5\n3\t1\t5\t2\t4",
        "1 2 3\n3 1 5\n4 5\n2 4",
        "1 3 4 2\n2 1 5 4\n3 5",
        "정답\n3\n1\n5\n2\n4",
        "(1) 3 (2) 1 (3) 5 (4) 2 (5) 4",
        "Q1. 3 Q2. 1 Q3. 5 Q4. 2 Q5. 4",
        "1~3 315\n4~5번: ② ④",
        "1-3: 3 1 5, 4-5: 2 4",
    ],
)
def test_a_key_is_read_however_its_answers_are_parted(text):
    assert answers(text, asked(5)) == ["3", "1", "5", "2", "4"]


@pytest.mark.parametrize(
    ("text", "labels", "found"),
    [
        ("A B C", "A", ["A", "B", "C"]),
        ("abc", "A", ["A", "B", "C"]),
        ("Ⓐ ⓑ Ｃ", "A", ["A", "B", "C"]),
        ("ㄱㄴㄷ", "ㄱ", ["ㄱ", "ㄴ", "ㄷ"]),
        ("㉠ ㉡ ㉢", "ㄱ", ["ㄱ", "ㄴ", "ㄷ"]),
        ("가,나,다", "가", ["가", "나", "다"]),
        ("㉮㉯㉰", "가", ["가", "나", "다"]),
        ("10 1 ⑩", "ten", ["10", "1", "10"]),
    ],
)
def test_options_are_those_of_the_exam_in_any_width_and_case(text, labels, found):
    assert answers(text, asked(3, labels)) == found


def test_commas_part_the_answers_of_twenty_items():
    assert answers(",".join("12345" * 4), asked(20)) == list("12345" * 4)


def test_several_right_options_are_one_of_them_or_all_of_them():
    read = read_key("1/3 1+3 1,3 2", asked(4))
    found = [(read.answers[number].answer, read.answers[number].any_of) for number in range(1, 5)]
    assert found == [(["1", "3"], True), (["1", "3"], False), (["1", "3"], False), ("2", False)]
    assert answers("1 / 3, 2, ① + ⑤", asked(3)) == [["1", "3"], "2", ["1", "5"]]


def test_what_is_not_known_yet_is_said_or_left_empty_between_others():
    assert answers("3 ? _ 2", asked(4)) == ["3", "", "", "2"]
    assert answers("3,,1,2", asked(4)) == ["3", "", "1", "2"]
    assert answers("3\n\n1\n2", asked(4)) == ["3", "", "1", "2"]
    assert answers("  \n ", asked(4)) == [""] * 4
    assert answers("3?12", asked(4)) == ["3", "", "1", "2"]


def test_written_numbers_have_signs_and_decimals():
    items = [Asked(number, "number", digits=5) for number in (1, 2, 3)]
    assert answers("12.5 -7 1,5", items) == ["12.5", "-7", "1,5"]
    assert answers("12,7,5", items) == ["12", "7", "5"]
    assert answers("1) 1.5 2) −2 3) ７/8", items) == ["1.5", "-2", ["7", "8"]]
    assert answers("407 12 3", [Asked(number, "digits_grid", digits=3) for number in (1, 2, 3)]) == [
        "407",
        "12",
        "3",
    ]


def test_true_and_false_are_written_in_many_ways():
    items = asked(6, kind="ox")
    assert answers("O x ○ × true F", items) == ["O", "X", "O", "X", "O", "X"]
    assert answers("OXXOOX", items) == ["O", "X", "X", "O", "O", "X"]
    assert answers("○×××○○", items) == ["O", "X", "X", "X", "O", "O"]


@pytest.mark.parametrize(
    ("text", "count", "given"),
    [("3 1 5", 20, 3), ("3,1,5", 20, 3), ("315", 20, 3), (",".join("1" * 19), 20, 19), ("1" * 19, 20, 19)],
)
def test_too_few_answers_are_counted(text, count, given):
    words = {"given": given, "wanted": count, "difference": count - given}
    assert problems(text, asked(count)) == [("too_few", None, words)]


def test_too_many_answers_are_counted():
    words = {"given": 6, "wanted": 5, "difference": 1}
    assert problems("1 2 3 4 5 1", asked(5)) == [("too_many", None, words)]


def test_an_option_that_does_not_exist_is_said_with_its_item():
    assert problems("3 7 5 9", asked(4)) == [
        ("impossible", 2, {"answer": "7"}),
        ("impossible", 4, {"answer": "9"}),
    ]
    assert problems("37", asked(2)) == [("impossible", 2, {"answer": "7"})]
    assert problems("1+7 - x 1", asked(4)) == [
        ("impossible", 1, {"answer": "7"}),
        ("impossible", 2, {"answer": "-"}),
        ("impossible", 3, {"answer": "x"}),
    ]


def test_items_that_are_named_are_all_there_once():
    assert problems("1:3 2:5 9:1", asked(3)) == [("outside", None, {"number": 9, "first": 1, "last": 3})]
    assert problems("1:3 1:5 2:1", asked(3)) == [("twice", 1, {})]
    assert problems("1:3 7:5", asked(9)) == [("missing", None, {"items": "2–6, 8–9"})]


def test_what_can_be_meant_in_two_ways_is_asked():
    odd = [Asked(number, "choice", ("1", "2", "1-2", "2-1")) for number in (1, 2)]
    assert problems("1-2 2-1", odd) == [("ambiguous", 1, {"one": "1-2", "other": "2"})]
    assert answers("12 21", [Asked(number, "choice", ("1", "2", "12", "21")) for number in (1, 2)]) == [
        "12",
        "21",
    ]


def test_one_of_them_and_all_of_them_are_not_mixed():
    assert problems("1/2 1+2/3", asked(2)) == [("mixed", 2, {})]


def test_one_answer_is_all_that_others_than_choices_take():
    assert read_cell("O+X", Asked(1, "ox")) == Problem("one_only", 1, {"answer": "O+X"})
    assert read_cell("7/8", Asked(1, "number")).answer == ["7", "8"]
    assert not read_cell("7/8", Asked(1, "number")).any_of


def test_an_option_twice_in_one_answer_is_no_answer():
    assert read_cell("1/1", Asked(1, "choice", "123")) == Problem("impossible", 1, {"answer": "1/1"})
    assert read_cell("/", Asked(1, "choice", "123")) == Problem("impossible", 1, {"answer": "/"})


def test_words_over_columns_are_options_where_an_exam_has_them():
    items = [Asked(number, "choice", ("Yes", "No")) for number in (1, 2)]
    assert answers("yes no", items) == ["Yes", "No"]


def test_options_that_differ_in_case_alone_are_told_apart():
    item = Asked(1, "choice", ("a", "A"))
    assert (possible(item, "a"), possible(item, "A"), possible(Asked(1, "choice", ("a", "A", "b")), "B")) == (
        "a",
        "A",
        "b",
    )


@pytest.mark.parametrize(
    "text",
    ["9" * 9000, "1 " * 5000, "\n" * 10_000 + "1", "1:" * 5000, "\t" * 10_000, "/" * 9000]
    + ["1" + blank * 100_000 + "2" for blank in "\t\n"],
)
def test_a_long_text_takes_no_time_that_grows_with_its_square(text):
    start = time.process_time()
    read_key(text, asked(20))
    assert time.process_time() - start < 20  # minutes otherwise, and a blink so
