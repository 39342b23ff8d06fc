"""What is told of the photographs that scikit-image carries, and that docs/pictures.md says so."""

from pathlib import Path

import pytest

from ml.pictures.labeller import Findings, Labeller

PAGE = Path(__file__).resolve().parents[3] / "docs" / "pictures.md"
LABELS = {  # the first ones, in order
    "astronaut": ["barbell", "bobsled"],
    "camera": ["tripod"],
    "chelsea": ["Egyptian cat", "tiger cat", "tabby"],
    "coffee": ["espresso"],
    "coins": [],  # there is no such class, and none of the others is likely
    "motorcycle_left": ["moped", "motor scooter", "disc brake"],
    "rocket": ["drilling platform", "missile", "projectile"],
}
CONCEPTS = {  # among others, in order
    "astronaut": ["barbell", "sports equipment", "man-made object"],
    "camera": ["tripod", "stand", "device"],
    "chelsea": ["Egyptian cat", "domestic cat", "cat", "feline", "carnivore", "mammal", "animal"],
    "coffee": ["espresso", "coffee", "beverage", "food"],
    "coins": ["man-made object"],
    "motorcycle_left": ["moped", "motorcycle", "motor vehicle", "vehicle"],
    "rocket": ["drilling platform", "man-made object"],
}
ANSWERS = {
    "camera": "tripod",
    "chelsea": "Egyptian cat",
    "coffee": "espresso",
}  # of the others it is not sure


@pytest.fixture(scope="module")
def seen(lite2, photograph) -> dict[str, Findings]:
    labeller = Labeller(lite2)
    return {name: labeller.label([photograph(name)])[0] for name in LABELS}


def names_of(seen: Findings, part: str) -> list[str]:
    return [one["name"]["en"] for one in seen.found[part]]


@pytest.mark.parametrize("name", LABELS)
def test_a_photograph_has_its_labels(seen, name):
    assert names_of(seen[name], "labels")[: len(LABELS[name])] == LABELS[name]


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_photograph_has_its_concepts(seen, name):
    assert [one for one in names_of(seen[name], "concepts") if one in CONCEPTS[name]] == CONCEPTS[name]


@pytest.mark.parametrize("name", LABELS)
def test_of_a_photograph_nothing_is_answered_that_is_not_sure(seen, name):
    answer = seen[name].found["answer"]
    assert (answer and answer["name"]["en"]) == ANSWERS.get(name)


@pytest.mark.parametrize("name", LABELS)
def test_the_page_of_photographs_shows_what_is_told_now(seen, name):
    _before, _name, card = PAGE.read_text(encoding="utf-8").partition(f"`{name}.")
    labels = next(line for line in card.splitlines() if line.startswith("| labels |"))
    assert seen[name].found["labels"][0]["name"]["en"] in labels
    concepts = next(line for line in card.splitlines() if line.startswith("| concepts |"))
    assert all(concept["name"]["ko"] in concepts for concept in seen[name].found["concepts"])
