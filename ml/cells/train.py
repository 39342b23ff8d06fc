"""Training a reader: draw cells, learn, average the weights, calibrate, test, write weights and card."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ml.cells.evaluate import RECIPES, clear, measure
from ml.cells.network import CellNet
from ml.cells.reader import network_input
from ml.cells.recipe import CALIBRATED_ON, TRAINED_ON, Course, Recipe, Sample, draw_mixed, sums
from ml.core.architectures import parameter_count
from ml.core.calibration import Calibration, calibrated, certain_threshold, weights_of
from ml.core.cards import Card
from ml.core.reports import Point, Report, Watch, unwatched
from ml.core.trainer import HALVES_PAY, fitting_epochs, moving_average
from ml.simulation.conditions import ORDINARY

CALIBRATION_CELLS = 60_000
VALIDATION_CELLS = 3_000
PREPROCESSING = {"size": 32, "grey": "uint8, paper high", "input": "(255 - grey) / 255"}


def train(
    kind: str,
    data_folder: Path | str,
    out_folder: Path | str,
    seed: int = 1,
    epochs: int | None = None,
    minutes: float | None = None,
    watch: Watch = unwatched,
) -> Card:
    """Trains `kind` and writes <kind>.safetensors and <kind>.json into out_folder.

    minutes shortens the epochs to what fits, judged by the first. An interrupted training goes on from <kind>.partial
    in out_folder, where seed and epochs are the same. Raises DataMissing with a sentence where data is wanted.
    """
    recipe, out = RECIPES[kind], Path(out_folder)
    out.mkdir(parents=True, exist_ok=True)
    course = recipe.course(Path(data_folder))
    lesson = Lesson(recipe, course, seed, epochs or recipe.epochs, out / f"{kind}.partial")
    lesson.run(minutes, watch)
    card = finish(lesson, out, watch)
    lesson.checkpoint.unlink(missing_ok=True)
    return card


def recalibrate(
    kind: str,
    data_folder: Path | str,
    folder: Path | str,
    seed: int = 1,
) -> Card:
    """Calibrates and measures the weights in `folder` anew and writes their card; the weights stay as they are."""
    recipe, out = RECIPES[kind], Path(folder)
    lesson = Lesson(recipe, recipe.course(Path(data_folder)), seed, 0, out / f"{kind}.partial")
    lesson.average.module.load_state_dict(safetensors.torch.load_file(out / f"{kind}.safetensors"))
    return finish(lesson, out, unwatched)


class Lesson:
    """One training: a pool of cells that is renewed bit by bit, a network and the running average of its weights."""

    def __init__(self, recipe: Recipe, course: Course, seed: int, epochs: int, checkpoint: Path) -> None:
        self.recipe, self.course, self.seed, self.epochs = recipe, course, seed, epochs
        self.checkpoint = checkpoint
        torch.manual_seed(seed)
        self.network = CellNet(recipe.network)
        self.average = torch.optim.swa_utils.AveragedModel(
            self.network, avg_fn=moving_average, use_buffers=True
        )
        self.optimizer = torch.optim.AdamW(self.network.parameters(), lr=recipe.rate, weight_decay=0.02)
        self.curves: list[Point] = []

    @property
    def epoch(self) -> int:
        """How many are done."""
        return len(self.curves)

    def run(self, minutes: float | None, watch: Watch) -> None:
        """All epochs that are still to do, at the pace of One Cycle (Smith, Super-Convergence, 2018)."""
        self.resume()
        started = time.monotonic()
        pool = Pool(self.recipe, self.course, self.seed, self.epoch, lambda step: watch(self.report(step)))
        held_out = self.course.draw_held_out(VALIDATION_CELLS, Random("validation"), ORDINARY)
        while self.epoch < self.epochs:
            began = time.monotonic()
            loss = self.learn(*pool.renewed(self.epoch))
            self.note(loss, *self.validated(*held_out), time.monotonic() - began)
            if minutes and self.epoch == 2:
                self.epochs = fitting_epochs(self.epochs, self.epoch, time.monotonic() - started, minutes)
            self.save()
            watch(self.report(f"epoch {self.epoch} of {self.epochs}, loss {loss:.4f}"))

    def report(self, step: str) -> Report:
        return Report(self.epoch / max(self.epochs, 1), step, self.seed, self.epochs, list(self.curves))

    def note(self, loss: float, validation_loss: float, validation_accuracy: float, seconds: float) -> None:
        point = {
            "epoch": self.epoch + 1,
            "train_loss": loss,
            "validation_loss": validation_loss,
            "validation_accuracy": validation_accuracy,
            "seconds": seconds,
        }
        self.curves.append({name: round(value, 6) for name, value in point.items()})

    def validated(self, cells: NDArray[np.uint8], targets: NDArray[np.float32]) -> tuple[float, float]:
        """Loss, and accuracy of the class where that is clear, of the averaged weights."""
        logits = logits_of(self.average.module.eval(), cells)
        loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(targets))
        known, classes = clear(logits, targets)
        return float(loss), float((known.argmax(1) == classes).mean())

    def learn(self, cells: NDArray[np.uint8], targets: NDArray[np.float32]) -> float:
        """One epoch over the pool in an order of its own; returns the mean loss."""
        self.network.train()
        order = np.random.default_rng((self.seed, self.epoch)).permutation(len(cells))
        torch.manual_seed(self.seed * 1000 + self.epoch)
        steps = np.array_split(order, max(1, len(order) // self.recipe.batch))
        total = 0.0
        for number, chosen in enumerate(steps):
            self.set_rate((self.epoch + number / len(steps)) / self.epochs)
            total += self.step(
                torch.from_numpy(network_input(cells[chosen])), torch.from_numpy(targets[chosen])
            )
        return total / len(steps)

    def step(self, cells: Tensor, targets: Tensor) -> float:
        with torch.autocast("cpu", torch.bfloat16, enabled=HALVES_PAY):
            logits = self.network(cells)
        loss = nn.functional.cross_entropy(logits.float(), targets)
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.average.update_parameters(self.network)
        return float(loss.detach())

    def set_rate(self, done: float) -> None:
        """Up for the first fifth, then down to nothing along a cosine."""
        share = done / 0.2 if done < 0.2 else 0.5 * (1 + np.cos(np.pi * (done - 0.2) / 0.8))
        for group in self.optimizer.param_groups:
            group["lr"] = (
                self.recipe.rate * float(0.04 + 0.96 * share)
                if done < 0.2
                else self.recipe.rate * float(share)
            )

    def save(self) -> None:
        draft = self.checkpoint.with_suffix(".draft")
        state = {name: getattr(self, name).state_dict() for name in ("network", "average", "optimizer")}
        facts = {"epochs": self.epochs, "seed": self.seed, "curves": self.curves}
        torch.save(state | facts, draft)
        draft.replace(self.checkpoint)

    def resume(self) -> None:
        if not self.checkpoint.exists():
            return
        kept = torch.load(self.checkpoint, weights_only=True)
        if kept["seed"] != self.seed or "curves" not in kept:
            return
        for name in ("network", "average", "optimizer"):
            getattr(self, name).load_state_dict(kept[name])
        self.epochs, self.curves = kept["epochs"], kept["curves"]


class Pool:
    """Cells to learn from; each epoch a part of them is drawn anew, so that none is seen too often."""

    def __init__(
        self, recipe: Recipe, course: Course, seed: int, epoch: int, tell: Callable[[str], None]
    ) -> None:
        self.recipe, self.course, self.seed = recipe, course, seed
        parts = recipe.pool // recipe.cells
        self.samples: list[Sample] = []
        for number in range(epoch, epoch + parts - 1):
            tell(f"drawing cells, {len(self.samples) + 1} of {parts}")
            self.samples.append(self.draw(number))

    def draw(self, number: int) -> Sample:
        return draw_mixed(
            self.course.draw, self.recipe.cells, Random(f"train {self.seed} {number}"), TRAINED_ON
        )

    def renewed(self, epoch: int) -> Sample:
        parts = self.recipe.pool // self.recipe.cells
        self.samples = (
            [*self.samples[1 - parts :], self.draw(epoch + parts - 1)] if parts > 1 else [self.draw(epoch)]
        )
        cells, targets = zip(*self.samples, strict=True)
        return np.concatenate(cells), np.concatenate(targets)


def finish(lesson: Lesson, out: Path, watch: Watch) -> Card:
    """Calibrates the averaged weights on held-out cells, measures them and writes weights and card."""
    recipe, network = lesson.recipe, lesson.average.module.eval()
    content = safetensors.torch.save(
        {name: tensor.contiguous() for name, tensor in network.state_dict().items()}
    )
    watch(lesson.report("calibrating"))
    calibration, certain = calibrate(network, lesson)
    found = measure(
        recipe,
        lesson.course,
        lambda cells: logits_of(network, cells),
        calibration,
        certain,
        tell=lambda step: watch(lesson.report(step)),
    )
    card = Card(
        kind=recipe.kind,
        name=recipe.kind,
        architecture="ml.network.CellNet",
        config={name: list(v) if isinstance(v, tuple) else v for name, v in asdict(recipe.network).items()},
        preprocessing=PREPROCESSING,
        classes=list(recipe.classes),
        meanings={name: list(classes) for name, classes in recipe.meanings.items()},
        temperature=calibration.temperature,
        shift=list(calibration.shift),
        certain=round(certain, 5),
        data=lesson.course.data,
        metrics=found.metrics,
        curves=lesson.curves,
        confusion=found.confusion,
        reliability=found.reliability,
        seed=lesson.seed,
        parameters=parameter_count(network),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    card.save(out, content)
    return card


def calibrate(network: nn.Module, lesson: Lesson) -> tuple[Calibration, float]:
    """Calibration and certain threshold, from cells of sources that training has not seen, weighed as on sheets."""
    cells, targets = draw_mixed(
        lesson.course.draw_held_out, CALIBRATION_CELLS, Random(f"calibrate {lesson.seed}"), CALIBRATED_ON
    )
    known, labels = clear(cells, targets)
    logits = logits_of(network, known)
    prior = lesson.recipe.prior
    calibration = calibrated(logits, labels, prior)
    meant = sums(lesson.recipe, calibration.probabilities(logits))
    certain = certain_threshold(
        meant, sums(lesson.recipe, clear(targets, targets)[0]).argmax(1), weights_of(labels, prior)
    )
    return calibration, certain


def logits_of(network: nn.Module, cells: NDArray[np.uint8]) -> NDArray[np.float32]:
    with torch.inference_mode():
        parts = [
            network(torch.from_numpy(network_input(part))).numpy()
            for part in np.array_split(cells, len(cells) // 512 + 1)
        ]
    return np.concatenate(parts)
