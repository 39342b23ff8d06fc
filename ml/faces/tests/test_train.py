"""Faces are learned in slices; what is measured of them is what the papers measure."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ml.core.cards import Card
from ml.core.characters import DataMissing
from ml.core.trainer import unwatched
from ml.faces import data as photographs
from ml.faces import directions, distances
from ml.faces import train as training
from ml.faces.adversarial import training_for
from ml.faces.augmentation import augment
from ml.faces.drawing import FaceRequest, load_drawer
from ml.faces.recipes import RECIPES
from ml.faces.untangling import Ruler, parted

ORANGE = (230, 120, 20)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight orange "faces", the last of which are of the held-out part."""
    (tmp_path / "faces").mkdir()
    with zipfile.ZipFile(tmp_path / "faces" / "celeba64.zip", "w") as archive:
        for number in (1, 2, 3, 4, 5, 6, 162771, 202599):
            out = io.BytesIO()
            Image.new("RGB", (64, 64), ORANGE).save(out, "JPEG", quality=95)
            archive.writestr(f"celeba64/{number:06}.jpg", out.getvalue())
    return tmp_path


@pytest.fixture(autouse=True)
def small(monkeypatch):
    for name, recipe in RECIPES.items():
        monkeypatch.setitem(RECIPES, name, replace(recipe, batch=8))


def training_of(name: str, folder: Path, seed: int = 1):
    faces = np.full((16, 64, 64, 3), ORANGE, np.uint8)
    return training_for(RECIPES[name], faces, seed, folder / f"{name}-{seed}.partial", "cpu")


def test_photographs_keep_to_the_partition_of_their_authors(data):
    faces = photographs.load(data)
    assert (len(faces.training), len(faces.held_out)) == (6, 2)
    assert np.abs(faces.training.astype(int) - ORANGE).max() < 8


def test_without_photographs_a_sentence_says_where_they_are_to_be_had(tmp_path):
    with pytest.raises(DataMissing, match="mmlab"):
        photographs.load(tmp_path)


def test_a_generator_learns_the_colour_of_what_it_is_shown(tmp_path):
    learner = training_of("gan", tmp_path)
    before = learner.draw(8).detach().mean((0, 2, 3))
    for _ in range(20):
        learner.learn()
        learner.steps += 1
    after = learner.draw(8).detach().mean((0, 2, 3))
    wanted = torch.tensor(ORANGE) / 127.5 - 1
    assert (after - wanted).abs().sum() < 0.9 * (before - wanted).abs().sum()


@pytest.mark.parametrize("name", ["gan", "stylegan"])
def test_the_next_slice_goes_on_where_the_last_one_ended(name, tmp_path):
    first = training_of(name, tmp_path)
    first.run(0.0001, unwatched)
    second = training_of(name, tmp_path)
    second.resume()
    assert second.seen == first.seen > 0
    assert second.curves == first.curves
    for one, other in zip(first.average.parameters(), second.average.parameters(), strict=True):
        assert torch.equal(one, other)


def test_another_plan_begins_anew(tmp_path):
    training_of("gan", tmp_path).run(0.0001, unwatched)
    (tmp_path / "gan-1.partial").rename(tmp_path / "gan-2.partial")
    other = training_of("gan", tmp_path, seed=2)
    other.resume()
    assert other.seen == 0


def test_a_slice_leaves_weights_that_draw_and_a_card_that_names_the_licence(data, tmp_path):
    out = tmp_path / "out"
    card = training.train("dcgan", data, out, minutes=0.0001)
    assert card == Card.load(out, "dcgan")
    assert "non-commercial" in card.data[0]["licence"]
    assert (out / "dcgan.safetensors").stat().st_size < 3 * card.parameters
    assert (out / "dcgan-1.png").exists()
    assert load_drawer(card, out, "cpu").draw([FaceRequest(1)]).shape == (1, 64, 64, 3)


def test_augmentation_changes_the_share_that_was_asked_for_and_lets_gradients_through():
    pictures = torch.rand(200, 3, 16, 16, requires_grad=True)
    assert augment(pictures, 0.0) is pictures
    some = augment(pictures, 0.25)
    changed = ((some - pictures).abs().amax((1, 2, 3)) > 1e-6).float().mean()
    assert 0.4 < changed < 0.75  # one of three changes, each to a quarter
    some.sum().backward()
    assert pictures.grad is not None


