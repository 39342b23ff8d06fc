"""A training of seconds, on small collections: it learns, repeats itself and goes on where it was stopped."""

from dataclasses import replace
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from ml.core.cards import Card, WeightsDamaged
from ml.core.characters import DataMissing
from ml.core.trainer import Point, Report, Trainer, unwatched
from ml.digits import data as digit_data
from ml.digits.reader import load_digit_reader
from ml.digits.train import RECIPES, DigitLearner, average, card_name, train
from tests.support.handwriting_files import write_all
from tests.support.strokes import drawing


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_all(folder)
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch) -> None:
    """Few pictures that are no digit, small batches, one thread."""
    others = digit_data.others
    monkeypatch.setattr(
        digit_data, "others", lambda digits, letters, random, count=0: others(digits, letters, random, 20)
    )
    for name, recipe in RECIPES.items():
        monkeypatch.setitem(RECIPES, name, replace(recipe, batch=32, patience=9))
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def weights_of(folder: Path, name: str = "digits_dense") -> dict[str, torch.Tensor]:
    return safetensors.torch.load_file(folder / f"{name}.safetensors")


def same(one: Path, other: Path) -> bool:
    first, second = weights_of(one), weights_of(other)
    return all(torch.equal(first[name], second[name]) for name in first)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(data, tmp_path):
    for name, seed in (("first", 1), ("again", 1), ("other", 2)):
        train("dense", data, tmp_path / name, seed=seed, epochs=1)
    assert same(tmp_path / "first", tmp_path / "again")
    assert not same(tmp_path / "first", tmp_path / "other")


def test_a_training_that_was_stopped_goes_on_to_the_same_weights(data, tmp_path):
    def stop(report: Report) -> None:
        if len(report.curves) == 2:
            raise KeyboardInterrupt

    whole = train("dense", data, tmp_path / "whole", epochs=3)
    with pytest.raises(KeyboardInterrupt):
        train("dense", data, tmp_path / "cut", epochs=3, watch=stop)
    assert not (tmp_path / "cut" / "digits_dense.safetensors").exists()
    seen: list[int] = []
    resumed = train(
        "dense", data, tmp_path / "cut", epochs=3, watch=lambda report: seen.append(len(report.curves))
    )
    assert seen[0] == 2 and seen[-1] == 3 and same(tmp_path / "whole", tmp_path / "cut")
    assert [without_time(point) for point in resumed.curves] == [
        without_time(point) for point in whole.curves
    ]


def without_time(point: Point) -> Point:
    return {name: value for name, value in point.items() if name != "seconds"}


def test_a_training_lowers_both_losses_and_says_so_epoch_by_epoch(data, tmp_path):
    said: list[Report] = []
    card = train("dense", data, tmp_path, epochs=6, watch=said.append)
    first, last = card.curves[0], card.curves[-1]
    for name in ("train_loss", "validation_loss"):
        assert last[name] < first[name]
    assert [len(report.curves) for report in said] == sorted(len(report.curves) for report in said)
    assert said[-1].share == 1 and said[-1].step.startswith("epoch 6 of 6")


@pytest.mark.parametrize("architecture", RECIPES)
def test_what_was_trained_is_loaded_and_reads(data, tmp_path, architecture):
    card = train(architecture, data, tmp_path, seed=5, epochs=1)
    assert Card.load(tmp_path, card_name(architecture)) == card
    assert (card.seed, card.kind, card.classes) == (5, "digits", list("0123456789"))
    assert 0 < card.is_digit < 1 and 0 < card.certain <= 1 and card.parameters <= 1_500_000
    reader = load_digit_reader(card, tmp_path, tmp_path / "onnx")
    frames = np.stack([drawing(digit, np.random.default_rng(0)) for digit in range(10)])
    assert reader.logits(frames).shape == (10, 10)


@pytest.mark.full
def test_a_training_may_begin_with_trained_weights_and_the_curves_go_on(data, tmp_path):
    first = train("cnn", data, tmp_path / "first", epochs=2)
    second = train("cnn", data, tmp_path / "second", epochs=1, start=tmp_path / "first")
    assert [point["epoch"] for point in second.curves] == [1, 2, 3]
    assert second.curves[:2] == first.curves
    assert second.curves[2]["train_loss"] < first.curves[0]["train_loss"]


def test_what_learned_further_ends_halfway_back():
    network, former = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)
    learned = network.weight.clone()
    average(network, former)
    assert torch.allclose(network.weight, (learned + former.weight) / 2)


def test_too_few_held_out_digits_move_no_threshold(data, tmp_path):
    first = train("dense", data, tmp_path / "first", epochs=1)
    replace(first, certain=0.9, is_digit=0.7).save(tmp_path / "first")
    second = train("dense", data, tmp_path / "second", epochs=1, start=tmp_path / "first")
    assert (second.certain, second.is_digit) == (0.9, 0.7)


def test_weights_to_begin_with_that_are_not_there_are_named(data, tmp_path):
    with pytest.raises(WeightsDamaged, match="digits.json cannot be read"):
        train("cnn", data, tmp_path / "out", epochs=1, start=tmp_path)


def test_minutes_end_a_training_in_the_middle_of_an_epoch_with_a_cooled_rate(data, tmp_path, monkeypatch):
    clock = count()
    monkeypatch.setattr("ml.core.trainer.time.monotonic", lambda: float(next(clock)))
    learner = DigitLearner(RECIPES["dense"], data, 1)
    trainer = Trainer(learner, 1, tmp_path / "one.partial", minutes=0.1)
    rates: list[float] = []
    step = trainer.step
    monkeypatch.setattr(trainer, "step", lambda places, rate: rates.append(rate) or step(places, rate))
    trainer.run(unwatched)
    assert len(trainer.curves) == 1 and 2 < len(rates) < len(learner.examples) // 32
    assert max(rates) > 0.9 * trainer.recipe.rate and rates[-1] < 0.5 * trainer.recipe.rate


@pytest.mark.parametrize(
    ("accuracies", "is_idle"), [((0.5, 0.9, 0.8, 0.8), False), ((0.5, 0.9, 0.8, 0.8, 0.8), True)]
)
def test_training_ends_when_the_validation_gained_nothing_for_a_while(data, tmp_path, accuracies, is_idle):
    recipe = replace(RECIPES["dense"], patience=3)
    trainer = Trainer(DigitLearner(recipe, data, 1), 1, tmp_path / "one.partial")
    trainer.curves = [{"validation_accuracy": accuracy} for accuracy in accuracies]
    assert trainer.is_idle() == is_idle


def test_without_data_there_is_a_sentence(tmp_path):
    with pytest.raises(DataMissing, match="of MNIST is not in"):
        train("cnn", tmp_path / "nothing", tmp_path)
