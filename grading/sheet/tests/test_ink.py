import cv2
import numpy as np

from grading.sheet.ink import amount, hold_more


def bubble(label: str = "1") -> np.ndarray:
    """An empty bubble as it is printed: a thin outline and a grey label."""
    cell = np.full((32, 32), 245, np.uint8)
    cv2.circle(cell, (16, 16), 10, 110, 1, cv2.LINE_AA)
    cv2.putText(cell, label, (12, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.35, 150, 1, cv2.LINE_AA)
    return cell


def page(marked: int = 0) -> np.ndarray:
    """Ten bubbles with different labels; the first `marked` have a hand-drawn ring on the outline."""
    cells = np.stack([bubble(label) for label in "0123456789"])
    for cell in cells[:marked]:
        cv2.circle(cell, (16, 16), 10, 40, 3, cv2.LINE_AA)
    return cells


def test_empty_bubbles_of_one_page_are_alike_whatever_their_labels():
    assert not hold_more(page()).any()


def test_a_ring_drawn_on_the_outline_stands_out():
    assert hold_more(page(2)).tolist() == [True] * 2 + [False] * 8


def test_marks_stand_out_even_where_most_bubbles_are_marked():
    assert hold_more(page(7)).tolist() == [True] * 7 + [False] * 3


def test_a_few_bubbles_say_nothing_about_most():
    assert not hold_more(page(3)[:5]).any()
    assert not len(hold_more(page()[:0]))


def test_bare_paper_holds_no_ink_and_black_holds_all():
    assert amount(np.full((1, 32, 32), 250, np.uint8)) == 0
    assert amount(np.zeros((1, 32, 32), np.uint8)) == 245
