"""Squares of a page that are compared all at once say what comparing each by itself says."""

import cv2
import numpy as np
import pytest

from ..omrchecker.patches import likenesses, median_of, peaks_of, squares_at
from ..rectification import PAPER

RNG = np.random.default_rng(3)
PAGE = cv2.GaussianBlur(RNG.integers(0, PAPER, (120, 160)).astype(np.uint8), (0, 0), 1.2)


def test_each_square_is_as_alike_as_a_correlation_of_its_own_says() -> None:
    squares = squares_at(PAGE, RNG.uniform(20, 100, (30, 2)), 12, 10)
    pattern = (255 - squares[7, 3:-3, 2:-4]).astype(np.float32)
    maps = likenesses(squares, pattern)
    for square, found in zip(squares, maps, strict=True):
        alone = cv2.matchTemplate((255 - square).astype(np.float32), pattern, cv2.TM_CCOEFF_NORMED)
        assert found == pytest.approx(alone, abs=1e-4)
    best, off = peaks_of(maps)
    assert best[7] == pytest.approx(1, abs=1e-5)
    assert tuple(off[7]) == (-1, 0)


def test_bare_paper_and_a_bare_pattern_are_like_nothing() -> None:
    bare = np.full((2, 21, 21), PAPER, np.uint8)
    ring = cv2.circle(np.zeros((15, 15), np.float32), (7, 7), 5, 200.0)
    assert not likenesses(bare, ring).any()
    assert not likenesses(
        squares_at(PAGE, np.array([[60.0, 60.0]]), 10, 10), np.zeros((15, 15), np.float32)
    ).any()


def test_the_median_of_an_even_number_lies_between_the_middle_two() -> None:
    for count in (1, 2, 5, 8, 63, 64):
        for size in (9, 31):  # small squares are parted, large ones compared
            squares = RNG.integers(0, 256, (count, size, size)).astype(np.uint8)
            assert (median_of(squares) == np.median(squares, axis=0)).all()


def test_squares_at_the_edge_go_on_as_paper() -> None:
    inner, corner = squares_at(PAGE, np.array([[80.5, 60.5], [0.5, 0.5]]), 4, 4)
    assert (inner == PAGE[56:65, 76:85]).all()
    assert (corner[:4] == PAPER).all()
    assert (corner[:, :4] == PAPER).all()
    assert (corner[4:, 4:] == PAGE[:5, :5]).all()
