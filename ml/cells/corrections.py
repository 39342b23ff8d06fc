"""Cells of answers that people corrected: readers of cells learn them beside what is drawn for them.

The students of a fifth are held out, and never learned from: what a network makes of their cells is a test of its own.
Not calibration: cells that people were asked about say nothing of how often others are wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from ml.cells.evaluate import RECIPES, cell_figures
from ml.cells.reader import in_order, load_reader
from ml.cells.recipe import DataSource, Sample, one_hot
from ml.core.arrays import Pictures
from ml.core.cards import Card
from ml.core.corrections import FEWEST, TooFewCorrections, collection_of_corrections
from ml.core.evaluation import Metric, metric_rows
from ml.simulation.conditions import Conditions

MOST_SHARE = 0.1  # of what is learned from: a school's corrections are of few hands
HELD_OUT = "corrections, held out"


@dataclass(frozen=True)
class CorrectedCells:
    """learned, held_out: of different students; corrections: how many answers these cells are of."""

    learned: Sample
    held_out: Sample
    corrections: int

    @property
    def row(self) -> dict[str, str]:
        """Of a card's `data`."""
        cells = sum(len(targets) for _cells, targets in (self.learned, self.held_out))
        return collection_of_corrections(f" ({cells} cells of {self.corrections} corrected answers)")


def gathered(
    kind: str, cells: Pictures, labels: Sequence[str], is_held_out: Sequence[bool], corrections: int
) -> CorrectedCells:
    """Raises TooFewCorrections."""
    held = np.array(is_held_out, bool)
    if not held.any() or (~held).sum() < FEWEST:
        raise TooFewCorrections
    targets = one_hot(labels, RECIPES[kind].classes)
    return CorrectedCells((cells[~held], targets[~held]), (cells[held], targets[held]), corrections)


def with_corrections(source: DataSource, corrected: CorrectedCells) -> DataSource:
    """Each cell once at most in what is drawn at a time, and all of them a tenth of it at most."""
    cells, targets = corrected.learned

    def draw(count: int, random: Random, conditions: Conditions) -> Sample:
        places = random.sample(range(len(cells)), min(int(MOST_SHARE * count), len(cells)))
        drawn, known = source.draw(count - len(places), random, conditions)
        return np.concatenate([drawn, cells[places]]), np.concatenate([known, targets[places]])

    def named_sets() -> dict[str, Sample]:
        return {**source.named_sets(), HELD_OUT: corrected.held_out}

    return replace(source, draw=draw, named_sets=named_sets, data=[corrected.row, *source.data])


def measure(corrected: CorrectedCells, card: Card, folder: Path, cache: Path | None) -> list[Metric]:
    """Of any version, on the cells that are held out. cache: where its readied network is kept."""
    recipe, reader = RECIPES[card.kind], load_reader(card.kind, folder, card, cache)
    cells, targets = corrected.held_out
    inputs = (cells[:, 0], cells[:, 1]) if cells.ndim == 4 else (cells,)
    probabilities = in_order(reader.read(*inputs), reader.classes, recipe.classes)
    figures = cell_figures(recipe, probabilities, targets, reader.certain)
    return metric_rows(f"{HELD_OUT} ({len(targets)})", figures)
