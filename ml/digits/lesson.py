"""One training of a digit network: examples in other hands, averaged weights, a stop when nothing is gained."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.core.architectures import load_network
from ml.core.calibration import log_loss, softmax
from ml.core.cards import Card, checked_weights
from ml.core.reports import Point, Report, Watch
from ml.core.trainer import HALVES_PAY, fitting_epochs, moving_average
from ml.digits import data as digit_data
from ml.digits.augmentation import varied
from ml.digits.data import Examples
from ml.digits.network import BUILDERS, build, to_tensor, unfold, with_none

GENTLER = 0.2  # of the rate, where trained weights are learned further
UNFOLDED = 1024  # pictures that say how such weights are normalised
TELLING = 50  # batches between two reports


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


def config_of(architecture: str) -> dict[str, Any]:
    """The default config, as it stands on cards."""
    config = asdict(BUILDERS[architecture][1]())
    return {name: list(value) if isinstance(value, tuple) else value for name, value in config.items()}


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
        start: Path | None = None,
    ) -> None:
        self.recipe, self.seed, self.epochs, self.checkpoint = recipe, seed, epochs, checkpoint
        self.minutes, self.started = minutes, time.monotonic()
        self.examples = digit_data.training_examples(data_folder, seed)
        self.validation = digit_data.validation_examples(data_folder)
        torch.manual_seed(seed)
        self.network: nn.Sequential = build(recipe.architecture)
        self.former = Card.load(start, name_of(recipe.architecture)) if start else None
        if start and self.former:
            self.begin_with(load_network(self.former, checked_weights(start, self.former)))
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network, avg_fn=moving_average, use_buffers=True
        )
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=recipe.rate, weight_decay=recipe.decay
        )
        self.curves: list[Point] = []
        self.best: dict[str, Any] = {}
        self.plan = f"{recipe} {config_of(recipe.architecture)} {epochs} {minutes} {len(self.examples)}"
        self.plan += f" {self.former.sha256}" if self.former else ""

    def begin_with(self, former: nn.Module) -> None:
        """Trained weights in place of random ones; what they know is kept by smaller steps."""
        assert isinstance(former, nn.Sequential)
        chosen = torch.randperm(len(self.examples))[:UNFOLDED].numpy()
        unfold(former, self.network, varied(to_tensor(self.examples.pictures[chosen]), self.recipe.strength))
        self.recipe = replace(self.recipe, rate=self.recipe.rate * GENTLER)

    @property
    def epoch(self) -> int:
        return len(self.curves)

    def run(self, watch: Watch) -> None:
        """The epochs that are still to do, or fewer where the validation accuracy no longer rises.

        The last weights count, which are cooled: a maximum over epochs would be one of chance, since a single digit of
        the validation set is as much as two networks differ. Where training stops early they are the best instead.
        """
        self.resume()
        while self.share() < 1 and not self.is_idle():
            self.started = time.monotonic()
            loss, accuracy = self.learn(watch)
            self.note(loss, accuracy, self.seconds())
            if self.minutes and self.epoch == 1:
                self.epochs = fitting_epochs(self.epochs, 1, self.seconds(), self.minutes)
            self.save()
        if self.is_idle():
            self.average.module.load_state_dict(self.best)
        watch(self.report(1.0))

    def seconds(self) -> float:
        """Since this epoch began."""
        return time.monotonic() - self.started

    def share(self, part: float = 0.0) -> float:
        """Of the training that is done, with this part of an epoch: of its time where that is given (Li, Yumer,
        Ramanan, Budgeted training, 2020), else of its epochs."""
        if not self.minutes:
            return (self.epoch + part) / self.epochs
        spent = sum(point["seconds"] for point in self.curves) + (self.seconds() if part else 0.0)
        return min(1.0, spent / (60 * self.minutes))

    def learn(self, watch: Watch) -> tuple[float, float]:
        """One epoch, or what time is left for; returns the mean loss and accuracy on its augmented examples."""
        self.network.train()
        loss, right, seen = 0.0, 0.0, 0
        for number, (chosen, share) in enumerate(self.batches()):
            if number % TELLING == 0:
                watch(self.report(share))
            self.set_rate(share)
            pictures = varied(to_tensor(self.examples.pictures[chosen]), self.recipe.strength)
            one_loss, one_right = self.step(pictures, torch.from_numpy(self.examples.labels[chosen]))
            loss, right, seen = loss + one_loss * len(chosen), right + one_right, seen + len(chosen)
        return loss / seen, right / seen

    def batches(self) -> Iterator[tuple[NDArray[np.int64], float]]:
        """Places (n,) of examples in an order of this epoch's own, each with the share of the training that is done."""
        torch.manual_seed(self.seed * 1000 + self.epoch)
        order = torch.randperm(len(self.examples)).numpy()
        batches = np.array_split(order, max(1, len(order) // self.recipe.batch))
        for number, chosen in enumerate(batches):
            share = self.share(number / len(batches))
            if number and share >= 1:
                return
            yield chosen, share

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

    def report(self, share: float) -> Report:
        step = f"epoch {min(self.epoch + 1, self.epochs)} of {self.epochs}"
        if self.curves:
            last = self.curves[-1]
            step += f", validation {last['validation_loss']:.4f}, {last['validation_accuracy']:.2%}"
        return Report(share, step, self.seed, self.epochs, list(self.curves))

    def all_curves(self) -> list[Point]:
        """Of the weights it began with, too."""
        before = self.former.curves if self.former else []
        return [point | {"epoch": epoch} for epoch, point in enumerate([*before, *self.curves], 1)]

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


def logits_of(network: nn.Module, examples: Examples) -> np.ndarray:
    network.eval()
    with torch.inference_mode():
        parts = [
            network(to_tensor(part)).numpy()
            for part in np.array_split(examples.pictures, len(examples) // 500 + 1)
        ]
    return np.concatenate(parts)