def test_the_frechet_distance_is_that_of_normal_distributions():
    random = np.random.default_rng(1)
    one = random.normal(0, 1, (20_000, 3)).astype(np.float32)
    other = (random.normal(0, 2, (20_000, 3)) + [3, 0, 0]).astype(np.float32)
    assert distances.frechet(one, one) == pytest.approx(0, abs=1e-6)
    assert distances.frechet(one, other) == pytest.approx(
        9 + 3, rel=0.03
    )  # means 3 apart, deviations 1 and 2


def test_the_kernel_distance_of_two_samples_of_one_thing_is_nothing():
    random = np.random.default_rng(1)
    one, other, shifted = (random.normal(at, 1, (300, 8)).astype(np.float32) for at in (0, 0, 1))
    assert abs(distances.kernel_distance(one, other)) < 0.02 < distances.kernel_distance(one, shifted)


def test_precision_and_recall_tell_what_is_wrong():
    random = np.random.default_rng(1)
    real = random.uniform(0, 1, (600, 2)).astype(np.float32)
    half = (random.uniform(0, 1, (600, 2)) * [0.5, 1]).astype(
        np.float32
    )  # good, but only half of what there is
    precision, recall = distances.precision_recall(half, real)
    assert precision > 0.9
    assert 0.4 < recall < 0.65
    assert distances.precision_recall(real + 9, real) == (0.0, 0.0)


def test_the_nearest_are_found():
    some, others = np.zeros((1, 2), np.float32), np.array([[3, 4], [0, 1], [9, 9]], np.float32)
    assert np.allclose(distances.nearest(some, others, 2), [[1, 5]], atol=1e-4)


def test_a_direction_changes_its_own_reading_by_one_and_the_others_little():
    random = np.random.default_rng(1)
    w = (random.normal(0, 1, (4000, 12)) @ random.normal(0, 1, (12, 12))).astype(np.float32)
    slopes = random.normal(0, 1, (12, 3))
    slopes[:, 1] += slopes[:, 0]  # two attributes that go together, as beards and men
    readings = (w @ slopes - (w @ slopes).mean(0)) / (w @ slopes).std(0)
    steps = directions.solve_steps(w, readings)
    scale = (w @ slopes).std(0)
    effects = steps @ slopes / scale
    assert np.allclose(np.diag(effects), 1, atol=0.05)
    assert (
        np.abs(effects - np.diag(np.diag(effects))).max()
        < 0.5 * np.abs(np.corrcoef(readings.T) - np.eye(3)).max()
    )


class Canvas:
    """Stands for a generator of faces of three pixels, that are what its one layer says."""

    class network:
        class config:
            layers = 1

    device = torch.device("cpu")

    def styles(self, request: FaceRequest) -> torch.Tensor:
        return torch.from_numpy(np.random.default_rng(request.seed).normal(0, 0.2, (1, 3)).astype(np.float32))

    def of_styles(self, ws, seeds):
        return (ws.reshape(len(ws), 3, 1, 1)).clamp(-1, 1)


def test_steps_are_parted_by_what_they_do():
    ruler = Ruler(Canvas(), lambda faces: faces.reshape(len(faces), 3).astype(np.float64))  # type: ignore[arg-type]
    tangled = np.array([[[0.1, 0.05, 0.0]], [[0.03, 0.1, 0.0]], [[0.0, 0.0, 0.1]]])
    before = ruler.effects(tangled)
    after = ruler.effects(parted(before, tangled))
    assert np.allclose(np.diag(after), 1, atol=0.1)
    assert abs(after[0, 1]) < 0.6 * before[0, 1] / before[0, 0]


def test_a_reader_tells_those_who_have_it_from_those_who_have_not():
    random = np.random.default_rng(1)
    has = np.where(random.random(1000) < 0.3, 1.0, -1.0)
    features = random.normal(0, 1, (1000, 20)).astype(np.float32)
    features[:, 4] += 2 * has
    one = directions.reader(features[:800], has[:800])
    assert directions.agreement(one, features[800:], has[800:]) > 0.95
