"""Digits in pictures of every kind: where they are, in reading order, and what is none."""

import cv2
import numpy as np
import pytest

from ml.digits.reader import DigitReader
from ml.writing.candidates import NO_DIGIT, Candidate, blank_frame, words_of
from ml.writing.pieces import Piece
from tests.support.strokes import Page, drawing, written


def negative(page: Page) -> Page:
    return np.asarray(255 - page, np.uint8)


def coloured(page: Page, ink: tuple[int, int, int], paper: tuple[int, int, int]) -> Page:
    """(h, w) -> (h, w, 3): what is dark in ink, what is light in paper."""
    share = ((240 - page.astype(np.float32)) / 200)[..., None].clip(0, 1)
    return np.asarray(share * np.array(ink) + (1 - share) * np.array(paper), np.uint8)


def lined(page: Page, every: int, level: int = 190, squared: bool = False) -> Page:
    """Printed lines under the writing."""
    ruled = page.copy()
    ruled[every // 2 :: every] = np.minimum(ruled[every // 2 :: every], level)
    if squared:
        ruled[:, every // 2 :: every] = np.minimum(ruled[:, every // 2 :: every], level)
    return ruled


def photographed(page: Page, seed: int = 0) -> Page:
    """In the light of a lamp at one side, a little blurred, with the noise of a phone."""
    high, wide = page.shape
    light = np.linspace(1.0, 0.45, wide)[None] * np.linspace(1.0, 0.75, high)[:, None]
    noise = np.random.default_rng(seed).normal(0, 6, page.shape)
    return np.clip(cv2.GaussianBlur(page, (0, 0), 1.2) * light + noise, 0, 255).astype(np.uint8)


def tilted(page: Page, degrees: float) -> Page:
    high, wide = page.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), degrees, 1)
    return np.asarray(cv2.warpAffine(page, turn, (wide, high), borderValue=240), np.uint8)


def scratched(page: Page) -> Page:
    """Strokes broken by thin gaps, as a dry pen leaves them."""
    broken = page.copy()
    for left in range(-page.shape[0], page.shape[1], 140):
        cv2.line(broken, (left, 0), (left + page.shape[0], page.shape[0]), 240, 3)
    return broken


def touching(text: str) -> Page:
    """As near to each other as makes them one piece of ink."""
    pages = (written(text, gap=gap / 100, high=90, width=9) for gap in range(0, -40, -1))
    return next(page for page in pages if cv2.connectedComponents(np.uint8(page < 140))[0] == 2)


def in_a_corner(page: Page) -> Page:
    sheet = np.full((900, 1200), 240, np.uint8)
    sheet[-page.shape[0] :, -page.shape[1] :] = page
    return sheet


