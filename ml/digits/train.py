"""Training a digit network: the lesson, then calibration on what it has not seen, then weights with their card."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import safetensors.torch
import torch
from torch import nn

from ml.core.architectures import parameter_count
from ml.core.calibration import TEMPERATURES, certain_threshold, log_loss, softmax
from ml.core.cards import Card
from ml.core.reports import Watch
from ml.digits import data as digit_data
from ml.digits.data import NONE, Examples
from ml.digits.lesson import RECIPES, Lesson, config_of, logits_of, name_of
from ml.digits.network import DIGITS, digit_probabilities, plain
from ml.writing.reading import is_digit_probability

PREPROCESSING = {"size": 28, "grey": "uint8, ink high, laid out as MNIST's", "input": "grey / 255"}
WRONG = 1 / 1000  # of the answers called certain
LOST = 0.006  # share of held-out digits that may be turned away as no digit
TURNED_AWAY = 0.95  # share of what is no digit; where that is reached, no more digits are given up for it


def train(
    architecture: str,
    data_folder: Path,
    out_folder: Path,
    seed: int = 1,
    epochs: int | None = None,
    minutes: float | None = None,
    start: Path | None = None,
    watch: Watch = lambda report: None,
) -> Card:
    """Trains and writes <name>.safetensors and <name>.json into out_folder, and <name>-<seed>.partial.

    From that file an interrupted training goes on; it stays when all is done, so that to ask once more costs little.
    minutes shortens the epochs to what fits, judged by the first; start: a folder with weights of this name to begin
    with. Raises DataMissing where MNIST is not in data_folder, WeightsDamaged where start has no such weights.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[architecture]
    checkpoint = out_folder / f"{name_of(architecture)}-{seed}.partial"
    lesson = Lesson(recipe, data_folder, seed, epochs or recipe.epochs, checkpoint, minutes, start)
    lesson.run(watch)
    return finish(lesson, data_folder, out_folder)


def finish(lesson: Lesson, data_folder: Path, out_folder: Path) -> Card:
    """Folds normalisation and temperature into the averaged weights and writes them with their card."""
    network = plain(cast(nn.Sequential, lesson.average.module))
    held_out = digit_data.calibration_examples(data_folder)
    temper(network, held_out.digits)
    content = safetensors.torch.save(
        {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    )
    certain, is_digit = thresholds(logits_of(network, held_out), held_out)
    architecture = lesson.recipe.architecture
    card = Card(
        kind="digits",
        name=name_of(architecture),
        architecture=f"ml.digits.{architecture}",
        config=config_of(architecture),
        preprocessing=PREPROCESSING,
        classes=list(DIGITS),
        meanings={digit: [digit] for digit in DIGITS},
        temperature=1.0,
        shift=[0.0] * len(DIGITS),
        certain=certain,
        is_digit=is_digit,
        data=digit_data.sources(data_folder),
        metrics=of_seeds(lesson.former, ", before learning further"),
        curves=lesson.all_curves(),
        seed=lesson.seed,
        parameters=parameter_count(network),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    card.save(out_folder, content)
    return card


def of_seeds(card: Card | None, when: str = "") -> list[dict[str, Any]]:
    """The figures of several trainings on a card, which stay when one of them is measured anew or learns further."""
    rows = [row for row in card.metrics if " seeds" in row["measure"]] if card else []
    return [row | {"measure": row["measure"] + when} for row in rows]


def temper(network: nn.Sequential, held_out: Examples) -> None:
    """Divides the last layer by the temperature with the least log loss (Guo et al., 2017)."""
    logits = logits_of(network, held_out)
    weights = np.ones(len(held_out))
    losses = [
        log_loss(softmax(logits, float(temperature)), held_out.labels, weights)
        for temperature in TEMPERATURES
    ]
    answer = network.get_submodule("answer")
    with torch.no_grad():
        for parameter in answer.parameters():
            parameter.div_(float(TEMPERATURES[int(np.argmin(losses))]))


def thresholds(logits: np.ndarray, held_out: Examples) -> tuple[float, float]:
    """From which confidence on an answer may be called certain, and from which `is_digit` on it is a digit."""
    is_one = held_out.labels != NONE
    probabilities, labels = digit_probabilities(logits[is_one]), held_out.labels[is_one]
    certain = certain_threshold(probabilities, labels, np.ones(len(labels)), WRONG)
    few_lost = np.quantile(is_digit_probability(logits[is_one]), LOST)
    enough_caught = np.quantile(is_digit_probability(logits[~is_one]), TURNED_AWAY)
    return round(certain, 5), round(float(min(few_lost, enough_caught)), 5)
