"""Ink of any colour, on paper of any tint."""

import cv2
import numpy as np
import pytest

from grading.sheet.colour import has_bright_ink
from grading.sheet.decoding import PictureFile

WHITE, CREAM = (250, 250, 250), (190, 225, 240)  # blue, green, red
INKS = {
    "a yellow highlighter": (60, 245, 250),
    "an orange highlighter": (70, 180, 250),
    "a green highlighter": (120, 250, 140),
    "a pink highlighter": (220, 150, 250),
    "a red pen": (50, 40, 215),
    "a blue pen": (170, 70, 40),
    "a black pen": (30, 30, 30),
}


def page(ink: tuple[int, int, int], paper: tuple[int, int, int] = WHITE) -> np.ndarray:
    """With printed rings, and one of them filled."""
    picture = np.full((1200, 900, 3), paper, np.uint8)
    for x in range(100, 900, 100):
        cv2.circle(picture, (x, 300), 20, (60, 60, 60), 2, cv2.LINE_AA)
    cv2.circle(picture, (300, 300), 19, ink, -1, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("kind", [".jpg", ".png"])
@pytest.mark.parametrize("paper", [WHITE, CREAM])
@pytest.mark.parametrize("ink", INKS.values(), ids=INKS)
def test_a_bubble_filled_in_any_colour_is_dark(ink, paper, kind) -> None:
    grey = PictureFile(cv2.imencode(kind, page(ink, paper))[1].tobytes()).page(0)
    assert grey[300, 300] < 0.72 * np.median(grey)
    assert grey.shape == (1200, 900)


@pytest.mark.parametrize("paper", [WHITE, CREAM, (235, 240, 215)])
def test_paper_and_print_have_no_bright_ink(paper) -> None:
    assert not has_bright_ink(page((30, 30, 30), paper))
