"""What was crossed out is no digit, however the network might read its parts."""

import itertools
from random import Random

import cv2
import numpy as np
import pytest

from ml.digits.drawn import draw_crossed
from ml.writing.crossings import is_crossed_out, may_be_crossed_out
from ml.writing.pieces import Piece
from tests.support.strokes import drawing

ZIGZAG = [(turn / 7, turn % 2) for turn in range(8)]
LINES = {
    "a cross": [((0.05, 0.02), (0.95, 0.97)), ((0.96, 0.03), (0.06, 0.98))],
    "two bars": [((0.0, 0.45), (1.0, 0.35)), ((0.0, 0.68), (1.0, 0.58))],
    "a scribble across": [*itertools.pairwise((y, x) for x, y in ZIGZAG)],
    "a scribble up and down": [*itertools.pairwise(ZIGZAG)],
}


def piece_of(ink: np.ndarray) -> Piece:
    rows, columns = np.flatnonzero((ink > 64).any(1)), np.flatnonzero((ink > 64).any(0))
    return Piece(0, 0, ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def digit_ink(digit: int) -> np.ndarray:
    """(96, 72) with a digit in it, ink high."""
    return cv2.resize(drawing(digit, np.random.default_rng(digit)), (72, 96), interpolation=cv2.INTER_CUBIC)


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
@pytest.mark.parametrize("digit", [0, 2, 3, 5, 8, 9])
def test_a_digit_with_a_cross_bars_or_a_scribble_over_it_was_crossed_out(digit, lines):
    ink = digit_ink(digit)
    left, top, wide, high = cv2.boundingRect((ink > 64).astype(np.uint8))
    for first, last in lines:
        ends = [(round(left + x * wide), round(top + y * high)) for x, y in (first, last)]
        cv2.line(ink, *ends, 255, 5, cv2.LINE_AA)
    assert is_crossed_out(piece_of(ink))


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_as_it_is_was_not(digit):
    piece = piece_of(digit_ink(digit))
    assert not is_crossed_out(piece) and not may_be_crossed_out(piece)


def test_nobody_is_sure_of_a_seven_under_two_bars():
    ink = digit_ink(7)
    left, top, wide, high = cv2.boundingRect((ink > 64).astype(np.uint8))
    for level in (0.45, 0.68):
        y = round(top + level * high)
        cv2.line(ink, (left, y), (left + wide, y), 255, 5, cv2.LINE_AA)
    assert may_be_crossed_out(piece_of(ink))


def test_most_of_what_people_cross_out_in_many_ways_is_found():
    random = Random("crossed out")
    digit = drawing(5, np.random.default_rng(1))
    found = [is_crossed_out(piece_of(draw_crossed(digit, random))) for _ in range(60)]
    assert sum(found) > 0.8 * len(found)
