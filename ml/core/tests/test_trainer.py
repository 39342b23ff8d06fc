"""One cycle, and checkpoints that are taken up by their own plan alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from ml.core import trainer as trainer_module
from ml.core.checkpoints import Checkpoint, CheckpointLost
from ml.core.trainer import (
    Enough,
    NothingLearned,
    Recipe,
    Report,
    Trainer,
    unwatched,
)

RECIPE = Recipe(epochs=4, batch=8, rate=0.1)
ROWS = torch.linspace(-1, 1, 32)[:, None]


class Line:
    """Learns y = 2 x."""

    plan: dict[str, Any] = {"slope": 2}

    def __init__(self, recipe: Recipe = RECIPE) -> None:
        self.recipe = recipe
        torch.manual_seed(1)
        self.network = nn.Linear(1, 1)

    def batches(self, epoch: int) -> list[np.ndarray]:
        return np.array_split(torch.randperm(len(ROWS)).numpy(), len(ROWS) // self.recipe.batch)

    def loss(self, places: np.ndarray) -> tuple[torch.Tensor, None]:
        return (self.network(ROWS[places]) - 2 * ROWS[places]).square().mean(), None

    def validate(self, network: nn.Module) -> tuple[float, float]:
        return float((network(ROWS) - 2 * ROWS).square().mean().detach()), 0.5


def trained(folder: Path, recipe: Recipe = RECIPE, seed: int = 1, minutes: float | None = None) -> Trainer:
    trainer = Trainer(Line(recipe), seed, folder / "line.partial", minutes)
    trainer.run(unwatched)
    return trainer


def test_the_rate_rises_and_cools_down_to_nothing():
    rates = [RECIPE.rate_at(done) for done in (0.0, 0.1, 0.2, 0.6, 1.0)]
    assert rates == pytest.approx([0.004, 0.052, 0.1, 0.05, 0.0])


def test_what_is_finished_is_taken_up_by_the_same_plan(tmp_path):
    first = trained(tmp_path)
    again = Trainer(Line(), 1, tmp_path / "line.partial")
    again.resume()
    assert again.curves == first.curves and again.share() == 1
    assert torch.equal(again.trained.weight, first.trained.weight)


@pytest.mark.parametrize(
    ("recipe", "seed", "minutes"),
    [
        (replace(RECIPE, epochs=9), 1, None),
        (replace(RECIPE, rate=0.2), 1, None),
        (replace(RECIPE, warm_up=0.5), 1, None),
        (replace(RECIPE, decay=0.0), 1, None),
        (RECIPE, 2, None),
        (RECIPE, 1, 5.0),
    ],
)
def test_any_other_plan_begins_anew(tmp_path, recipe, seed, minutes):
    trained(tmp_path)
    other = Trainer(Line(recipe), seed, tmp_path / "line.partial", minutes)
    other.resume()
    assert other.epoch == 0


def test_other_data_begins_anew(tmp_path, monkeypatch):
    trained(tmp_path)
    monkeypatch.setattr(Line, "plan", {"slope": 3})
    other = Trainer(Line(), 1, tmp_path / "line.partial")
    other.resume()
    assert other.epoch == 0


def test_training_that_gains_nothing_ends_with_the_best_weights(tmp_path):
    recipe = replace(RECIPE, epochs=50, patience=2)
    worse = iter([0.9, 0.8, 0.7])
    learner = Line(recipe)
    learner.validate = lambda network: (1.0, next(worse))
    trainer = Trainer(learner, 1, tmp_path / "line.partial")
    trainer.run(unwatched)
    assert [point["validation_accuracy"] for point in trainer.curves] == [0.9, 0.8, 0.7]
    assert torch.equal(trainer.trained.weight, trainer.best["weight"])


def test_a_half_written_checkpoint_does_not_replace_a_whole_one(tmp_path):
    checkpoint = Checkpoint(tmp_path / "one.partial", "plan")
    checkpoint.save({"epoch": 1})
    with pytest.raises(AttributeError):
        checkpoint.save({"epoch": lambda: None})  # cannot be written
    assert checkpoint.load() == {"epoch": 1, "plan": "plan", "course": "plan"}


# --- stopped, and longer than it was planned


def stopping_at(reports: int):
    """Who watches, and has enough at so many reports."""
    heard: list[Report] = []

    def watch(report: Report) -> None:
        heard.append(report)
        if len(heard) == reports:
            raise Enough

    return watch


def test_who_watches_ends_it_with_the_average_of_what_was_learned(tmp_path, monkeypatch):
    monkeypatch.setattr(trainer_module, "REPORTED_EVERY", 1)
    trainer = Trainer(Line(), 1, tmp_path / "line.partial")
    trainer.run(stopping_at(7))  # an epoch is four batches
    assert [point["epoch"] for point in trainer.curves] == [1, 1.5]
    assert torch.equal(trainer.trained.weight, trainer.average.module.weight)
    assert trainer.trained.weight.item() != Line().network.weight.item()


def test_ended_before_anything_was_learned_is_said(tmp_path):
    with pytest.raises(NothingLearned):
        Trainer(Line(), 1, tmp_path / "line.partial").run(stopping_at(1))


@pytest.mark.parametrize("stopped", [False, True])
def test_it_is_made_longer_from_its_checkpoint(tmp_path, stopped):
    first = Trainer(Line(), 1, tmp_path / "line.partial")
    first.run(stopping_at(3) if stopped else unwatched)
    longer = Trainer(Line(replace(RECIPE, epochs=6)), 1, tmp_path / "line.partial", earlier=first.epoch)
    longer.run(unwatched)
    assert longer.curves[: first.epoch] == first.curves and longer.epoch == 6
    again = Trainer(Line(replace(RECIPE, epochs=6)), 1, tmp_path / "line.partial", earlier=first.epoch)
    again.resume()  # as after its worker was killed
    assert again.curves == longer.curves and again.share() == 1


def test_one_that_gained_nothing_more_is_given_its_epochs_all_the_same(tmp_path, monkeypatch):
    worse = iter([0.9, 0.8, 0.7, 0.6])
    monkeypatch.setattr(Line, "validate", lambda self, network: (1.0, next(worse)))
    recipe = replace(RECIPE, epochs=50, patience=2)
    assert trained(tmp_path, recipe).epoch == 3
    longer = Trainer(Line(replace(recipe, epochs=4)), 1, tmp_path / "line.partial", earlier=3)
    longer.run(unwatched)
    assert longer.epoch == 4


def test_no_checkpoint_of_that_course_is_said(tmp_path):
    trained(tmp_path)
    with pytest.raises(CheckpointLost):
        Trainer(Line(replace(RECIPE, rate=0.2)), 1, tmp_path / "line.partial", earlier=4).resume()
