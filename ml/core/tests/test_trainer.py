"""One cycle, and checkpoints that are taken up by their own plan alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from ml.core.trainer import Checkpoint, Recipe, Trainer, unwatched

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
    assert checkpoint.load() == {"epoch": 1, "plan": "plan"}
