"""A training of a few seconds: it learns, repeats itself and goes on where it was stopped."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.cells.network import CellNetConfig
from ml.cells.reader import load_reader
from ml.cells.recipe import CellRecipe
from ml.cells.train import CellLearner, run, train
from ml.core.cards import Card
from ml.core.characters import DataMissing
from ml.core.trainer import Enough, NothingLearned, Report, Trainer, Watch, fitting_epochs, unwatched
from ml.tests.tiny_cells import TINY, make_small
from tests.support.tiers import seldom


@pytest.fixture(autouse=True)
def small_recipe(monkeypatch):
    make_small(monkeypatch)


def training(folder: Path, seed: int = 1, recipe: CellRecipe = TINY, watch: Watch = unwatched) -> Trainer:
    learner = CellLearner(recipe, folder, seed)
    trainer = Trainer(learner, seed, folder / "marks.partial")
    run(trainer, learner, watch)
    return trainer


def weights_of(trainer: Trainer) -> np.ndarray:
    return np.concatenate([parameter.detach().numpy().ravel() for parameter in trainer.trained.parameters()])


def test_a_training_lowers_the_loss_and_the_same_seed_repeats_it(tmp_path):
    first, again, other = (training(tmp_path / name, seed) for name, seed in folders(tmp_path))

    assert first.curves[-1]["train_loss"] < 0.9 * first.curves[0]["train_loss"]
    assert first.curves[-1]["validation_loss"] < first.curves[0]["validation_loss"]
    assert (weights_of(first) == weights_of(again)).all()
    assert (weights_of(first) != weights_of(other)).any()


def folders(tmp_path):
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        (tmp_path / name).mkdir()
        yield name, seed


def test_a_training_that_was_stopped_goes_on_to_the_same_weights(tmp_path):
    whole = training(tmp_path)

    (tmp_path / "cut").mkdir()
    with pytest.raises(KeyboardInterrupt):
        training(tmp_path / "cut", watch=interrupt_after_first_epoch)
    reports: list[Report] = []
    resumed = training(tmp_path / "cut", watch=reports.append)

    assert len(reports[0].curves) == 1 and len(resumed.curves) == 3
    assert np.allclose(weights_of(resumed), weights_of(whole), atol=1e-6)


def interrupt_after_first_epoch(report: Report) -> None:
    if len(report.curves) == 1:
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    "change",
    [
        {"rate": 1e-3},
        *seldom(
            [
                {"epochs": 9},
                {"batch": 25},
                {"network": CellNetConfig(7, 8, (8, 12, 24), (0, 0, 0), inputs=2)},
            ]
        ),
    ],
)
def test_a_training_by_another_recipe_begins_anew(tmp_path, change):
    training(tmp_path)
    reports: list[Report] = []
    other = training(tmp_path, recipe=replace(TINY, **change), watch=reports.append)

    assert reports[0].curves == [] and len(other.curves) == other.recipe.epochs


def test_other_data_begins_anew(tmp_path):
    training(tmp_path)
    learner = CellLearner(TINY, tmp_path, seed=1)
    learner.source = replace(learner.source, data=[*learner.source.data, {"name": "more"}])
    trainer = Trainer(learner, 1, tmp_path / "marks.partial")
    trainer.resume()

    assert trainer.epoch == 0


def test_members_learn_apart_and_answer_together(tmp_path):
    network = training(
        tmp_path, recipe=replace(TINY, network=replace(TINY.network, members=2))
    ).trained.eval()
    cells = torch.rand(5, 2, 32, 32)
    with torch.inference_mode():
        first, second = network.votes(cells)
        assert not torch.allclose(first, second, atol=0.01)
        assert torch.allclose(network(cells), (first + second) / 2, atol=1e-6)


def test_a_training_writes_weights_that_load_with_a_complete_card(tmp_path):
    torch.set_num_threads(1)
    said: list[Report] = []

    card = train(
        "marks",
        tmp_path,
        tmp_path,
        seed=3,
        watch=said.append,
    )

    assert sorted(path.name for path in tmp_path.iterdir()) == ["marks.json", "marks.safetensors"]
    assert Card.load(tmp_path, "marks") == card and card.seed == 3
    assert load_reader("marks", tmp_path, device="cpu").read(np.zeros((2, 32, 32), np.uint8)).shape == (2, 7)
    steps = [report.step for report in said]
    assert steps[:2] == ["drawing cells, 1 of 2", "drawing cells, 2 of 2"] and "epoch 3 of 3" in steps[4]
    assert steps[5] == "calibrating" and steps[-1] == "measuring: further sets"
    assert card.curves == said[-1].curves and [point["epoch"] for point in card.curves] == [1, 2, 3]
    assert all(0 <= point["validation_accuracy"] <= 1 for point in card.curves)
    clear_cells = sum(map(sum, card.confusion))
    assert (len(card.confusion), len(card.confusion[0])) == (7, 7) and 0 < clear_cells <= 60
    assert sum(one["count"] for one in card.reliability) == clear_cells


def test_a_training_ends_while_it_still_draws_what_it_would_learn_from(tmp_path):
    torch.set_num_threads(1)
    said: list[str] = []

    def stop(report: Report) -> None:
        said.append(report.step)
        raise Enough

    with pytest.raises(NothingLearned):
        train("marks", tmp_path, tmp_path, seed=3, watch=stop)
    assert said == ["drawing cells, 1 of 2"]


def test_missing_data_is_said_in_a_sentence(tmp_path):
    with pytest.raises(DataMissing, match="MNIST is not in .*nothing.*to be had at https://"):
        train("numerals", tmp_path / "nothing", tmp_path)


def test_the_minutes_decide_how_many_epochs_there_are():
    assert fitting_epochs(planned=30, done=2, seconds=60, minutes=5) == 10
    assert fitting_epochs(planned=4, done=2, seconds=60, minutes=60) == 4
    assert fitting_epochs(planned=30, done=2, seconds=600, minutes=1) == 3
