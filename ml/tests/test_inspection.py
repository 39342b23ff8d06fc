"""Every network that comes with the site passes what weights from elsewhere must pass; spoilt ones: registry/tests."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ml import inspection
from ml.core.cards import WEIGHTS_FOLDER, Card, checked_weights
from ml.core.parts import PartMissing
from ml.inspection import PLACES, TRIALS, Unfit, inspect, timed, timed_packaged
from packaged.networks import NETWORKS

CARDS = [Card.load(WEIGHTS_FOLDER, path.stem) for path in sorted(WEIGHTS_FOLDER.glob("*.json"))]
OWN = [card for card in CARDS if card.kind in PLACES and not card.packaged]


@pytest.mark.parametrize("card", OWN, ids=lambda card: card.name)
def test_what_comes_with_the_site_fits_and_has_a_time(card, onnx_cache: Path):
    took = inspect(card, checked_weights(WEIGHTS_FOLDER, card), card, WEIGHTS_FOLDER, onnx_cache)
    assert 0 < took < 60_000


def test_every_card_has_a_trial():
    assert {card.kind for card in CARDS} == TRIALS.keys()


@pytest.mark.parametrize("name", ["encoder", "image_types", "scripts"])
def test_what_nobody_uploads_has_a_time_too(name, onnx_cache: Path):
    assert 0 < timed(Card.load(WEIGHTS_FOLDER, name), WEIGHTS_FOLDER, onnx_cache) < 60_000


@pytest.mark.parametrize("key", NETWORKS)
def test_what_comes_in_a_package_has_a_time(key, onnx_cache: Path):
    try:
        assert 0 < timed_packaged(key, onnx_cache) < 60_000
    except PartMissing as missing:
        pytest.skip(str(missing))


def test_want_of_memory_says_nothing_against_a_network(onnx_cache: Path, monkeypatch):
    monkeypatch.setattr(inspection, "timed", lambda *_args: torch.empty(10**15))
    with pytest.raises(MemoryError):
        inspect(OWN[0], checked_weights(WEIGHTS_FOLDER, OWN[0]), OWN[0], WEIGHTS_FOLDER, onnx_cache)


def test_a_network_may_look_once_where_the_live_one_looks_again(onnx_cache: Path):
    live = Card.load(WEIGHTS_FOLDER, "numerals")
    assert live.preprocessing["moves"]
    once = replace(live, preprocessing={k: v for k, v in live.preprocessing.items() if k != "moves"})
    content = checked_weights(WEIGHTS_FOLDER, live)
    for card, like in ((once, live), (live, once)):
        assert inspect(card, content, like, WEIGHTS_FOLDER, onnx_cache) > 0


@pytest.mark.parametrize(
    "moves", ["often", [[1]], [[1, 2, 3]], [["a", 1]], [[99, 0]], [[1, 1]] * 99, [[True, 0]]]
)
def test_a_network_that_looks_as_nobody_can_is_refused(moves: object, onnx_cache: Path):
    live = Card.load(WEIGHTS_FOLDER, "numerals")
    card = replace(live, preprocessing=live.preprocessing | {"moves": moves})
    with pytest.raises(Unfit) as refused:
        inspect(card, checked_weights(WEIGHTS_FOLDER, live), live, WEIGHTS_FOLDER, onnx_cache)
    assert refused.value.reason == "preprocessing"
