"""How large printed bubbles are, and where."""

import cv2
import numpy as np
import pytest

from grading.sheet.omrchecker.bubble_print import print_of

SCALE, PITCH, SIZE = 8, 7.0, 4.5  # px/mm, mm, mm


@pytest.mark.parametrize("rule", [250, 170, 90])
def test_lines_of_a_table_are_no_part_of_the_bubbles_in_it(rule: int) -> None:
    """rule: how dark they are; where two cross they are no darker."""
    page = np.full((500, 500), 250, np.uint8)
    lines = [round((6 + step * PITCH) * SCALE) for step in range(9)]
    for place in lines:
        cv2.line(page, (place, lines[0]), (place, lines[-1]), rule, 2)
        cv2.line(page, (lines[0], place), (lines[-1], place), rule, 2)
    middles = [6 + (step + 0.5) * PITCH for step in range(8)]
    for x in middles:
        for y in middles:
            cv2.circle(
                page, (round(x * SCALE), round(y * SCALE)), round(SIZE / 2 * SCALE), 60, 2, cv2.LINE_AA
            )
    boxes = np.array([[x - SIZE / 2, y - SIZE / 2, SIZE, SIZE] for y in middles for x in middles])
    found = print_of(page, boxes, SCALE)
    assert (found.wide, found.high) == pytest.approx((1, 1), abs=0.15)  # the outline is drawn across the edge
    assert found.off == pytest.approx((0, 0), abs=0.2)
