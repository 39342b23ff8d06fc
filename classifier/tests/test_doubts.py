"""Where an answer is not certain its page and the API say why."""

import pytest

from classifier.tests.findings import a_picture
from ml.teaching.reader import TaughtClassifier

pytestmark = pytest.mark.django_db

CHART = {"name": {"en": "chart", "ko": "차트"}, "type": "chart", "probability": 0.62}


def taught(doubt: str, *, is_known: bool = True) -> dict:
    labels = [("leaf", 0.62), ("coin", 0.3), ("sky", 0.08)]
    named = [{"name": {"en": name, "ko": name}, "probability": share} for name, share in labels]
    return {"labels": named, "is_known": is_known, "is_certain": not doubt, "distance": 0.4, "doubt": doubt}


def said(api, page, picture) -> tuple[dict, str]:
    return api.get(f"/api/pictures/{picture.pk}/").data, page.get(picture.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("doubt", "is_known", "sentence"),
    [
        ("unknown", False, "It is like none of the classes that were taught; nearest is leaf."),
        ("far", True, "Perhaps leaf, but it looks different from most pictures that were taught."),
        ("few", True, "Perhaps leaf, but it has learned from too few pictures to be sure of anything."),
        ("close", True, "Perhaps leaf, but it is not clear enough: leaf 62 %, coin 30 %."),
    ],
)
def test_a_taught_classifier_says_why_it_is_not_certain(api, page, alice, doubt, is_known, sentence):
    program, html = said(api, page, a_picture(alice, taught=taught(doubt, is_known=is_known)))
    assert program["taught"]["doubt"] == doubt and program["taught"]["doubt_text"] == sentence
    assert sentence in html


def test_a_certain_answer_has_no_doubt_and_one_of_before_has_a_sentence_all_the_same(api, page, alice):
    program, html = said(api, page, a_picture(alice, taught=taught("")))
    assert program["taught"]["doubt_text"] == "" and program["doubt_text"] == "" and "Perhaps" not in html
    before = taught("close")
    del before["doubt"]
    program, _html = said(api, page, a_picture(alice, taught=before))
    assert program["taught"]["doubt_text"] == "Perhaps leaf, but it is not sure: leaf 62 %, coin 30 %."


def test_a_picture_of_which_nothing_stands_out_says_what_comes_nearest(api, page, alice):
    program, html = said(api, page, a_picture(alice, answer=None))
    assert not program["is_certain"]
    assert program["doubt_text"].startswith("I am not sure: nothing stands out. Nearest are ")
    assert program["doubt_text"] in html


def test_a_kind_of_picture_that_is_not_sure_is_said_to_be_so(api, page, alice):
    program, html = said(api, page, a_picture(alice, answer=None, labels=None, image_type=CHART))
    assert "is not sure: chart 62 %" in program["doubt_text"] and program["doubt_text"] in html


class Card:
    def __init__(self, certain: float) -> None:
        self.config, self.certain = {"reach": 0.6, "near": 0.4}, certain


@pytest.mark.parametrize(
    ("certain", "probability", "distance", "doubt"),
    [
        (0.95, 0.99, 0.3, ""),
        (0.95, 0.99, 0.5, "far"),
        (0.95, 0.99, 0.7, "unknown"),
        (0.95, 0.7, 0.3, "close"),
        (1.0, 0.99, 0.3, "few"),
    ],
)
def test_the_doubt_is_the_first_thing_that_speaks_against_it(certain, probability, distance, doubt):
    assert TaughtClassifier(Card(certain), None).doubt_about(probability, distance) == doubt
