"""Cards and weights that come with the repository."""

import json
from dataclasses import replace

import pytest

from ml.cells.evaluate import RECIPES
from ml.cells.network import cell_network
from ml.core.architectures import parameter_count
from ml.core.cards import WEIGHTS_FOLDER, Card, WeightsDamaged, checked_weights

KINDS = sorted(RECIPES)


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_says_all_that_one_would_ask(kind):
    card = Card.load(WEIGHTS_FOLDER, kind)

    assert (card.kind, card.name, card.classes) == (kind, kind, list(RECIPES[kind].classes))
    assert card.parameters == parameter_count(cell_network(RECIPES[kind].network))
    assert 0 < card.temperature < 5 and 0.5 <= card.certain < 1
    assert card.data and all(source["name"] and source["licence"] and source["use"] for source in card.data)
    assert card.metrics and all(set(metric) == {"set", "measure", "value"} for metric in card.metrics)
    assert sorted(name for names in card.meanings.values() for name in names) == sorted(card.classes)


@pytest.mark.parametrize("kind", KINDS)
def test_of_the_answers_called_certain_at_most_one_in_a_thousand_is_wrong(kind):
    """On the simulation that shares neither seeds nor writers with the training."""
    figures = {
        (m["set"].split(" (")[0], m["measure"]): m["value"] for m in Card.load(WEIGHTS_FOLDER, kind).metrics
    }

    assert figures["drawn as for calibration, another seed", "wrong among the certain"] <= 0.001


@pytest.mark.parametrize("kind", KINDS)
def test_the_weights_are_those_of_the_card(kind):
    assert checked_weights(WEIGHTS_FOLDER, Card.load(WEIGHTS_FOLDER, kind))


def test_other_weights_than_the_card_describes_are_refused():
    card = replace(Card.load(WEIGHTS_FOLDER, "marks"), sha256="0" * 64)

    with pytest.raises(WeightsDamaged, match="sha256"):
        checked_weights(WEIGHTS_FOLDER, card)


def test_a_missing_card_and_a_missing_field_are_named(tmp_path):
    with pytest.raises(WeightsDamaged, match="marks.json"):
        Card.load(tmp_path, "marks")
    content = json.loads((WEIGHTS_FOLDER / "marks.json").read_text())
    del content["temperature"]
    (tmp_path / "marks.json").write_text(json.dumps(content))
    with pytest.raises(WeightsDamaged, match="temperature"):
        Card.load(tmp_path, "marks")


def test_a_saved_card_comes_back_the_same(tmp_path):
    card = Card.load(WEIGHTS_FOLDER, "numerals")

    card.save(tmp_path)

    assert Card.load(tmp_path, "numerals") == card
    assert [path.name for path in tmp_path.iterdir()] == ["numerals.json"]
