"""How well a reader reads: every figure with the name of the set it was measured on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.cells import letters, marks, numerals
from ml.cells.reader import in_order, load_reader
from ml.cells.recipe import CALIBRATED_ON, CellRecipe, DataSource, draw_mixed, sums
from ml.core.arrays import Labels, Numbers, Picture
from ml.core.calibration import (
    certainty,
    expected_calibration_error,
    reliability_bins,
    weights_of,
)
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.evaluation import Metric, metric_rows
from ml.core.trainer import OnProgress
from ml.simulation.conditions import ANOTHER_ORDINARY, ANOTHER_SCHOOL

Read = Callable[[Picture], Numbers]  # cells to probabilities (n, classes of the recipe)
Answers = tuple[Numbers, Numbers]  # probabilities, targets

RECIPES: dict[str, CellRecipe] = {
    recipe.kind: recipe for recipe in (marks.RECIPE, numerals.RECIPE, letters.RECIPE)
}

TEST_CELLS = 30_000
DRAWN = {  # which share of TEST_CELLS, with a seed of its own, under which conditions
    "drawn as for calibration, another seed": (1.0, "test", CALIBRATED_ON),
    "drawn at another school, ordinary": (1.0, "another ordinary", {ANOTHER_ORDINARY: 1.0}),
    "drawn at another school, rough": (0.5, "another school", {ANOTHER_SCHOOL: 1.0}),
}


def evaluate(
    kind: str,
    data_folder: Path,
    weights_folder: Path = WEIGHTS_FOLDER,
    cache_folder: Path | None = None,
    card: Card | None = None,
    on_progress: OnProgress = lambda step: None,
) -> list[Metric]:
    """All figures of the weights in weights_folder, measured anew: [{"set", "measure", "value"}]. card: theirs, where
    it does not lie beside them."""
    reader = load_reader(kind, weights_folder, card, cache_folder)
    recipe = RECIPES[kind]

    def read(cells: Picture) -> Numbers:
        return in_order(reader.probabilities(cells), reader.classes, recipe.classes)

    return measure(recipe, recipe.source(data_folder), read, reader.certain, on_progress).metrics


@dataclass(frozen=True)
class Measured:
    """confusion: of the first set and its clear cells, a row for each class, a column for what it was read as;
    reliability: see ml.core.calibration."""

    metrics: list[Metric]
    confusion: list[list[int]]
    reliability: list[dict[str, float]]


def measure(
    recipe: CellRecipe,
    source: DataSource,
    read: Read,
    certain: float,
    on_progress: OnProgress = lambda step: None,
) -> Measured:
    """Tests on simulations with seeds of their own, weighed as on sheets, and on the source's test sets as they are.
    on_progress: hears what is done next, each of which takes a minute or two on a small machine."""

    def answers_to(cells: Picture, targets: Numbers) -> Answers:
        return read(cells), targets

    answers: dict[str, Answers] = {}
    for name, (share, seed, mixture) in DRAWN.items():
        on_progress(f"measuring: {name}")
        count = int(share * TEST_CELLS)
        answers[name] = answers_to(*draw_mixed(source.draw_held_out, count, Random(seed), mixture))
    on_progress("measuring: further sets")
    answers |= {name: answers_to(*sample) for name, sample in source.named_sets().items()}
    metrics = []
    for name, (probabilities, targets) in answers.items():
        figures = cell_figures(recipe, probabilities, targets, certain, is_weighed=name in DRAWN)
        metrics += metric_rows(f"{name} ({len(targets)})", figures)
    probabilities, classes = select_clear(*next(iter(answers.values())))
    return Measured(metrics, confusion(probabilities, classes), reliability_bins(probabilities, classes))


def confusion(probabilities: Numbers, classes: Labels) -> list[list[int]]:
    counts = np.zeros((probabilities.shape[1],) * 2, np.int64)
    np.add.at(counts, (classes, probabilities.argmax(1)), 1)
    return counts.tolist()


def select_clear(rows: NDArray[Any], targets: Numbers) -> tuple[NDArray[Any], Labels]:
    """Of cells, or what is said of them, those whose target is one class, and which it is."""
    is_clear = targets.max(1) == 1.0
    return rows[is_clear], targets[is_clear].argmax(1)


def cell_figures(
    recipe: CellRecipe, probabilities: Numbers, targets: Numbers, certain: float, is_weighed: bool = False
) -> dict[str, float]:
    """Of cells whose target is clear: how many are read right, called certain, and certain but wrong."""
    probabilities, classes = select_clear(probabilities, targets)
    weights = weights_of(classes, recipe.prior) if is_weighed else np.ones(len(classes))
    meant = sums(recipe, probabilities)
    labels = sums(recipe, np.eye(len(recipe.classes), dtype=np.float32)[classes]).argmax(1)
    accuracy, review, wrong = certainty(meant, labels, weights, certain)
    return {
        "accuracy of the class": float(np.average(probabilities.argmax(1) == classes, weights=weights)),
        "accuracy of the meaning": accuracy,
        "share left for review": review,
        "wrong among the certain": wrong,
        "expected calibration error": expected_calibration_error(probabilities, classes),
    }
