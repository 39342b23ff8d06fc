"""The trainer: epochs at the pace of one cycle, averaged weights, an early stop and reports of progress.

A room says what is learned (a Learner: network, batches, loss, validation) and how (a Recipe); the rest is here.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from ml.core.checkpoints import Checkpoint, CheckpointLost

Places = NDArray[np.int64]
Point = dict[str, float]  # of the curves: epoch, its losses and accuracies, seconds

# bfloat16 halves the time of a step there and costs no accuracy
HALVES_PAY = torch.backends.cpu.get_cpu_capability() == "AVX512"
GENTLER = 0.2  # of the rate, where trained weights are learned further
DECAY = 0.998  # of the averaged weights, a step
REPORTED_EVERY = 50  # batches
LONGEST_SILENCE = 2.0  # seconds, of large batches: who watches may want it to end


@dataclass(frozen=True)
class Report:
    """How a training stands. share: done of all that was asked, 0..1; epochs: planned; curves: of this seed so far."""

    share: float
    step: str
    seed: int
    epochs: int
    curves: list[Point]


Watch = Callable[[Report], None]
OnProgress = Callable[[str], None]  # hears the name of what is measured now


def unwatched(report: Report) -> None:
    """Where nobody watches."""


class Enough(Exception):
    """Raised by who watches: training ends here, with what was learned so far."""


class NothingLearned(Exception):
    """Training was ended before it had learned anything."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How something is learned. rate and decay: of AdamW (Loshchilov and Hutter, 2017); warm_up: share of the training
    in which the rate rises, from `first_rate` of it; patience: epochs without gain after which training stops, None
    for never; is_averaged: whether the running average of the weights is what counts."""

    epochs: int
    batch: int
    rate: float = 3e-3
    decay: float = 0.02
    warm_up: float = 0.2
    first_rate: float = 0.04
    patience: int | None = None
    is_averaged: bool = True

    def rate_at(self, done: float) -> float:
        """One cycle: up in a line, then down to nothing along a cosine (Smith, Super-Convergence, 2018)."""
        if done < self.warm_up:
            return self.rate * (self.first_rate + (1 - self.first_rate) * done / self.warm_up)
        return self.rate * 0.5 * float(1 + np.cos(np.pi * (done - self.warm_up) / (1 - self.warm_up)))


class Learner(Protocol):
    """What is learned. plan: whatever decides the weights beside the recipe and the seed: config, data, first weights.

    The network is in training mode, or not, as the learner left it at the beginning of the epoch.
    """

    @property
    def recipe(self) -> Recipe: ...
    @property
    def network(self) -> nn.Module: ...
    @property
    def plan(self) -> dict[str, Any]: ...

    def batches(self, epoch: int) -> Sequence[Places]:
        """Begins an epoch: which examples are in every batch, in an order of its own."""

    def loss(self, places: Places) -> tuple[Tensor, float | None]:
        """Of these examples the mean loss, and how many the network names right, where that can be said."""

    def validate(self, network: nn.Module) -> tuple[float, float]:
        """Loss and accuracy on examples that are not learned from."""


class Trainer:
    """One training: its network, the running average of the weights, and the best of it so far.

    minutes: of the whole training, in place of the recipe's epochs; earlier: epochs of the same training that was
    planned for fewer, from whose checkpoint it goes on.
    """

    def __init__(
        self,
        learner: Learner,
        seed: int,
        checkpoint: Path,
        minutes: float | None = None,
        earlier: int = 0,
    ) -> None:
        self.learner, self.recipe, self.seed = learner, learner.recipe, seed
        self.earlier, self.is_ended = earlier, False
        self.epochs, self.minutes, self.started = self.recipe.epochs, minutes, time.monotonic()
        self.network = learner.network
        self.average = AveragedModel(self.network, avg_fn=moving_average, use_buffers=True)
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(), lr=self.recipe.rate, weight_decay=self.recipe.decay
        )
        self.reported_at = 0.0
        self.curves: list[Point] = []
        self.best: dict[str, Tensor] = {}
        recipe = describe_recipe(self.recipe)
        plan = {"recipe": recipe, "seed": seed, "minutes": minutes} | learner.plan
        course = plan | {"recipe": {name: value for name, value in recipe.items() if name != "epochs"}}
        self.checkpoint = Checkpoint(checkpoint, str(plan), str(course))

    @property
    def epoch(self) -> int:
        """How many are done."""
        return len(self.curves)

    @property
    def trained(self) -> nn.Module:
        """The network with the weights that count."""
        return self.average.module if self.recipe.is_averaged else self.network

    def run(self, watch: Watch) -> None:
        """The epochs that are still to do, or fewer where the validation accuracy no longer rises.

        The last weights count, which are cooled: a maximum over epochs would be one of chance, since a single example
        of a validation set is as much as two networks differ. Where training stops early they are the best instead;
        where who watches has enough, those of that moment, a part of an epoch counting as one. Raises NothingLearned
        and CheckpointLost.
        """
        self.resume()
        while self.share() < 1 and not self.is_idle() and not self.is_ended:
            self.started = time.monotonic()
            learned = self.train_epoch(watch)
            if learned is None:
                break
            self.note(*learned)
            if self.minutes and self.epoch == 1:
                self.epochs = fitting_epochs(self.epochs, 1, self.curves[0]["seconds"], self.minutes)
            self.save()
        if not self.curves and self.is_ended:
            raise NothingLearned
        if self.is_idle():
            self.trained.load_state_dict(self.best)

    def seconds(self) -> float:
        """Since this epoch began."""
        return time.monotonic() - self.started

    def share(self, part: float = 0.0) -> float:
        """Of the training that is done, with this part of an epoch: of its time where that is given (Li, Yumer,
        Ramanan, Budgeted training, 2020), else of its epochs."""
        if not self.minutes:
            return (self.epoch + part) / self.epochs if self.epochs else 1.0
        spent = sum(point["seconds"] for point in self.curves) + (self.seconds() if part else 0.0)
        return min(1.0, spent / (60 * self.minutes))

    def tell(self, watch: Watch, share: float | None = None, step: str = "") -> None:
        """How it stands; hears that it is to end."""
        try:
            watch(self.report(share, step))
        except Enough:
            self.is_ended = True

    def train_epoch(self, watch: Watch) -> tuple[float, float | None, float] | None:
        """One epoch, or what time is left for; returns the mean loss and accuracy on the way, and how much of an epoch
        it was. None where nothing of it was learned."""
        torch.manual_seed(self.seed * 1000 + self.epoch)
        batches = self.learner.batches(self.epoch)
        losses, rights, seen = 0.0, [], 0
        for number, places in enumerate(batches):
            share = self.share(number / len(batches))
            if number and share >= 1:
                break
            if number % REPORTED_EVERY == 0 or time.monotonic() - self.reported_at >= LONGEST_SILENCE:
                self.reported_at = time.monotonic()
                self.tell(watch, share)
                if self.is_ended:
                    break
            loss, right = self.step(places, self.recipe.rate_at(share))
            losses, seen = losses + loss * len(places), seen + len(places)
            rights += [] if right is None else [right]
        else:
            number = len(batches)
        part = number / len(batches) if self.is_ended else 1.0
        return (losses / seen, sum(rights) / seen if rights else None, part) if seen else None

    def step(self, places: Places, rate: float) -> tuple[float, float | None]:
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        loss, right = self.learner.loss(places)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        if self.recipe.is_averaged:
            self.average.update_parameters(self.network)
        return float(loss.detach()), right

    def note(self, loss: float, accuracy: float | None, part: float = 1.0) -> None:
        """The end of an epoch, or of a part of it, on the curves; the best weights are kept where training may stop
        early."""
        validation_loss, validation_accuracy = self.learner.validate(self.trained)
        point = {
            "epoch": self.epoch + (1 if part == 1 else max(round(part, 2), 0.01)),
            "train_loss": loss,
            "train_accuracy": accuracy,
            "validation_loss": validation_loss,
            "validation_accuracy": validation_accuracy,
            "seconds": self.seconds(),
        }
        self.curves.append({name: round(value, 6) for name, value in point.items() if value is not None})
        if self.recipe.patience is not None and self.since_best() == 0:
            self.best = {name: value.clone() for name, value in self.trained.state_dict().items()}

    def since_best(self) -> int:
        """Epochs since the fewest validation errors; of equals the latest: cooled weights read others better."""
        return int(np.argmax([point["validation_accuracy"] for point in reversed(self.curves)]))

    def is_idle(self) -> bool:
        patience = self.recipe.patience
        if patience is None or not self.curves:
            return False
        return min(self.since_best(), self.epoch - self.earlier) >= patience

    def report(self, share: float | None = None, step: str = "") -> Report:
        """step: what is done now, where that is no epoch."""
        if not step:
            step = f"epoch {min(self.epoch + 1, self.epochs)} of {self.epochs}"
            if self.curves:
                last = self.curves[-1]
                step += f", validation {last['validation_loss']:.4f}, {last['validation_accuracy']:.2%}"
        done = self.share() if share is None else share
        return Report(done, step, self.seed, self.epochs, list(self.curves))

    @property
    def parts(self) -> tuple[str, ...]:
        return ("network", "optimizer", "average") if self.recipe.is_averaged else ("network", "optimizer")

    def save(self) -> None:
        state = {name: getattr(self, name).state_dict() for name in self.parts}
        self.checkpoint.save(state | {"best": self.best, "curves": self.curves, "epochs": self.epochs})

    def resume(self) -> None:
        """Stands where the checkpoint ends, if that is one of the same plan. Raises CheckpointLost."""
        state = self.checkpoint.load(is_longer=bool(self.earlier))
        if state is None and self.earlier:
            raise CheckpointLost
        if state is None:
            return
        for name in self.parts:
            getattr(self, name).load_state_dict(state[name])
        self.best, self.curves = state["best"], state["curves"]
        if not self.earlier:  # else as many as are asked for now
            self.epochs = state["epochs"]


def describe_recipe(recipe: Any) -> dict[str, Any]:
    """The fields of a recipe that can be written down; functions are named by the kind that they belong to."""
    values = {field.name: getattr(recipe, field.name) for field in fields(recipe)}
    return {name: value for name, value in values.items() if not callable(value)}


def continued(before: Sequence[Point], curves: Sequence[Point]) -> list[Point]:
    """The curves of weights that learned further, after those that they began with."""
    return [point | {"epoch": epoch} for epoch, point in enumerate([*before, *curves], 1)]


def moving_average(average: Tensor, newest: Tensor, steps: Tensor | int) -> Tensor:
    """Exponential moving average that follows quickly while the training is young."""
    return average + (newest - average) * max(1 - DECAY, 1 / (int(steps) / 5 + 2))


def fitting_epochs(planned: int, done: int, seconds: float, minutes: float) -> int:
    """How many epochs, of those planned, end within the minutes."""
    return max(done + 1, min(planned, int(minutes * 60 / (seconds / done))))
