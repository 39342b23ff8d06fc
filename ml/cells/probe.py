"""Cells of sheets that are drawn when they are asked for, always the same: marks by the simulation alone, digits and
letters in hands that no network here has learned from."""

import hashlib
from functools import cache, partial
from pathlib import Path
from random import Random

import numpy as np

from ml.cells import letters, numerals
from ml.cells.evaluate import RECIPES, select_clear
from ml.cells.reader import CellReader, load_reader
from ml.cells.recipe import Draw, Sample, sums
from ml.core import characters
from ml.core.arrays import Numbers, Picture
from ml.core.cards import Card
from ml.core.characters import Characters
from ml.core.probe import PROBES, ProbeResult, check_finite
from ml.simulation.bubbles import draw_bubbles
from ml.simulation.conditions import ANOTHER_ORDINARY

NAME = "probe: cells drawn at another school, ordinary"
COUNTS = {"marks": 2_000, "numerals": 1_000, "letters": 600}  # two or three seconds of drawing each


def probe(card: Card, folder: Path, cache: Path | None) -> ProbeResult:
    """Raises WeightsDamaged, EnginesDisagree, ValueError."""
    reader = load_reader(card.kind, folder, card, cache)
    (cells, targets), md5 = drawn(card.kind)
    probabilities = reader.probabilities(as_learned(cells, card))
    check_finite(probabilities)
    return ProbeResult(NAME, md5, len(cells), figures(reader, probabilities, targets))


@cache
def drawn(kind: str) -> tuple[Sample, str]:
    """The cells with targets in the order of the recipe's classes, and their md5."""
    cells, targets = source(kind)(COUNTS[kind], Random("probe"), ANOTHER_ORDINARY)
    known = select_clear(cells, targets)[0], select_clear(targets, targets)[0]
    md5 = hashlib.md5(known[0].tobytes() + known[1].tobytes(), usedforsecurity=False)
    return known, md5.hexdigest()


def source(kind: str) -> Draw:
    if kind == "marks":
        return draw_bubbles
    written = shipped("letters")
    if kind == "numerals":
        return partial(numerals.draw_numerals, shipped("digits"), written.of(numerals.NOT_DIGITS))
    return partial(letters.draw_letters, *letters.answers(written))


def shipped(name: str) -> Characters:
    with np.load(PROBES / f"{name}.npz", allow_pickle=False) as kept:
        return characters.crop_characters(kept["x"], [str(label) for label in kept["y"]])


def as_learned(cells: Picture, card: Card) -> Picture:
    """Cells may come with a reference in a second channel; networks that learned without see the cell alone."""
    channels = card.preprocessing.get("channels", 1)
    return cells[:, 0] if cells.ndim == 4 and channels == 1 else cells


def figures(reader: CellReader, probabilities: Numbers, targets: Numbers) -> dict[str, float]:
    """By the names of classes and meanings, in whichever order the card has them."""
    recipe, names = RECIPES[reader.card.kind], np.array(list(reader.meanings))
    meant = reader.read_meanings(probabilities)
    wanted = np.array(list(recipe.meanings))[sums(recipe, targets).argmax(1)]
    is_right, is_certain = names[meant.argmax(1)] == wanted, meant.max(1) >= reader.certain
    return {
        "accuracy of the meaning": float(is_right.mean()),
        "share left for review": float(1 - is_certain.mean()),
        "wrong among the certain": float((~is_right)[is_certain].mean()) if is_certain.any() else 0.0,
    }
