"""Several trainings of one digit network: the best by its validation digits is kept, the card says how all did."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ml.core.calibration import reliability_bins
from ml.core.cards import Card, checked_weights
from ml.core.evaluation import Metric
from ml.core.trainer import OnProgress, Report, Watch
from ml.digits import data as digit_data
from ml.digits.evaluate import measure, named_sets, predict
from ml.digits.reader import load_digit_reader
from ml.digits.train import card_name, of_seeds, train


def train_seeds(
    architecture: str,
    data_folder: Path,
    out_folder: Path,
    seeds: Sequence[int],
    epochs: int | None = None,
    minutes: float | None = None,
    start: Path | None = None,
    watch: Watch = lambda report: None,
    earlier: int = 0,
    keeps_checkpoint: bool = False,
) -> Card:
    """Trains with each seed, writes <name>.safetensors and <name>.json of the best into out_folder, with its figures.

    Each seed has a folder of its own there, <name>-<seed>, from which an interrupted training goes on; they are removed
    when all is written, unless they are to go on later. minutes are those of all seeds together; start: a folder with
    weights to begin with; earlier: see Trainer. Raises DataMissing where MNIST is not in data_folder, WeightsDamaged
    where start has no weights of this name.
    """
    digit_data.mnist_digits(data_folder, "t10k")  # what is missing is said before hours of work
    folders = [out_folder / f"{card_name(architecture)}-{seed}" for seed in seeds]
    share = minutes / len(seeds) if minutes else None
    cards: list[Card] = []
    told: list[Report] = []
    for seed, folder in zip(seeds, folders, strict=True):
        heard = watch_of(watch, len(cards), len(seeds), told)
        cards.append(train(architecture, data_folder, folder, seed, epochs, share, start, heard, earlier))
    best = max(range(len(cards)), key=lambda number: validation(cards[number]))

    def on_progress(name: str) -> None:
        watch(replace(told[-1], share=1.0, step=f"measuring: {name}"))

    card = cards[best]
    if len(seeds) > 1:
        card = replace(card, metrics=accuracy_range(cards, folders, data_folder))
    card = measured(card, folders[best], data_folder, folders[best], on_progress)
    card.save(out_folder, checked_weights(folders[best], card))
    for folder in () if keeps_checkpoint else folders:
        shutil.rmtree(folder)
    return card


def watch_of(watch: Watch, number: int, count: int, told: list[Report]) -> Watch:
    """Reports of one training among several as those of all; told: gets them."""

    def of_all(report: Report) -> None:
        told.append(report)
        step = f"seed {report.seed}, {report.step}" if count > 1 else report.step
        watch(replace(report, share=(number + report.share) / count, step=step))

    return of_all


def validation(card: Card) -> tuple[float, float]:
    """Of its last epoch; the loss decides between equal accuracies."""
    last = card.curves[-1]
    return last["validation_accuracy"], -last["validation_loss"]


def accuracy_range(cards: Sequence[Card], folders: Sequence[Path], data_folder: Path) -> list[Metric]:
    """How MNIST's test half is read by each seed's network: mean, lowest and highest accuracy."""
    accuracies = []
    for card, folder in zip(cards, folders, strict=True):
        test_set = next(named_sets(data_folder))
        accuracies.append(predict(load_digit_reader(card, folder, folder), test_set).figures()["accuracy"])
    found = {"mean": float(np.mean(accuracies)), "lowest": min(accuracies), "highest": max(accuracies)}
    figures = {f"accuracy, {which} of {len(cards)} seeds": value for which, value in found.items()}
    return test_set.metric_rows(figures)


def measured(
    card: Card,
    folder: Path,
    data_folder: Path,
    cache: Path | None = None,
    on_progress: OnProgress = lambda name: None,
) -> Card:
    """The card with the figures of its weights in `folder`; those of several seeds stay."""
    figures, first = measure(load_digit_reader(card, folder, cache), data_folder, on_progress=on_progress)
    return replace(
        card,
        metrics=[*of_seeds(card), *figures],
        confusion=first.confusion.tolist(),
        reliability=reliability_bins(first.probabilities, first.labels),
    )
