"""What people corrected, among what is drawn."""

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

from ml.cells.corrections import CorrectedCells, gathered, with_corrections
from ml.cells.evaluate import RECIPES
from ml.core.corrections import TooFewCorrections
from ml.simulation.conditions import ORDINARY


def corrected(learned: int, held_out: int) -> CorrectedCells:
    """Grey cells, each of a grey of its own."""
    total = learned + held_out
    cells = np.zeros((total, 2, 32, 32), np.uint8) + np.arange(total, dtype=np.uint8)[:, None, None, None]
    is_held_out = [number >= learned for number in range(total)]
    return gathered("marks", cells, ["filled"] * total, is_held_out, corrections=20)


def own_greys(cells: np.ndarray) -> list[int]:
    return [int(cell.flat[0]) for cell in cells if cell.min() == cell.max()]


def test_they_are_a_tenth_of_what_is_drawn_at_most_and_none_twice():
    source = with_corrections(RECIPES["marks"].source(Path("none")), corrected(60, 10))
    cells, targets = source.draw(300, Random(1), ORDINARY)
    assert len(cells) == len(targets) == 300
    greys = own_greys(cells)
    assert len(greys) == len(set(greys)) == 30 and max(greys) < 60
    assert len(own_greys(source.draw(1000, Random(2), ORDINARY)[0])) == 60
    assert own_greys(source.draw_held_out(100, Random(3), ORDINARY)[0]) == []


def test_those_held_out_are_a_test_of_their_own_and_the_card_says_how_many():
    drawn = replace(RECIPES["marks"].source(Path("none")), named_sets=dict)
    source = with_corrections(drawn, corrected(60, 10))
    ((name, (cells, _targets)),) = source.named_sets().items()
    assert (name, own_greys(cells)) == ("corrections, held out", list(range(60, 70)))
    assert source.data[0]["name"].endswith("(70 cells of 20 corrected answers)")


@pytest.mark.parametrize(("learned", "held_out"), [(49, 20), (60, 0)])
def test_too_few_are_refused(learned, held_out):
    with pytest.raises(TooFewCorrections):
        corrected(learned, held_out)
