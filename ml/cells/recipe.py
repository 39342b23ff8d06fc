"""What a kind of reader is: its classes, its network and how the cells it learns from are made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np

from ml.cells.looks import Moves
from ml.cells.network import CellNetConfig
from ml.core import trainer
from ml.core.arrays import Numbers, Picture
from ml.core.calibration import ALLOWED_WRONG
from ml.core.cards import collection
from ml.simulation.boxes import Writer
from ml.simulation.conditions import BOX_CELL, ORDINARY, ROUGH, Conditions

Sample = tuple[Picture, Numbers]  # cells (n, side, side), targets (n, classes)
Draw = Callable[[int, Random, Conditions], Sample]


TRAINED_ON = {ORDINARY: 0.65, ROUGH: 0.35}
MOVES = ((2.5, 1.0), (-2.5, -1.0))  # of handwriting, a stroke's width to either side
CALIBRATED_ON = {ORDINARY: 0.75, ROUGH: 0.25}


@dataclass(frozen=True)
class DataSource:
    """What a reader learns from and what it is tried on, once its data folder is known.

    draw makes training cells, draw_held_out makes cells from sources that training never sees, named_sets are further
    named test sets, data names the sources with their licences for the card.
    """

    draw: Draw
    draw_held_out: Draw
    named_sets: Callable[[], dict[str, Sample]]
    data: list[dict[str, str]]


@dataclass(frozen=True, kw_only=True)
class CellRecipe(trainer.Recipe):
    """meanings: name -> classes that mean the same to a grader; prior: how often each class occurs on real sheets;
    pool: how many cells an epoch learns from; cells: how many of them it draws anew; allowed_wrong: of the answers
    that are called certain; moves: see ml.cells.looks."""

    kind: str
    classes: tuple[str, ...]
    meanings: dict[str, tuple[str, ...]]
    prior: tuple[float, ...]
    network: CellNetConfig
    source: Callable[[Path], DataSource]
    cells: int
    pool: int
    batch: int = 256
    moves: Moves = ()
    allowed_wrong: float = ALLOWED_WRONG


def draw_mixed(
    draw: Draw,
    count: int,
    random: Random,
    mixture: dict[Conditions, float],
    heard: Callable[[], None] = lambda: None,
) -> Sample:
    """Cells drawn under several conditions, each with its share of the count. heard: is called before each."""
    samples = []
    for conditions, share in mixture.items():
        heard()
        samples.append(draw(round(count * share), random, conditions))
    cells, targets = zip(*samples, strict=True)
    return np.concatenate(cells), np.concatenate(targets)


def draw_written(
    classes: Sequence[str],
    shares: Mapping[str, float],
    write: Callable[[Writer, str], dict[str, float]],
    count: int,
    random: Random,
    conditions: Conditions,
) -> Sample:
    """Cells (n, 64, 64) and targets (n, classes). shares: how many cells show each kind of thing; write: writes one of
    a kind and returns how much it is of which class."""
    cells = np.empty((count, BOX_CELL, BOX_CELL), np.uint8)
    targets = np.zeros((count, len(classes)), np.float32)
    for number in range(count):
        kind = random.choices(list(shares), list(shares.values()))[0]
        writer = Writer(random, conditions)
        for name, share in write(writer, kind).items():
            targets[number, classes.index(name)] += share
        cells[number] = writer.photograph()
    return cells, targets


SIMULATION = collection("cells drawn by ml.simulation", "this project's own", "training, calibration, test")


def sums(recipe: CellRecipe, probabilities: Numbers) -> Numbers:
    """(n, classes) -> (n, meanings)."""
    places = [[recipe.classes.index(name) for name in names] for names in recipe.meanings.values()]
    return np.stack([probabilities[:, place].sum(1) for place in places], 1)


def one_hot(labels: Iterable[str], classes: Sequence[str]) -> Numbers:
    return np.eye(len(classes), dtype=np.float32)[[classes.index(label) for label in labels]]
