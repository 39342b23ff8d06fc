"""Words for probabilities: an uncertain answer is still a true one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.pictures.labels import LARGEST, Naming
from ml.pictures.words import load_words

WORDS = load_words()
NAMING = Naming(WORDS, enough=0.7)
PLACES = {WORDS.name(wnid)["en"]: place for place, wnid in enumerate(WORDS.classes)}


def sure_of(**shares: float) -> np.ndarray:
    """Probabilities of the classes with these names (_ for a space); the rest is spread over all."""
    probabilities = np.full(1000, (1 - sum(shares.values())) / 1000, np.float32)
    for name, share in shares.items():
        probabilities[PLACES[name.replace("_", " ")]] += share
    return probabilities


def name_of(label: dict | None) -> str | None:
    return label and label["name"]["en"]


def test_the_five_likeliest_classes_come_in_order_and_in_both_languages():
    labels = NAMING.labels_of(sure_of(tabby=0.5, espresso=0.3))
    assert [name_of(one) for one in labels[:2]] == ["tabby", "espresso"]
    assert labels[0]["name"]["ko"] == WORDS.name(labels[0]["wnid"])["ko"] != "tabby"
    assert len(labels) == 5
    assert [one["probability"] for one in labels] == sorted(
        (one["probability"] for one in labels), reverse=True
    )


def test_a_sure_class_is_the_answer():
    assert name_of(NAMING.answer_of(sure_of(tabby=0.9))) == "tabby"


def test_classes_that_disagree_are_answered_by_what_they_have_in_common():
    answer = NAMING.answer_of(sure_of(tabby=0.4, tiger_cat=0.3, Egyptian_cat=0.2))
    assert name_of(answer) == "domestic cat"
    assert answer["probability"] == pytest.approx(0.9, abs=0.01)


def test_the_answer_is_no_more_general_than_it_has_to_be():
    assert name_of(NAMING.answer_of(sure_of(tabby=0.45, tiger_cat=0.3, pug=0.2))) == "domestic cat"
    assert name_of(NAMING.answer_of(sure_of(tabby=0.4, pug=0.4))) in ("carnivore", "domestic animal")


def test_what_has_nothing_but_generalities_in_common_has_no_answer():
    assert NAMING.answer_of(sure_of(espresso=0.5, volcano=0.4)) is None
    assert NAMING.answer_of(np.full(1000, 0.001, np.float32)) is None


def test_concepts_lead_from_the_class_to_the_animal():
    concepts = [
        name_of(one) for one in NAMING.concepts_of(sure_of(tabby=0.4, tiger_cat=0.3, Egyptian_cat=0.2))
    ]
    assert concepts[:4] == ["tabby", "domestic cat", "cat", "feline"]
    assert concepts.index("carnivore") < concepts.index("animal")
    assert "placental" not in concepts  # nobody says so


def test_a_dog_of_two_kinds_of_parents_is_counted_once():
    concepts = {name_of(one): one["probability"] for one in NAMING.concepts_of(sure_of(pug=1.0))}
    assert concepts["dog"] == pytest.approx(1)
    assert max(concepts.values()) <= 1


@given(st.dictionaries(st.integers(0, 999), st.floats(0.01, 1), min_size=1, max_size=6))
def test_whatever_is_seen_the_answer_is_likely_enough_and_concepts_grow_likelier(shares):
    probabilities = np.zeros(1000, np.float32)
    probabilities[list(shares)] = np.array(list(shares.values())) / sum(shares.values())
    answer, concepts = NAMING.answer_of(probabilities), NAMING.concepts_of(probabilities)
    if answer:
        assert answer["probability"] >= 0.7 - 1e-6
        assert len(NAMING.places[answer["wnid"]]) <= LARGEST
        assert answer["wnid"] in [one["wnid"] for one in concepts] or not WORDS.is_plain(answer["wnid"])
    for special, general in zip(concepts, concepts[1:], strict=False):
        if general["wnid"] in WORDS.ancestors(special["wnid"]):
            assert general["probability"] >= special["probability"] - 1e-5
