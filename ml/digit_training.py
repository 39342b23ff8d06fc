"""Training a digit network: examples in other hands, averaged weights, a stop when nothing is gained, calibration."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn

from ml import digit_data
from ml.augmentation import varied
from ml.calibration import TEMPERATURES, certain_threshold, log_loss, softmax
from ml.cards import Card, write_whole
from ml.digit_data import NONE, Examples
from ml.digits import (
    BUILDERS,
    DIGITS,
    build,
    digit_probabilities,
    is_digit_probability,
    plain,
    to_tensor,
    with_none,
)
from ml.network import parameter_count
from ml.training import HALVES_PAY, fitting_epochs, moving_average

Point = dict[
    str, float
]  # of the curves: epoch, train_loss, train_accuracy, validation_loss, validation_accuracy

TELLING = 50  # batches between two reports
PREPROCESSING = {"size": 28, "grey": "uint8, ink high, laid out as MNIST's", "input": "grey / 255"}
WRONG = 1 / 1000  # of the answers called certain
LOST = 0.006  # share of held-out digits that may be turned away as no digit
TURNED_AWAY = 0.97  # share of what is no digit; where that is reached, no more digits are given up for it


@dataclass(frozen=True)
class Report:
    """How a training stands. share: done of all that was asked, 0..1; epochs: planned; curves: of this seed so far."""

    share: float
    step: str
    seed: int
    epochs: int
    curves: list[Point]


Watch = Callable[[Report], None]


@dataclass(frozen=True)
class Recipe:
    """strength: of the augmentation; patience: epochs without gain after which training stops; weights of the last
    layers' decay as in AdamW (Loshchilov and Hutter, 2017)."""

    architecture: str
    epochs: int
    strength: float
    rate: float = 3e-3
    decay: float = 0.03
    batch: int = 128
    patience: int = 20


RECIPES = {
    "dense": Recipe("dense", epochs=30, strength=0.3, rate=1e-3),
    "cnn": Recipe("cnn", epochs=22, strength=1.0),
}


def name_of(architecture: str) -> str:
    """The CNN answers as "digits"; the baseline lies beside it."""
    return "digits" if architecture == "cnn" else f"digits_{architecture}"


def train(
    architecture: str,
    data_folder: Path,
    out_folder: Path,
    seed: int = 1,
    epochs: int | None = None,
    minutes: float | None = None,
    watch: Watch = lambda report: None,
) -> Card:
    """Trains and writes <name>.safetensors and <name>.json into out_folder, and <name>-<seed>.partial.

    From that file an interrupted training goes on; it stays when all is done, so that to ask once more costs little.
    minutes shortens the epochs to what fits, judged by the first. Raises DataMissing where MNIST is not in data_folder.
    """
    out_folder.mkdir(parents=True, exist_ok=True)
    recipe = RECIPES[architecture]
    checkpoint = out_folder / f"{name_of(architecture)}-{seed}.partial"
    lesson = Lesson(recipe, data_folder, seed, epochs or recipe.epochs, checkpoint, minutes)
    lesson.run(watch)
    return finish(lesson, data_folder, out_folder)


