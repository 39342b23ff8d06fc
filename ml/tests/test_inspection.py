"""Every network that comes with the site passes what weights from elsewhere must pass; spoilt ones: registry/tests."""

from pathlib import Path

import pytest

from ml.cards import WEIGHTS_FOLDER, Card, checked_weights
from ml.inspection import TRIALS, inspect

CARDS = [Card.load(WEIGHTS_FOLDER, path.stem) for path in sorted(WEIGHTS_FOLDER.glob("*.json"))]
OWN = [card for card in CARDS if card.kind in TRIALS and not card.packaged]


@pytest.mark.parametrize("card", OWN, ids=lambda card: card.name)
def test_what_comes_with_the_site_fits_and_has_a_time(card, tmp_path: Path):
    took = inspect(card, checked_weights(WEIGHTS_FOLDER, card), card, WEIGHTS_FOLDER, tmp_path)
    assert 0 < took < 60_000
