"""Reading cells: from squares of grey to calibrated probabilities."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from ml.cells.looks import logits_of_looks
from ml.core.arrays import Numbers, Pictures
from ml.core.calibration import Calibration
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.engine import Engine, load_engine

UNKNOWN = 255  # every pixel of a reference that a page cannot give


class CellReader:
    """A network with its card. Safe to share between threads.

    classes: the answers in column order. certain: an answer whose meaning has at least this probability may be called
    certain. meanings: name -> the classes that mean it (all marks together, all withdrawn marks together, ...).
    """

    def __init__(self, engine: Engine) -> None:
        self.engine, self.card = engine, engine.card
        self.classes = tuple(engine.card.classes)
        self.certain = engine.card.certain
        self.calibration = Calibration(engine.card.temperature, tuple(engine.card.shift))
        self.moves = [tuple(move) for move in engine.card.preprocessing.get("moves", [])]
        self.has_references = engine.card.preprocessing.get("channels", 1) == 2
        self.meanings = {name: tuple(classes) for name, classes in engine.card.meanings.items()}

    def read(self, cells: Pictures, references: Pictures | None = None) -> Numbers:
        """cells: (n, side, side) uint8, dark ink on white paper. Returns (n, classes) that sum to 1; n may be 0.

        references: as many, the typical empty cell of each one's kind; white, or None, where none is known.
        Networks that learned without do without, and those that learned from coarser cells get coarser ones.
        """
        return self.probabilities(with_references(cells, references) if self.has_references else cells)

    def probabilities(self, inputs: Pictures) -> Numbers:
        """The same of cells that have their references with them, where it takes any: (n, 2, side, side)."""
        fitting = resized(inputs, self.card.preprocessing["size"])
        logits = logits_of_looks(lambda cells: self.engine.logits(network_input(cells)), fitting, self.moves)
        return self.calibration.probabilities(logits)

    def read_meanings(self, probabilities: Numbers) -> Numbers:
        """(n, classes) -> (n, meanings): the sums over the classes that mean the same, in the order of `meanings`."""
        places = [[self.classes.index(name) for name in classes] for classes in self.meanings.values()]
        return np.stack([probabilities[:, place].sum(1) for place in places], 1)


def with_references(cells: Pictures, references: Pictures | None = None) -> Pictures:
    """Two of (n, side, side) -> (n, 2, side, side)."""
    return np.stack([cells, np.full_like(cells, UNKNOWN) if references is None else references], 1)


def in_order(rows: Numbers, classes: Sequence[str], wanted: Sequence[str]) -> Numbers:
    """(n, classes) -> (n, wanted); versions that are older than a class give it nothing."""
    known = dict(zip(classes, rows.T, strict=True))
    return np.stack([known.get(name, np.zeros(len(rows), rows.dtype)) for name in wanted], 1)


def resized(cells: Pictures, side: int) -> Pictures:
    """(..., high, wide) -> (..., side, side): as they are where they have this size."""
    if cells.shape[-2:] == (side, side):
        return cells
    flat = cells.reshape(-1, *cells.shape[-2:])
    small = [cv2.resize(cell, (side, side), interpolation=cv2.INTER_AREA) for cell in flat]
    return np.array(small, np.uint8).reshape(*cells.shape[:-2], side, side)


def network_input(cells: Pictures) -> Numbers:
    """(n, side, side) uint8 grey, or (n, inputs, side, side) -> (n, inputs, side, side) float32, ink 1 and paper 0."""
    if cells.dtype != np.uint8 or cells.ndim not in (3, 4) or cells.shape[-2] != cells.shape[-1]:
        raise ValueError(f"Cells must be uint8 of shape (n, side, side), not {cells.dtype} {cells.shape}.")
    inputs = cells if cells.ndim == 4 else cells[:, None]
    return ((255 - inputs) / np.float32(255)).astype(np.float32)


def load_reader(
    kind: str,
    weights_folder: Path = WEIGHTS_FOLDER,
    card: Card | None = None,
    cache_folder: Path | None = None,
    device: str | None = None,
) -> CellReader:
    """The reader of `kind` ("marks", "numerals", "letters"), or of the version that `card` describes.

    Safe from several processes at once. Raises WeightsDamaged, EnginesDisagree; see ml.core.engine.load_engine.
    """
    card = card or Card.load(weights_folder, kind)
    return CellReader(load_engine(card, weights_folder, cache_folder, device))