class Lesson:
    """One training: its network, the running average of the weights, and the best average so far."""

    def __init__(
        self,
        recipe: Recipe,
        data_folder: Path,
        seed: int,
        epochs: int,
        checkpoint: Path,
        minutes: float | None = None,
    ) -> None:
        self.recipe, self.seed, self.epochs, self.checkpoint = recipe, seed, epochs, checkpoint
        self.minutes = minutes
        torch.manual_seed(seed)
        self.network: nn.Sequential = build(recipe.architecture)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network, avg_fn=moving_average, use_buffers=True
        )
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.rate, weight_decay=recipe.decay
        )
        self.examples = digit_data.training_examples(data_folder, seed)
        self.validation = digit_data.validation_examples(data_folder)
        self.curves: list[Point] = []
        self.best: dict[str, Any] = {}
        self.plan = f"{recipe} {config_of(recipe.architecture)} {epochs} {minutes} {len(self.examples)}"

    @property
    def epoch(self) -> int:
        return len(self.curves)

    def run(self, watch: Watch) -> None:
        """The epochs that are still to do, or fewer where the validation accuracy no longer rises.

        The last weights count, which are cooled: a maximum over epochs would be one of chance, since a single digit of
        the validation set is as much as two networks differ. Where training stops early they are the best instead.
        """
        self.resume()
        while self.epoch < self.epochs and not self.is_idle():
            started = time.monotonic()
            loss, accuracy = self.learn(watch)
            self.note(loss, accuracy, time.monotonic() - started)
            if self.minutes and self.epoch == 1:
                self.epochs = fitting_epochs(self.epochs, 1, time.monotonic() - started, self.minutes)
            self.save()
        if self.is_idle():
            self.average.module.load_state_dict(self.best)
        watch(self.report(self.epochs))

    def learn(self, watch: Watch) -> tuple[float, float]:
        """One epoch in an order of its own; returns the mean loss and accuracy on its augmented examples."""
        self.network.train()
        torch.manual_seed(self.seed * 1000 + self.epoch)
        steps = torch.randperm(len(self.examples)).numpy()
        batches = np.array_split(steps, max(1, len(steps) // self.recipe.batch))
        loss = right = 0.0
        for number, chosen in enumerate(batches):
            done = self.epoch + number / len(batches)
            if number % TELLING == 0:
                watch(self.report(done))
            self.set_rate(done / self.epochs)
            pictures = varied(to_tensor(self.examples.pictures[chosen]), self.recipe.strength)
            one_loss, one_right = self.step(pictures, torch.from_numpy(self.examples.labels[chosen]))
            loss, right = loss + one_loss * len(chosen), right + one_right
        return loss / len(steps), right / len(steps)

    def step(self, pictures: Tensor, labels: Tensor) -> tuple[float, float]:
        with torch.autocast("cpu", torch.bfloat16, enabled=HALVES_PAY):
            logits = with_none(self.network(pictures.contiguous(memory_format=torch.channels_last)).float())
        loss = nn.functional.cross_entropy(logits, labels)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        return float(loss.detach()), float((logits.detach().argmax(1) == labels).sum())

    def set_rate(self, done: float) -> None:
        """One cycle: up for the first fifth, then down along a cosine (Smith, Super-Convergence, 2018)."""
        share = 0.04 + 0.96 * done / 0.2 if done < 0.2 else 0.5 * (1 + np.cos(np.pi * (done - 0.2) / 0.8))
        for group in self.optimizer.param_groups:
            group["lr"] = self.recipe.rate * float(share)

    def note(self, loss: float, accuracy: float, seconds: float) -> None:
        """The averaged weights on the validation digits; the best of them are kept."""
        logits = logits_of(self.average.module, self.validation)
        validation_loss = log_loss(softmax(logits), self.validation.labels, np.ones(len(logits)))
        point = {
            "epoch": self.epoch + 1,
            "train_loss": loss,
            "train_accuracy": accuracy,
            "validation_loss": validation_loss,
            "validation_accuracy": float((logits.argmax(1) == self.validation.labels).mean()),
            "seconds": seconds,
        }
        self.curves.append({name: round(value, 6) for name, value in point.items()})
        if self.since_best() == 0:
            self.best = {name: value.clone() for name, value in self.average.module.state_dict().items()}

    def since_best(self) -> int:
        """Epochs since the fewest validation errors; of equals the latest: cooled weights read others better."""
        accuracies = [point["validation_accuracy"] for point in reversed(self.curves)]
        return int(np.argmax(accuracies))

    def is_idle(self) -> bool:
        return bool(self.curves) and self.since_best() >= self.recipe.patience

    def report(self, done: float) -> Report:
        """done: epochs and the part of the one that goes on."""
        step = f"epoch {min(self.epoch + 1, self.epochs)} of {self.epochs}"
        if self.curves:
            last = self.curves[-1]
            step += f", validation {last['validation_loss']:.4f}, {last['validation_accuracy']:.2%}"
        return Report(done / self.epochs, step, self.seed, self.epochs, list(self.curves))

    def save(self) -> None:
        draft = self.checkpoint.with_suffix(".draft")
        state = {name: getattr(self, name).state_dict() for name in ("network", "average", "optimizer")}
        facts = {"best": self.best, "curves": self.curves, "epochs": self.epochs, "plan": self.plan}
        torch.save(state | facts, draft)
        draft.replace(self.checkpoint)

    def resume(self) -> None:
        """Goes on where the checkpoint ends, if it is one of the same plan."""
        kept = torch.load(self.checkpoint, weights_only=True) if self.checkpoint.exists() else {}
        if kept.get("plan") != self.plan:
            return
        for name in ("network", "average", "optimizer"):
            getattr(self, name).load_state_dict(kept[name])
        self.best, self.curves, self.epochs = kept["best"], kept["curves"], kept["epochs"]


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
        metrics=[],
        curves=lesson.curves,
        seed=lesson.seed,
        parameters=parameter_count(network),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_whole(out_folder / f"{card.name}.safetensors", content)
    card.save(out_folder)
    return card


def config_of(architecture: str) -> dict[str, Any]:
    """The default config, as it stands on cards."""
    config = asdict(BUILDERS[architecture][1]())
    return {name: list(value) if isinstance(value, tuple) else value for name, value in config.items()}


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


def logits_of(network: nn.Module, examples: Examples) -> np.ndarray:
    network.eval()
    with torch.inference_mode():
        parts = [
            network(to_tensor(part)).numpy()
            for part in np.array_split(examples.pictures, len(examples) // 500 + 1)
        ]
    return np.concatenate(parts)
