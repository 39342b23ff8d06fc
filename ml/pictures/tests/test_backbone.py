"""The networks that name pictures: the right weights, the right input, one pass."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from ml.core.architectures import parameter_count
from ml.core.cards import WEIGHTS_FOLDER, Card, WeightsDamaged, checked_weights
from ml.core.engine import Engine
from ml.pictures.backbone import Backbone, load_backbone, middle
from ml.pictures.words import load_words

NAMES = ("lite2", "lite0")


def best(backbone: Backbone, picture: np.ndarray) -> tuple[str, float]:
    """The name of the most probable class, and its probability."""
    probabilities = backbone.probabilities(backbone.logits(backbone.prepare(picture)[None]))[0]
    place = int(probabilities.argmax())
    return load_words().name(backbone.card.classes[place])["en"], float(probabilities[place])


def test_onnx_computes_what_pytorch_computes(lite2):
    batch = np.random.default_rng(1).uniform(-1, 1, (3, 3, 260, 260)).astype(np.float32)
    looked = lite2.run(batch)
    with torch.inference_mode():
        expected = lite2.network(torch.from_numpy(batch))
    for found, wanted in zip((looked.logits, looked.features, looked.maps), expected, strict=True):
        assert np.abs(found - wanted.numpy()).max() < 1e-4


def test_the_features_are_what_the_last_layer_reads(lite2):
    looked = lite2.run(np.random.default_rng(2).uniform(-1, 1, (1, 3, 260, 260)).astype(np.float32))
    bias = lite2.network.fc.bias.detach().numpy()
    assert looked.features.shape == (1, 1280)
    assert np.abs(looked.features @ lite2.class_weights.T + bias - looked.logits).max() < 1e-4


@pytest.mark.parametrize(
    "photo, name", [("coffee", "espresso"), ("chelsea", "Egyptian cat"), ("camera", "tripod")]
)
def test_a_photograph_is_named(lite2, photograph, photo, name):
    found, probability = best(lite2, photograph(photo))
    assert found == name
    assert probability > 0.8


@pytest.mark.parametrize("longest", [64, 300, 3000])
def test_a_photograph_is_named_in_any_size(lite2, photograph, longest):
    picture = Image.fromarray(photograph("coffee"))
    picture = picture.resize((longest, longest * picture.height // picture.width))
    assert best(lite2, np.asarray(picture))[0] in ("espresso", "cup", "coffee mug")


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (1, 4000), (4000, 1), (30, 300), (4000, 3000)])
def test_every_shape_can_be_looked_at(lite2, shape):
    prepared = lite2.prepare(np.full((*shape, 3), 255, np.uint8))
    assert prepared.shape == (3, 260, 260) and prepared.dtype == np.float32
    assert np.allclose(prepared, 1)


def test_black_grey_and_white_are_what_the_weights_expect(lite2):
    shades = np.stack([lite2.prepare(np.full((50, 50, 3), shade, np.uint8)) for shade in (0, 127, 255)])
    assert shades[:, 0, 0, 0].tolist() == [-127 / 128, 0, 1]


def test_the_middle_is_looked_at_and_the_margin_is_not(lite2):
    picture = np.zeros((292, 584, 3), np.uint8)
    left, top, width, height = middle(picture.shape, 260)
    assert (left, top, width, height) == (162, 16, 260, 260)
    picture[top : top + height, left : left + width] = 255
    assert np.allclose(lite2.prepare(picture), 1, atol=0.02)


def test_many_pictures_in_one_pass_are_answered_as_each_alone(lite2, photograph):
    batch = np.stack([lite2.prepare(photograph(name)) for name in ("coffee", "chelsea", "camera")])
    together, alone = lite2.logits(batch), [lite2.logits(one[None])[0] for one in batch]
    assert np.abs(together - alone).max() < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_card_describes_the_weights_of_its_package(name):
    card = Card.load(WEIGHTS_FOLDER, name)
    backbone = Backbone(Engine(card, WEIGHTS_FOLDER, lambda batch: []))
    assert parameter_count(backbone.network) == card.parameters
    assert card.classes == load_words().classes
    assert card.kind == "classifier" and 0.4 < card.temperature < 1
    assert {row["measure"] for row in card.metrics} == {"top1", "top5", "ece"}


def test_a_package_that_is_not_installed_is_named():
    card = replace(Card.load(WEIGHTS_FOLDER, "lite2"), packaged="no_such_package/weights.pth")
    with pytest.raises(WeightsDamaged, match="no_such_package"):
        load_backbone(card)


def test_a_package_with_other_weights_is_refused(tmp_path, monkeypatch):
    (tmp_path / "other_model").mkdir()
    (tmp_path / "other_model" / "__init__.py").write_text("raise RuntimeError('its code is not run')")
    (tmp_path / "other_model" / "weights.pth").write_bytes(b"others")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    card = replace(Card.load(WEIGHTS_FOLDER, "lite2"), packaged="other_model/weights.pth")
    with pytest.raises(WeightsDamaged, match="sha256"):
        checked_weights(WEIGHTS_FOLDER, card)


def test_a_network_first_asked_for_without_gradients_can_still_learn():
    backbone = Backbone(Engine(Card.load(WEIGHTS_FOLDER, "lite0"), WEIGHTS_FOLDER, lambda batch: []))
    with torch.inference_mode():
        assert backbone.network
    picture = torch.zeros(1, 3, 224, 224, requires_grad=True)
    backbone.network(picture)[0].sum().backward()
    assert picture.grad is not None
