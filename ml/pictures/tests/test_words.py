import csv
import re
import runpy
from importlib.util import find_spec
from pathlib import Path

import pytest

from ml.pictures.words import FILE, load_words

TABLE = Path(__file__).parents[3] / "tools/words.tsv"
TABBY, CAT, ENTITY = "n02123045", "n02121620", "n00001740"


def english(wnids: list[str]) -> list[str]:
    return [load_words().name(wnid)["en"] for wnid in wnids]


def comes_in_order(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(name in rest for name in part)


@pytest.mark.parametrize(
    ("output", "en", "ko"),
    [
        (0, "tench", "텐치"),
        (2, "great white shark", "백상아리"),
        (21, "kite (bird)", "솔개"),
        (134, "crane (bird)", "두루미"),
        (264, "Cardigan Welsh corgi", "카디건 웰시 코기"),
        (281, "tabby", "얼룩고양이"),
        (474, "cardigan", "카디건"),
        (517, "crane (machine)", "기중기"),
        (999, "toilet tissue", "화장지"),
    ],
)
def test_an_output_of_the_network_is_called_by_the_sense_it_learned(output, en, ko):
    words = load_words()

    assert words.name(words.classes[output]) == {"en": en, "ko": ko}


def test_the_classes_are_in_the_order_of_the_networks_of_torchvision():
    """It publishes a name for each output; ours is the same unless WordNet's first word misleads."""
    folder = Path(find_spec("torchvision").origin).parent
    published = runpy.run_path(str(folder / "models/_meta.py"))["_IMAGENET_CATEGORIES"]

    same = sum(ours == theirs for ours, theirs in zip(english(load_words().classes), published, strict=True))

    assert same > 800


def test_every_concept_has_a_name_in_both_languages_and_a_gloss():
    for wnid, concept in load_words().concepts.items():
        assert re.fullmatch(r"[A-Za-z' ().-]+", concept.en), wnid
        assert re.search("[가-힣]", concept.ko) and "_" not in concept.ko, wnid
        assert concept.gloss and '"' not in concept.gloss, wnid


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_two_concepts_share_a_name(language):
    names = [getattr(concept, language).casefold() for concept in load_words().concepts.values()]

    assert len(set(names)) == len(names)


def test_every_class_leads_to_one_root_without_a_circle():
    words = load_words()

    for wnid in words.classes:
        chain = words.ancestors(wnid)
        assert chain[-1] == ENTITY
        assert wnid not in chain and len(set(chain)) == len(chain)
    assert words.ancestors(ENTITY) == [] and words.concepts[ENTITY].parents == ()


def test_a_chain_goes_from_special_to_general():
    words = load_words()
    assert comes_in_order(["cat", "feline", "carnivore", "animal"], english(words.ancestors(TABBY)))

    for wnid in words.concepts:
        chain = [wnid, *words.ancestors(wnid)]
        for place, concept in enumerate(chain):
            assert set(words.concepts[concept].parents) <= set(chain[place + 1 :])


def test_no_class_is_above_another():
    words = load_words()

    assert not set(words.classes) & {above for wnid in words.classes for above in words.ancestors(wnid)}


def test_scientists_words_are_told_from_plain_ones():
    words = load_words()

    plain = [wnid for wnid in words.ancestors(TABBY) if words.is_plain(wnid)]

    assert comes_in_order(["cat", "feline", "carnivore", "animal"], english(plain))
    assert not {"placental", "chordate", "whole", "physical entity"} & set(english(plain))
    assert all(words.is_plain(wnid) for wnid in words.classes)


@pytest.mark.parametrize(
    ("name", "no_longer"),
    [
        ("cup", "alcoholic drink"),
        ("jeep", "container"),
        ("television", "system"),
        ("giant panda", "procyonid"),
    ],
)
def test_what_is_not_true_of_the_pictures_is_not_said_of_them(name, no_longer):
    words = load_words()
    wnid = next(wnid for wnid in words.classes if words.name(wnid)["en"] == name)

    assert no_longer in english(list(words.concepts))
    assert no_longer not in english(words.ancestors(wnid))


def test_an_unknown_wnid_is_a_key_error():
    with pytest.raises(KeyError):
        load_words().name("n99999999")


def test_the_file_says_what_the_table_says():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    words = load_words()

    assert [row["wnid"] for row in rows] == list(words.concepts)
    for row in rows:
        concept = words.concepts[row["wnid"]]
        assert (row["en"], row["ko"], row["plain"] == "x") == (concept.en, concept.ko, concept.is_plain)
        assert not row["output"] or words.classes[int(row["output"])] == row["wnid"]


def test_the_licence_of_wordnet_lies_beside_the_file():
    assert (
        "WordNet 3.0 Copyright 2006 by Princeton University" in FILE.with_name("WORDNET-LICENSE").read_text()
    )
