"""Displays of seven segments: read by which bars are lit, and nothing else is taken for one."""

import cv2
import numpy as np
import pytest

from ml.digits.drawn import draw_segments
from ml.writing.displays import SEGMENTS, read_display
from ml.writing.ink import Ink
from tests.support.strokes import written


def lit(text: str, slant: float = 0.0, gap: float = 3.0, way: int = 0) -> Ink:
    canvas = np.zeros((170, 110 * len(text) + 40), np.uint8)
    for place, name in enumerate(text):
        segments = SEGMENTS[name][way % len(SEGMENTS[name])]
        draw_segments(canvas, segments, (25 + 105 * place, 30), (58, 110), 14, gap, slant)
    return inked(cv2.GaussianBlur(canvas, (0, 0), 0.8))


def inked(strength: np.ndarray) -> Ink:
    return Ink(strength, np.where(strength > 96, np.uint8(255), np.uint8(0)))


def shown(ink: Ink) -> str:
    return "\n".join("".join(str(digit.value) for digit in row) for row in read_display(ink))


@pytest.mark.parametrize("way", range(2))
@pytest.mark.parametrize("slant", [0.0, 0.1, 0.17])
@pytest.mark.parametrize("text", ["0123456789", "6660", "101", "651"])
def test_digits_are_those_whose_bars_are_lit(text, slant, way):
    assert shown(lit(text, slant, way=way)) == text


def test_rows_stand_below_each_other():
    ink = np.vstack([lit("4085").strength, lit("1926").strength])
    assert shown(inked(ink)) == "4085\n1926"


def test_each_digit_says_where_it_stands():
    [[four, two]] = read_display(lit("42"))
    assert (four.value, two.value) == (4, 2)
    assert 15 <= four.piece.left < four.piece.right < two.piece.left
    assert four.frame.shape == (28, 28) and four.frame.any()


@pytest.mark.parametrize("text", ["11", "1"])
def test_strokes_alone_are_no_display(text):
    assert read_display(lit(text)) == []


@pytest.mark.parametrize("digits", ["0123456789", "1741", "88", "5"])
def test_handwriting_is_no_display(digits):
    assert read_display(inked(255 - written(digits, high=110, width=12))) == []


def test_a_bar_too_many_is_no_digit():
    ink = lit("80")
    cv2.line(ink.mask, (30, 30), (80, 140), 255, 12)
    assert read_display(ink) == []
