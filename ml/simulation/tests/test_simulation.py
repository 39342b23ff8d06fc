"""The simulation draws what it says, the same for the same seed."""

from random import Random

import numpy as np
import pytest

from ml.cells.letters import LETTERS, draw_letters
from ml.cells.numerals import NUMERALS, draw_numerals
from ml.core.characters import crop_characters
from ml.simulation.bubbles import MARKS, draw_bubble, draw_bubbles, draw_odd
from ml.simulation.conditions import ANOTHER_SCHOOL, CLEAN, ROUGH
from ml.tests.drawing import box, text


def plotted(characters: str):
    """Characters in OpenCV's plotter font, white on black, eight of each."""
    blank = box()
    images = [
        np.clip(blank.astype(int) - box(text(c, width)), 0, 255).astype(np.uint8)
        for c in characters
        for width in range(3, 11)
    ]
    return crop_characters(np.stack(images), [c for c in characters for _ in range(8)])


@pytest.mark.parametrize("conditions", [ROUGH, ANOTHER_SCHOOL], ids=["rough", "another school"])
def test_the_same_seed_draws_the_same_bubbles_and_another_seed_others(conditions):
    first, again, other = (draw_bubbles(40, Random(seed), conditions)[0] for seed in (1, 1, 2))

    assert (first == again).all()
    assert (first != other).any()


def test_targets_are_shares_of_one_and_some_are_in_doubt():
    cells, targets = draw_bubbles(600, Random(4), ROUGH)

    assert cells.shape == (600, 2, 32, 32) and cells.dtype == np.uint8
    assert np.allclose(targets.sum(1), 1, atol=1e-5)
    assert 0.005 < (targets.max(1) < 1).mean() < 0.1
    assert set(targets.argmax(1)) == set(range(len(MARKS)))


@pytest.mark.parametrize("mark", [mark for mark in MARKS if mark != "empty"])
def test_a_mark_leaves_more_ink_than_none(mark):
    random = Random(mark)
    ink = {
        kind: np.mean([255.0 - draw_bubble(kind, random, CLEAN).mean() for _ in range(80)])
        for kind in (mark, "empty")
    }

    assert ink[mark] > ink["empty"] + 4


def test_a_cell_in_doubt_never_claims_to_be_clear():
    random = Random(9)

    assert max(draw_odd(random, ROUGH)[1].max() for _ in range(60)) < 0.85


def test_boxes_hold_every_class_of_digits_and_letters():
    digits, letters = plotted("0123456789"), plotted("ABCDE")
    _, of_digits = draw_numerals(digits, plotted("AFHK"), 500, Random(1), ROUGH)
    _, of_letters = draw_letters(letters, plotted("FHK7"), 300, Random(1), ROUGH)

    assert {NUMERALS[place] for place in of_digits.argmax(1)} == set(NUMERALS)
    assert {LETTERS[place] for place in of_letters.argmax(1)} == set(LETTERS)
    assert np.allclose(of_digits.sum(1), 1, atol=1e-5) and np.allclose(of_letters.sum(1), 1, atol=1e-5)


def test_a_glyph_fills_its_frame_wherever_it_stood():
    image = np.zeros((2, 28, 28), np.uint8)
    image[0, 2:10, 3:6] = image[1, 15:23, 20:23] = 255

    characters = crop_characters(image, ["1", "1"])

    assert (characters.pictures[0] == characters.pictures[1]).all()
    assert np.flatnonzero(characters.pictures[0].max(1) > 60).tolist() == list(range(2, 34))


def test_parts_of_a_collection_share_no_glyph_and_leave_none_out():
    characters = plotted("ABC")
    parts = [characters.part(first, last) for first, last in ((0, 0.5), (0.5, 0.75), (0.75, 1))]

    assert [len(part) for part in parts] == [12, 6, 6]
    assert {image.tobytes() for part in parts for image in part.pictures} == {
        image.tobytes() for image in characters.pictures
    }
