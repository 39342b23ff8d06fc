"""Every network that comes with the site passes what weights from elsewhere must pass; spoilt ones: registry/tests."""

from pathlib import Path

import pytest
import torch

from ml import inspection
from ml.core.cards import WEIGHTS_FOLDER, Card, checked_weights
from ml.inspection import TRIALS, inspect

CARDS = [Card.load(WEIGHTS_FOLDER, path.stem) for path in sorted(WEIGHTS_FOLDER.glob("*.json"))]
OWN = [card for card in CARDS if card.kind in TRIALS and not card.packaged]


@pytest.mark.parametrize("card", OWN, ids=lambda card: card.name)
def test_what_comes_with_the_site_fits_and_has_a_time(card, tmp_path: Path):
    took = inspect(card, checked_weights(WEIGHTS_FOLDER, card), card, WEIGHTS_FOLDER, tmp_path)
    assert 0 < took < 60_000


def test_want_of_memory_says_nothing_against_a_network(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(inspection, "timed", lambda *_args: torch.empty(10**15))
    with pytest.raises(MemoryError):
        inspect(OWN[0], checked_weights(WEIGHTS_FOLDER, OWN[0]), OWN[0], WEIGHTS_FOLDER, tmp_path)
