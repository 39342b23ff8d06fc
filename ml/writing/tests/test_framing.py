"""Ink laid out as MNIST's digits are."""

import cv2
import numpy as np
import pytest

from ml.writing.framing import framed
from tests.support.strokes import drawing


def stroke(high: int, wide: int, width: int) -> np.ndarray:
    """A slanted line on black."""
    sheet = np.zeros((high, wide), np.uint8)
    cv2.line(sheet, (wide // 3, high // 8), (wide // 2, 7 * high // 8), 255, width, cv2.LINE_AA)
    return sheet


def extent(frame: np.ndarray) -> tuple[int, int]:
    """Height and width of the ink."""
    rows, columns = np.flatnonzero(frame.max(1) >= 32), np.flatnonzero(frame.max(0) >= 32)
    return int(rows[-1] - rows[0] + 1), int(columns[-1] - columns[0] + 1)


def centre(frame: np.ndarray) -> tuple[float, float]:
    mass = frame.astype(np.float64)
    rows, columns = np.indices(frame.shape)
    return float((mass * rows).sum() / mass.sum()), float((mass * columns).sum() / mass.sum())


@pytest.mark.parametrize(
    ("high", "wide", "width"), [(12, 9, 1), (60, 40, 5), (500, 300, 30), (2000, 1500, 60)]
)
def test_the_longer_side_becomes_20_pixels_with_the_mass_in_the_middle(high, wide, width):
    frame = framed(stroke(high, wide, width))
    assert frame.shape == (28, 28) and frame.dtype == np.uint8
    assert max(extent(frame)) == pytest.approx(20, abs=1)
    assert centre(frame) == pytest.approx((13.5, 13.5), abs=0.75)


def test_where_the_ink_stood_makes_no_difference():
    ink = stroke(60, 40, 6)
    moved = np.zeros((200, 300), np.uint8)
    moved[120:180, 250:290] = ink
    assert (framed(moved) == framed(ink)).all()


def test_a_thin_line_of_a_large_drawing_keeps_its_darkness():
    assert framed(stroke(1500, 1000, 9)).max() > 200


@pytest.mark.parametrize("digit", range(10))
def test_what_is_laid_out_comes_back_as_it_is(digit):
    once = framed(drawing(digit, np.random.default_rng(digit)))
    assert (framed(once) == once).all()


@pytest.mark.parametrize("shape", [(28, 28), (1, 1), (1, 500)])
def test_without_ink_there_is_none(shape):
    assert not framed(np.zeros(shape, np.uint8)).any()
