"""Signs between digits, blots beside them, and pages that lie any way."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ml.digits.reader import DigitReader
from ml.writing.candidates import candidate_of, with_doubtful_rests
from ml.writing.ink import Ink
from ml.writing.pieces import Piece
from ml.writing.signs import Sign
from tests.support.strokes import Page, written

HIGH, WIDTH = 90, 8
PITCH = 0.58 + 0.45  # of the height, from digit to digit


def place(n: int) -> int:
    """Where the n-th place of a row begins."""
    return round(HIGH * (1 + n * PITCH))


def with_sign(text: str) -> Page:
    """Digits of strokes with signs drawn between them."""
    page = written("".join(one if one.isdigit() else " " for one in text), high=HIGH, width=WIDTH)
    foot, middle = 2 * HIGH, round(1.5 * HIGH)
    for n, one in enumerate(text):
        left = place(n)
        if one in "-+":
            cv2.line(page, (left, middle), (left + 40, middle), 40, WIDTH)
        if one == "+":
            cv2.line(page, (left + 20, middle - 20), (left + 20, middle + 20), 40, WIDTH)
        if one == "=":
            cv2.line(page, (left, middle - 10), (left + 40, middle - 10), 40, WIDTH)
            cv2.line(page, (left, middle + 12), (left + 40, middle + 12), 40, WIDTH)
        if one == ".":
            cv2.circle(page, (left + 24, foot - 3), 7, 40, -1)
        if one == ",":
            cv2.line(page, (left + 28, foot - 4), (left + 18, foot + 22), 40, WIDTH)
        if one == "/":
            cv2.line(page, (left + 2, foot + 10), (left + 50, HIGH - 10), 40, WIDTH)
    return page


@pytest.mark.parametrize("text", ["-5", "-12", "3.14", "2,5", "3/4", "7+2", "25-4", "2+3=5", "-7.5"])
def test_signs_are_read_where_they_stand_between_digits(digits: DigitReader, text):
    assert digits.read(with_sign(text)).text == text


def test_a_small_picture_of_one_digit_keeps_its_minus(digits: DigitReader):
    """Of a picture that shows one digit all else may be dirt, but not this."""
    small = cv2.resize(with_sign("-5"), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    assert max(small.shape) <= 200 and digits.read(small).text == "-5"


@pytest.mark.parametrize("reach", [2, 5])
def test_nobody_is_sure_whether_a_straight_stroke_that_is_hardly_taller_is_a_slash(
    digits: DigitReader, reach: int
):
    page = with_sign("3 4")
    left = place(1)
    cv2.line(page, (left + 6, 2 * HIGH + reach), (left + 38, HIGH - reach), 40, WIDTH, cv2.LINE_AA)
    answer = digits.read(page)
    assert answer.text == "3/4" or not answer.is_certain


@pytest.mark.parametrize("minutes", ["45", "30"])
def test_the_lower_dot_of_a_colon_is_not_surely_a_point(digits: DigitReader, minutes: str):
    page = np.full((260, 400), 255, np.uint8)
    for text, left in (("9", 30), (minutes, 133)):
        cv2.putText(page, text, (left, 180), cv2.FONT_HERSHEY_SIMPLEX, 3.2, 0, 5, cv2.LINE_AA)
    for y in (175, 138):
        cv2.circle(page, (114, y), 5, 0, -1, cv2.LINE_AA)
    assert not digits.read(page).is_certain


def test_brackets_around_a_number_are_not_surely_ones(digits: DigitReader):
    page = with_sign(" 42 ")
    for x, turn in ((place(0) + 30, 90), (place(3), -90)):
        cv2.ellipse(page, (x, round(1.5 * HIGH)), (58, 22), turn, 0, 180, 40, WIDTH, cv2.LINE_AA)
    answer = digits.read(page)
    assert answer.text == "42" or not answer.is_certain


def test_the_rings_of_a_percent_sign_are_not_surely_zeros(digits: DigitReader):
    page = with_sign("12  ")
    left, top = place(2), HIGH
    cv2.line(page, (left + 12, 2 * HIGH), (left + 52, top), 40, WIDTH, cv2.LINE_AA)
    for x, y in ((left + 10, top + 22), (left + 56, 2 * HIGH - 22)):
        cv2.ellipse(page, (x, y), (14, 20), 0, 0, 360, 40, 6, cv2.LINE_AA)
    answer = digits.read(page)
    assert answer.text == "12" or not answer.is_certain


def test_a_sign_has_a_value_a_probability_and_its_place(digits: DigitReader):
    answer = digits.read(with_sign("3.14"))
    (dot,) = answer.signs
    assert (dot["value"], dot["at"], dot["row"]) == (".", 1, 0) and dot["probability"] > 0.9
    assert len(answer.digits) == len(answer.frames) == 3


@pytest.mark.parametrize("y", [1.0, 1.4])
def test_a_dot_that_is_no_sign_is_shown_and_nobody_is_sure(digits: DigitReader, y):
    page = written("47", high=HIGH, width=WIDTH)
    cv2.circle(page, (place(1) - 20, round(y * HIGH)), 6, 40, -1)
    answer = digits.read(page)
    assert answer.text == "47" and not answer.is_certain
    assert [other["may_be_read"] for other in answer.others] == [True]


def test_where_the_pen_skipped_at_the_head_of_a_digit_nobody_is_less_sure(digits: DigitReader):
    page = written("17", high=HIGH, width=WIDTH)
    ink = np.flatnonzero((page[:, : place(1)] < 128).any(1))
    page[ink[0] + 10 : ink[0] + 14, : place(1)] = 240
    answer = digits.read(page)
    assert (answer.text, answer.is_certain) == (
        "17",
        digits.read(written("17", high=HIGH, width=WIDTH)).is_certain,
    )


def test_nobody_is_sure_of_a_point_that_may_be_left_of_a_printed_line():
    lines = np.zeros((60, 60), np.uint8)
    lines[35] = 255
    point = Piece(20, 30, np.full((10, 10), 255, np.uint8))
    read = [[candidate_of(Sign(point, ".", 0.99))]]
    with_line, without = (with_doubtful_rests(read, Ink(mask, mask)) for mask in (lines, lines * 0))
    assert (with_line[0][0].sign.probability, without[0][0].sign.probability) == (0.6, 0.99)


def test_a_blot_far_from_a_number_is_nothing(digits: DigitReader):
    page = np.full((700, 700), 240, np.uint8)
    page[: written("472", high=HIGH).shape[0], : written("472", high=HIGH).shape[1]] = written(
        "472", high=HIGH
    )
    sure = digits.read(page)
    cv2.circle(page, (400, 560), 17, 40, -1)
    answer = digits.read(page)
    assert answer.text == sure.text == "472" and answer.is_certain == sure.is_certain


@pytest.mark.parametrize("radius", [4, 15, 40])
def test_an_ink_dot_is_nothing(digits: DigitReader, radius):
    page = np.full((300, 300), 255, np.uint8)
    cv2.circle(page, (150, 150), radius, 0, -1)
    answer = digits.read(page)
    assert (answer.text, answer.digits, answer.is_certain) == ("", [], False)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_is_read_whichever_way_it_lies(digits: DigitReader, quarters):
    page = np.ascontiguousarray(np.rot90(written("4732", "254", high=HIGH, width=WIDTH), quarters))
    assert digits.read(page).text == "4732\n254"


@pytest.mark.parametrize("degrees", [-6, -3, 2, 5])
@pytest.mark.parametrize("is_squared", [False, True])
def test_printed_lines_are_taken_away_at_any_tilt(digits: DigitReader, degrees, is_squared):
    sheet = np.full((900, 1200), 240, np.uint8)
    lines = np.full((1800, 2400), 240, np.uint8)
    lines[::45], lines[1::45] = 150, 150
    if is_squared:
        lines[:, ::45], lines[:, 1::45] = 150, 150
    turn = cv2.getRotationMatrix2D((1200, 900), degrees, 1)
    lines = cv2.warpAffine(lines, turn, (2400, 1800), borderValue=240)[450:1350, 600:1800]
    page = written("472", "903", high=HIGH, width=WIDTH)
    sheet[200 : 200 + page.shape[0], 200 : 200 + page.shape[1]] = page
    assert digits.read(np.minimum(sheet, lines)).text == "472\n903"


def test_a_shadow_is_no_ink(digits: DigitReader):
    sheet = np.full((900, 1200), 240, np.uint8)
    page = written("472", high=HIGH, width=WIDTH)
    sheet[100 : 100 + page.shape[0], 100 : 100 + page.shape[1]] = page
    shadow = np.ones(sheet.shape, np.float32)
    cv2.fillPoly(shadow, [np.array([(310, 60), (1150, 300), (1100, 850), (500, 850)])], 0.55)
    answer = digits.read(np.uint8(sheet * cv2.GaussianBlur(shadow, (0, 0), 12)))
    assert answer.text == "472"


def test_small_pictures_are_read_wherever_the_digit_lies_in_them(digits: DigitReader):
    small = cv2.resize(written("7", high=90, width=8), (22, 24), interpolation=cv2.INTER_AREA)
    frame = np.full((28, 28), 255, np.uint8)
    frame[2:26, 1:23] = np.where(small > 230, 255, small)
    assert digits.read(frame).text == "7"


def printed(text: str, font: str, high: int = 100) -> Page:
    """In a typeface of the system; skipped where that is not there."""
    try:
        face = ImageFont.truetype(font, high)
    except OSError:
        pytest.skip(f"{font} is not installed")
    page = Image.new("L", (int(face.getlength(text)) + 2 * high, 3 * high), 255)
    ImageDraw.Draw(page).text((high, high), text, fill=0, font=face)
    return np.asarray(page)


@pytest.mark.parametrize(
    "text", ["3/4", "12/5", "3\\4", ">5", "7>5", "3!", "12!", "7?", "5°", "|5|", "3:4", "3*4", "~5"]
)
@pytest.mark.parametrize("font", ["DejaVuSans.ttf", "DejaVuSerif.ttf", "LiberationSansNarrow-Bold.ttf"])
def test_nobody_is_sure_of_a_printed_sign_that_looks_like_a_digit(digits: DigitReader, text: str, font: str):
    answer = digits.read(printed(text, font))
    assert answer.text == text or not answer.is_certain


@pytest.mark.parametrize("text", ["1107", "7171", "2026", "417"])
def test_printed_digits_stay_certain_beside_each_other(digits: DigitReader, text: str):
    answer = digits.read(printed(text, "DejaVuSans.ttf"))
    assert (answer.text, answer.is_certain) == (text, True)


@pytest.mark.parametrize(("text", "is_certain"), [("Total: 55 EUR", True), ("AB12 55", False)])
def test_a_word_beside_a_number_is_doubted_where_its_letters_look_like_clear_digits(
    digits: DigitReader, text: str, is_certain: bool
):
    answer = digits.read(printed(text, "DejaVuSans.ttf"))
    assert (answer.text, answer.is_certain) == ("55", is_certain)
