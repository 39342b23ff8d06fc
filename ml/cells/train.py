"""Training a reader of cells: draw, learn, calibrate, test, write weights and card."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn

from ml.cells.corrections import CorrectedCells, with_corrections
from ml.cells.evaluate import RECIPES, measure, select_clear
from ml.cells.looks import Moves, logits_of_looks
from ml.cells.network import cell_network
from ml.cells.reader import network_input
from ml.cells.recipe import CALIBRATED_ON, TRAINED_ON, CellRecipe, DataSource, Sample, draw_mixed, sums
from ml.core.architectures import load_network, save_network
from ml.core.arrays import Labels, Numbers, Picture, in_parts
from ml.core.calibration import Calibration, certain_threshold, fit_calibration, weights_of
from ml.core.cards import Card, checked_weights, config_on_card
from ml.core.trainer import GENTLER, HALVES_PAY, Enough, Places, Trainer, Watch, continued, unwatched
from ml.simulation.conditions import ORDINARY

CALIBRATION_CELLS = 60_000
CALIBRATION_DRAWS = 3  # of as many: by one alone the threshold of digits was .966, .982 or .989
VALIDATION_CELLS = 3_000
PREPROCESSING = {"grey": "uint8, paper high", "input": "(255 - grey) / 255"}


def train(
    kind: str,
    data_folder: Path,
    out: Path,
    seed: int = 1,
    epochs: int | None = None,
    minutes: float | None = None,
    watch: Watch = unwatched,
    corrected: CorrectedCells | None = None,
    start: Path | None = None,
    earlier: int = 0,
    keeps_checkpoint: bool = False,
) -> Card:
    """Trains `kind` and writes <kind>.safetensors and <kind>.json into out.

    corrected: cells to learn from besides; minutes: of training, in place of epochs; start: a folder with weights to
    begin with; earlier: see Trainer. An interrupted training goes on from <kind>.partial in out, if all of it is the
    same: recipe, seed, epochs, minutes and data. Raises DataMissing with a sentence where data is wanted.
    """
    recipe = RECIPES[kind]
    out.mkdir(parents=True, exist_ok=True)
    learner = CellLearner(
        replace(recipe, epochs=epochs or recipe.epochs), data_folder, seed, corrected, start
    )
    trainer = Trainer(learner, seed, out / f"{kind}.partial", minutes, earlier)
    run(trainer, learner, watch)
    card = finish(trainer, learner, out, watch)
    if not keeps_checkpoint:
        trainer.checkpoint.path.unlink(missing_ok=True)
    return card


def run(trainer: Trainer, learner: "CellLearner", watch: Watch) -> None:
    """The pool is filled for the epoch at which the training stands, which takes minutes, is told and may be ended."""
    trainer.resume()

    def tell(step: str) -> None:
        trainer.tell(watch, step=step)
        if trainer.is_ended:
            raise Enough

    with suppress(Enough):
        learner.pool.fill(trainer.epoch, tell)
    trainer.run(watch)


def recalibrate(
    kind: str, data_folder: Path, folder: Path, seed: int = 1, corrected: CorrectedCells | None = None
) -> Card:
    """Calibrates and measures the weights in `folder` anew and writes their card; the weights stay as they are."""
    learner = CellLearner(RECIPES[kind], data_folder, seed, corrected)
    trainer = Trainer(learner, seed, folder / f"{kind}.partial")
    trainer.trained.load_state_dict(safetensors.torch.load_file(folder / f"{kind}.safetensors"))
    return finish(trainer, learner, folder, unwatched)


class CellLearner:
    """A network that learns to read one kind of cell from a pool that is renewed bit by bit."""

    def __init__(
        self,
        recipe: CellRecipe,
        data_folder: Path,
        seed: int,
        corrected: CorrectedCells | None = None,
        start: Path | None = None,
    ) -> None:
        self.recipe, self.seed = recipe, seed
        source = recipe.source(data_folder)
        self.source = with_corrections(source, corrected) if corrected else source
        torch.manual_seed(seed)
        self.network = cell_network(recipe.network)
        self.former = Card.load(start, recipe.kind) if start else None
        if start and self.former:
            self.begin_with(load_network(self.former, checked_weights(start, self.former)))
        self.pool = Pool(recipe, self.source, seed)

    def begin_with(self, former: nn.Module) -> None:
        """Trained weights in place of random ones; what they know is kept by smaller steps."""
        self.network.load_state_dict(former.state_dict())
        self.recipe = replace(self.recipe, rate=self.recipe.rate * GENTLER)

    @cached_property
    def held_out(self) -> Sample:
        return self.source.draw_held_out(VALIDATION_CELLS, Random("validation"), ORDINARY)

    @property
    def plan(self) -> dict[str, Any]:
        return {"data": self.source.data} | ({"start": self.former.sha256} if self.former else {})

    def batches(self, epoch: int) -> list[Places]:
        self.network.train()
        self.cells, self.targets = self.pool.renewed(epoch)
        order = np.random.default_rng((self.seed, epoch)).permutation(len(self.cells))
        return np.array_split(order, max(1, len(order) // self.recipe.batch))

    def loss(self, places: Places) -> tuple[Tensor, None]:
        """The mean over the members. Targets are soft where a cell is in doubt, so that nothing is said of how many are
        right."""
        with torch.autocast("cpu", torch.bfloat16, enabled=HALVES_PAY):
            logits = self.network.votes(torch.from_numpy(network_input(self.cells[places])))
        targets = torch.from_numpy(self.targets[places]).expand_as(logits)
        return nn.functional.cross_entropy(logits.float().flatten(0, 1), targets.flatten(0, 1)), None

    def validate(self, network: nn.Module) -> tuple[float, float]:
        """Loss, and accuracy of the class where that is clear."""
        cells, targets = self.held_out
        logits = logits_of(network.eval(), cells)
        loss = nn.functional.cross_entropy(torch.from_numpy(logits), torch.from_numpy(targets))
        known, classes = select_clear(logits, targets)
        return float(loss), float((known.argmax(1) == classes).mean())


class Pool:
    """Cells to learn from; each epoch a part of them is drawn anew, so that none is seen too often."""

    def __init__(self, recipe: CellRecipe, source: DataSource, seed: int) -> None:
        self.recipe, self.source, self.seed = recipe, source, seed
        self.samples: list[Sample] = []

    def fill(self, epoch: int, report: Callable[[str], None]) -> None:
        """All but what the epoch itself draws anew. report: hears of each kind of conditions in every part."""
        parts = self.recipe.pool // self.recipe.cells - 1
        steps = count(1)
        self.samples = []
        for number in range(epoch, epoch + parts):
            self.samples.append(
                self.draw(
                    number, lambda: report(f"drawing cells, {next(steps)} of {parts * len(TRAINED_ON)}")
                )
            )

    def draw(self, number: int, heard: Callable[[], None] = lambda: None) -> Sample:
        random = Random(f"train {self.seed} {number}")
        return draw_mixed(self.source.draw, self.recipe.cells, random, TRAINED_ON, heard)

    def renewed(self, epoch: int) -> Sample:
        parts = self.recipe.pool // self.recipe.cells
        self.samples = (
            [*self.samples[1 - parts :], self.draw(epoch + parts - 1)] if parts > 1 else [self.draw(epoch)]
        )
        cells, targets = zip(*self.samples, strict=True)
        return np.concatenate(cells), np.concatenate(targets)


def finish(trainer: Trainer, learner: CellLearner, out: Path, watch: Watch) -> Card:
    """Calibrates the averaged weights on held-out cells, measures them and writes weights and card."""
    recipe, network = learner.recipe, trainer.trained.eval()
    trainer.tell(watch, 1.0, "calibrating")
    calibration, certain = calibrate(network, learner)
    found = measure(
        recipe,
        learner.source,
        lambda cells: calibration.probabilities(logits_of(network, cells, recipe.moves)),
        certain,
        on_progress=lambda step: trainer.tell(watch, 1.0, step),
    )
    return save_network(
        network,
        out,
        kind=recipe.kind,
        name=recipe.kind,
        architecture="ml.network.CellNet",
        config=config_on_card(recipe.network),
        preprocessing=preprocessing(recipe),
        classes=list(recipe.classes),
        meanings={name: list(classes) for name, classes in recipe.meanings.items()},
        temperature=calibration.temperature,
        shift=list(calibration.shift),
        certain=round(certain, 5),
        data=learner.source.data,
        metrics=found.metrics,
        curves=continued(learner.former.curves, trainer.curves) if learner.former else trainer.curves,
        confusion=found.confusion,
        reliability=found.reliability,
        seed=trainer.seed,
    )


def preprocessing(recipe: CellRecipe) -> dict[str, Any]:
    """As cards have it."""
    shape = {"size": recipe.network.side, "channels": recipe.network.inputs}
    moves = {"moves": [list(move) for move in recipe.moves]} if recipe.moves else {}
    return PREPROCESSING | shape | moves


def calibrate(network: nn.Module, learner: CellLearner) -> tuple[Calibration, float]:
    """Calibration and certain threshold, from cells of sources that training has not seen, weighed as on sheets."""
    recipe = learner.recipe
    draws = [held_out_logits(network, learner, draw) for draw in range(CALIBRATION_DRAWS)]
    logits, labels = (np.concatenate(parts) for parts in zip(*draws, strict=True))
    calibration = fit_calibration(logits, labels, recipe.prior)
    meant = sums(recipe, calibration.probabilities(logits))
    meaning = sums(recipe, np.eye(len(recipe.classes), dtype=np.float32)).argmax(1)[labels]
    certain = certain_threshold(meant, meaning, weights_of(labels, recipe.prior), recipe.allowed_wrong)
    return calibration, certain


def held_out_logits(network: nn.Module, learner: CellLearner, draw: int) -> tuple[Numbers, Labels]:
    """Of cells whose class is clear, with their classes; each draw has others of the same sources."""
    seed = Random(f"calibrate {learner.seed + draw}")
    cells, targets = draw_mixed(learner.source.draw_held_out, CALIBRATION_CELLS, seed, CALIBRATED_ON)
    known, labels = select_clear(cells, targets)
    return logits_of(network, known, learner.recipe.moves), labels


def logits_of(network: nn.Module, cells: Picture, moves: Moves = ()) -> Numbers:
    def in_one_look(cells: Picture) -> Numbers:
        return in_parts(lambda part: network(torch.from_numpy(network_input(part))).numpy(), cells, 512)

    with torch.inference_mode():
        return logits_of_looks(in_one_look, cells, moves)
