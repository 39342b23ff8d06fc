"""The probe sets tell networks that can do something from those that cannot, on any machine, within seconds."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from ml.cells.probe import as_learned, drawn
from ml.core.architectures import build
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.probe import PROBES, ProbeResult
from ml.faces.probe import unlike
from ml.kinds import KINDS
from ml.simulation.conditions import CELL
from tests.support.tiers import daily, seldom

CARDS = [Card.load(WEIGHTS_FOLDER, path.stem) for path in sorted(WEIGHTS_FOLDER.glob("*.json"))]
BUILT_IN = [card.name for card in CARDS if card.kind in KINDS]


def share(card: Card, folder: Path, cache: Path) -> float:
    """By which versions are compared."""
    return next(iter(KINDS[card.kind].probe(card, folder, cache).figures.values()))


@pytest.mark.parametrize("name", daily(BUILT_IN, "digits", "marks", "dcgan", "lite0"))
def test_each_built_in_network_does_well(name, onnx_cache):
    assert share(Card.load(WEIGHTS_FOLDER, name), WEIGHTS_FOLDER, onnx_cache) > 0.9


@pytest.mark.parametrize(
    "name",
    [
        *("digits_dense", "marks", "dcgan"),
        *seldom(["digits", "numerals", "letters", "stylegan", "lite0"]),
    ],
)
def test_random_weights_under_the_same_card_do_not(name, tmp_path):
    card = Card.load(WEIGHTS_FOLDER, name)
    torch.manual_seed(3)
    content = safetensors.torch.save(
        {key: tensor.contiguous() for key, tensor in build(card).state_dict().items()}
    )
    (tmp_path / f"{name}.safetensors").write_bytes(content)
    borrowed = Card(**{**vars(card), "sha256": hashlib.sha256(content).hexdigest(), "packaged": ""})
    assert share(borrowed, tmp_path, tmp_path) < 0.5


def test_the_card_is_measured_with_the_weights(onnx_cache):
    marks = Card.load(WEIGHTS_FOLDER, "marks")
    swapped = {**marks.meanings, "mark": marks.meanings["empty"], "empty": marks.meanings["mark"]}
    assert share(Card(**{**vars(marks), "meanings": swapped}), WEIGHTS_FOLDER, onnx_cache) < 0.5
    digits = Card.load(WEIGHTS_FOLDER, "digits")
    assert share(Card(**{**vars(digits), "is_digit": 1.1}), WEIGHTS_FOLDER, onnx_cache) == 0


def test_the_order_of_classes_and_meanings_on_a_card_is_its_own(onnx_cache):
    card = Card.load(WEIGHTS_FOLDER, "letters")
    turned = Card(**{**vars(card), "meanings": dict(reversed(card.meanings.items()))})
    assert share(turned, WEIGHTS_FOLDER, onnx_cache) == share(card, WEIGHTS_FOLDER, onnx_cache)


@pytest.mark.parametrize("kind", ["marks", *seldom(["numerals", "letters"])])
def test_cells_are_the_same_whenever_they_are_drawn(kind):
    (cells, targets), md5 = drawn(kind)
    drawn.cache_clear()
    again = drawn(kind)
    assert again[1] == md5 and np.array_equal(again[0][0], cells)
    assert set(targets.max(1)) == {1.0}


def test_networks_that_learned_without_references_see_the_cell_alone():
    card = Card.load(WEIGHTS_FOLDER, "numerals")
    pairs = np.zeros((3, 2, CELL, CELL), np.uint8)
    assert as_learned(pairs, card).shape == (3, CELL, CELL)
    with_references = Card(**{**vars(card), "preprocessing": card.preprocessing | {"channels": 2}})
    assert as_learned(pairs, with_references).shape == pairs.shape
    assert as_learned(pairs[:, 0], card).shape == (3, CELL, CELL)


def test_a_face_that_is_drawn_again_counts_once():
    faces = np.random.default_rng(1).integers(0, 255, (3, 8, 8, 3), np.uint8)
    assert unlike(np.concatenate([faces, faces[:2], faces + (faces < 255)])) == [0, 1, 2]


def test_figures_that_are_no_numbers_are_refused():
    with pytest.raises(ValueError, match="no numbers"):
        ProbeResult("probe", "", 1, {"accuracy": float("nan")})


def test_what_comes_along_is_small_and_named():
    files = [path for path in PROBES.iterdir() if path.suffix != ".md"]
    assert sum(path.stat().st_size for path in files) < 300_000
    named = (PROBES / "README.md").read_text()
    assert all(f"`{path.name}`" in named for path in files)
