"""Figures are measured on cells that training never saw, and carry the names of their sets."""

from random import Random

import numpy as np
import pytest

from ml.cells import marks
from ml.cells.evaluate import RECIPES, cell_figures, evaluate
from ml.cells.marks import MARKS
from ml.cells.recipe import draw_mixed
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.simulation.bubbles import draw_bubbles
from ml.simulation.conditions import ANOTHER_SCHOOL, ORDINARY, ROUGH

RECIPE = RECIPES["marks"]


def answers(*pairs: tuple[str, float], of: str) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that give each named mark its share (the rest to "empty"), and targets that are all `of`."""
    probabilities = np.zeros((len(pairs), len(MARKS)), np.float32)
    for row, (mark, share) in enumerate(pairs):
        probabilities[row, MARKS.index(mark)] += share
        probabilities[row, MARKS.index("empty")] += 1 - share
    return probabilities, np.eye(len(MARKS), dtype=np.float32)[[MARKS.index(of)] * len(pairs)]


def test_a_tick_taken_for_a_cross_is_a_wrong_class_but_the_right_meaning():
    measured = cell_figures(RECIPE, *answers(("cross", 0.99), ("tick", 0.99), of="tick"), certain=0.9)

    assert measured["accuracy of the class"] == 0.5
    assert measured["accuracy of the meaning"] == 1
    assert measured["wrong among the certain"] == 0


def test_what_is_not_certain_counts_as_review_and_not_as_wrong():
    measured = cell_figures(
        RECIPE, *answers(("tick", 0.2), ("tick", 0.99), ("scribbled", 0.95), of="tick"), certain=0.9
    )

    assert measured["share left for review"] == pytest.approx(1 / 3)
    assert measured["wrong among the certain"] == pytest.approx(1 / 2)


def test_evaluate_says_for_every_figure_on_which_set_and_how_many_cells(monkeypatch, onnx_cache, tmp_path):
    monkeypatch.setattr("ml.cells.evaluate.TEST_CELLS", 80)
    monkeypatch.setattr(
        "ml.cells.marks.named_sets", lambda data_folder: {"own": draw_bubbles(20, Random(1), ANOTHER_SCHOOL)}
    )
    monkeypatch.setenv("MODEL_CACHE_DIR", str(onnx_cache))

    metrics = evaluate("marks", tmp_path)

    assert {metric["set"] for metric in metrics} == {
        "drawn as for calibration, another seed (80)",
        "drawn at another school, ordinary (80)",
        "drawn at another school, rough (40)",
        "own (20)",
    }
    assert all(0 <= metric["value"] <= 1 for metric in metrics)


def test_marks_are_tested_one_kind_at_a_time_and_need_no_data_folder(monkeypatch, tmp_path):
    monkeypatch.setattr("ml.cells.marks._only", lambda mark, count: mark)

    assert sorted(marks.named_sets(tmp_path).values()) == sorted(MARKS)


def test_a_mixture_holds_each_condition_in_its_share():
    cells, targets = draw_mixed(draw_bubbles, 40, Random(2), {ORDINARY: 0.75, ROUGH: 0.25})
    first, _ = draw_bubbles(30, Random(2), ORDINARY)

    assert cells.shape == (40, 2, 32, 32) and targets.shape == (40, len(MARKS))
    assert (cells[:30] == first).all()


@pytest.mark.parametrize("kind", sorted(RECIPES))
def test_a_card_has_figures_of_a_school_that_training_never_saw(kind):
    sets = {metric["set"] for metric in Card.load(WEIGHTS_FOLDER, kind).metrics}

    assert any("another school, ordinary" in name for name in sets)
