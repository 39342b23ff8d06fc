"""Digits that people put right: a digit network learns from them, beside MNIST where that is there.

A fifth of them is held out, and never learned from: what a network makes of it is a test of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ml.core.cards import Card, write_whole
from ml.core.characters import DataMissing, mnist_file
from ml.core.corrections import FEWEST, TooFewCorrections, collection_of_corrections
from ml.core.evaluation import Metric
from ml.core.trainer import Watch
from ml.digits import data as digit_data
from ml.digits import seeds as digit_seeds
from ml.digits.data import LabelledDigits
from ml.digits.evaluate import DigitTestSet, from_examples, predict
from ml.digits.reader import load_digit_reader
from ml.digits.train import card_name


@dataclass(frozen=True)
class Corrections:
    """learned, held_out: digits 0 to 9; each of them wholly of one or the other."""

    learned: LabelledDigits
    held_out: LabelledDigits

    @property
    def test_set(self) -> DigitTestSet:
        return from_examples(f"corrections, held out ({len(self.held_out)})", self.held_out, is_framed=True)


def train(
    architecture: str,
    corrections: Corrections,
    collections: Path | None,
    start: Path | None,
    out: Path,
    seed: int,
    epochs: int | None,
    watch: Watch,
    earlier: int = 0,
) -> Card:
    """Writes <name>.safetensors and <name>.json into out; an interrupted training goes on. Checkpoints are kept.

    collections: the folder of public collections, if there is one; start: with weights to learn further, which is all
    there is to begin with where MNIST is not. Raises TooFewCorrections, WeightsDamaged.
    """
    if len(corrections.held_out) < 1 or (collections is None and len(corrections.learned) < FEWEST):
        raise TooFewCorrections
    folder = out / "data"
    write_collections(folder, corrections, collections)
    card = digit_seeds.train_seeds(
        architecture,
        folder,
        out,
        [seed],
        epochs,
        start=start,
        watch=watch,
        earlier=earlier,
        keeps_checkpoint=True,
    )
    own = measure(card, out, corrections, out)
    known = card.metrics if collections else []  # else the held-out corrections stood for MNIST's test half
    sources = card.data if collections else []
    card = replace(card, metrics=[*known, *own], data=[collection_of_corrections(), *sources])
    card.save(out)
    return card


def measure(card: Card, folder: Path, corrections: Corrections, cache: Path) -> list[Metric]:
    """Of any version, on the held-out corrections. cache: where its readied network is kept."""
    reader, test_set = load_digit_reader(card, folder, cache), corrections.test_set
    return test_set.metric_rows(predict(reader, test_set).figures())


def mnist_folder(folder: Path) -> Path | None:
    """The folder, if MNIST is in it."""
    try:
        for part in ("images-idx3", "labels-idx1"):
            mnist_file(folder, "t10k", part)
    except DataMissing:
        return None
    return folder


def write_collections(folder: Path, corrections: Corrections, collections: Path | None) -> None:
    """The same collections with the corrections first among MNIST's training half, whose end is never trained on."""
    learned, test = corrections.learned, corrections.held_out
    if collections:
        link(folder, collections)
        learned, test = (
            learned + digit_data.mnist_digits(collections, "train"),
            digit_data.mnist_digits(collections, "t10k"),
        )
    raw = folder / "digits" / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    for split, examples in (("train", learned), ("t10k", test)):
        write_whole(raw / f"{split}-images-idx3-ubyte", encode_idx(examples.pictures))
        write_whole(raw / f"{split}-labels-idx1-ubyte", encode_idx(examples.labels.astype(np.uint8)))


def link(folder: Path, collections: Path) -> None:
    """What is in there but MNIST, under the same names."""
    for path in collections.rglob("*"):
        own = folder / path.relative_to(collections)
        if path.is_file() and "-ubyte" not in path.name and not own.exists():
            own.parent.mkdir(parents=True, exist_ok=True)
            own.symlink_to(path.resolve())


def encode_idx(array: np.ndarray) -> bytes:
    """As MNIST's files are."""
    head = np.array(array.shape, ">u4").tobytes()
    return bytes([0, 0, 8, array.ndim]) + head + array.tobytes()


def gathered(pictures: np.ndarray, labels: Sequence[int], is_held_out: Sequence[bool]) -> Corrections:
    held = np.array(is_held_out, bool)
    every = LabelledDigits(pictures, np.array(labels, np.int64))
    return Corrections(every.where(~held), every.where(held))


def to_begin_with(card: Card, content: bytes, architecture: str, folder: Path) -> Path:
    """A folder with these weights under the name that training takes."""
    folder.mkdir(parents=True, exist_ok=True)
    card = replace(card, name=card_name(architecture))
    card.save(folder, content)
    return folder