PAGES = {
    "plain": written("0123456789"),
    "thin": written("0123456789", width=2),
    "thick": written("0123456789", width=11),
    "light on dark": negative(written("0123456789")),
    "faint": written("0123456789", ink=205),
    "red on yellow": coloured(written("0123456789"), (200, 30, 30), (250, 240, 180)),
    "blue on white": coloured(written("0123456789"), (30, 50, 170), (255, 255, 255)),
    "chalk on a board": coloured(negative(written("0123456789")), (30, 70, 50), (235, 235, 225)),
    "lined paper": lined(written("0123456789", high=90, width=8), 45),
    "squared paper": lined(written("0123456789", high=90, width=8), 30, squared=True),
    "a phone's photo": photographed(written("0123456789", high=90, width=8)),
    "slightly turned": tilted(written("0123456789"), 4),
    "strokes that break": scratched(written("0123456789", high=90, width=8)),
    "in a corner": in_a_corner(written("0123456789")),
    "large": written("0123456789", high=300, width=26),
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_ten_digits_in_a_row_are_read(digits: DigitReader, page: Page):
    assert digits.read(page).text == "0123456789"


@pytest.mark.parametrize("way", [lambda page: page, photographed, lambda page: lined(page, 54)])
def test_rows_are_read_from_top_to_bottom_each_from_left_to_right(digits: DigitReader, way):
    answer = digits.read(way(written("314", "15", "926")))
    assert answer.text == "314\n15\n926"
    assert [digit["row"] for digit in answer.digits] == [0, 0, 0, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("text", ["2 7", "5    5"])
def test_places_left_free_part_no_row(digits: DigitReader, text):
    assert digits.read(written(text)).text == text.replace(" ", "")


@pytest.mark.parametrize("text", ["20", "35", "202", "88", "57", "64"])
def test_digits_that_touch_are_cut_apart(digits: DigitReader, text):
    assert digits.read(touching(text)).text == text


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("side", [32, 64, 150])
def test_a_small_crop_shows_one_digit(digits: DigitReader, digit, side):
    page = written(digit, high=round(side * 0.6), width=max(2, side // 12))
    crop = cv2.resize(page, (side, side), interpolation=cv2.INTER_AREA)
    assert digits.read(crop).text == digit


@pytest.mark.parametrize("ground", [0, 255])
def test_what_is_laid_out_as_mnist_is_read_as_it_is(digits: DigitReader, ground):
    frame = drawing(7, np.random.default_rng(1))
    answer = digits.read(frame if ground == 0 else negative(frame))
    assert answer.text == "7" and answer.digits[0]["box"] == [0, 0, 28, 28]


def test_boxes_lie_around_the_ink_in_pixels_of_the_picture(digits: DigitReader):
    high = 700  # larger than what is looked at
    page = written("47", high=high, width=60)
    for digit, left in zip(digits.read(page).digits, (1.0, 2.03), strict=True):
        x, y, wide, tall = digit["box"]
        assert abs(x - left * high) < 0.1 * high and abs(wide - 0.55 * high) < 0.15 * high
        assert abs(y - high) < 0.1 * high and abs(tall - high) < 0.15 * high


BLANKS = {
    "white": np.full((200, 300), 255, np.uint8),
    "black": np.zeros((28, 28), np.uint8),
    "grey with noise": photographed(np.full((200, 300), 240, np.uint8)),
    "one pixel": np.full((1, 1), 7, np.uint8),
    "a ribbon": np.full((1, 10_000), 255, np.uint8),
    "squared paper": lined(np.full((300, 300), 250, np.uint8), 30, squared=True),
}


@pytest.mark.parametrize("page", BLANKS.values(), ids=BLANKS)
def test_where_nothing_is_written_nothing_is_read(digits: DigitReader, page: Page):
    answer = digits.read(page)
    assert (answer.text, answer.digits, answer.is_certain) == ("", [], False)


def test_what_is_no_digit_is_named_apart_and_spoils_no_digit_beside_it(digits: DigitReader):
    page = written("3   7", high=90, width=8)
    star = (round(2.4 * 90 + 90), 135)
    for degrees in range(0, 180, 22):
        way = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]) * 44
        cv2.line(page, *(tuple(np.round(star + sign * way).astype(int).tolist()) for sign in (1, -1)), 40, 8)
    answer = digits.read(page)
    assert answer.text == "37"
    assert len(answer.others) == 1 and answer.others[0]["is_digit"] < 0.5


def standing(*gaps: float) -> list[Candidate]:
    """Characters 40 px wide and 60 high, so far apart."""
    lefts = np.cumsum([0, *(40 + gap for gap in gaps)])
    return [
        Candidate(Piece(round(left), 0, np.full((60, 40), 255, np.uint8)), blank_frame(), NO_DIGIT, 0.0)
        for left in lefts
    ]


def test_printed_words_are_parted_by_narrower_spaces_than_written_ones():
    printed = words_of(standing(4, 5, 4, 17, 5, 4))
    written_apart = words_of(standing(17, 14, 20, 16))
    assert [len(word) for word in printed] == [4, 3] and [len(word) for word in written_apart] == [5]


@pytest.mark.parametrize("text", ["2x3", "4m", "H2O", "12kg"])
def test_nobody_is_sure_of_digits_that_stand_close_to_letters(digits: DigitReader, text):
    page = np.full((200, 420), 255, np.uint8)
    cv2.putText(page, text, (40, 150), cv2.FONT_HERSHEY_DUPLEX, 3, 0, 6, cv2.LINE_AA)
    answer = digits.read(page)
    assert answer.text and not answer.is_certain


def test_a_blot_beside_digits_says_nothing_of_them(digits: DigitReader):
    page = written("25", high=90, width=8)
    cv2.circle(page, (page.shape[1] - 40, 135), 38, 30, -1, cv2.LINE_AA)
    assert digits.read(page).is_certain
