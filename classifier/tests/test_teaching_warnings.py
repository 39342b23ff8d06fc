"""What is worth a look before a classifier learns is said: on its page, and to programs."""

import html

import pytest

from classifier.models import Classifier
from classifier.services import teaching
from classifier.tasks import teaching as tasks
from classifier.tests.taught import a_classifier, a_delivery, an_example
from classifier.tests.things import zipped
from classifier.things import jpeg

pytestmark = pytest.mark.django_db


def made_of(members: dict[str, bytes], owner) -> Classifier:
    classifier = teaching.create(owner=owner, name="Things", file=zipped(members))
    tasks.take_examples(str(classifier.deliveries.get().job_id))
    classifier.refresh_from_db()
    return classifier


def told(api, classifier: Classifier) -> dict[str, dict]:
    found = api.get(f"/api/classifiers/{classifier.pk}/").data["warnings"]
    return {one["kind"]: one for one in found}


def shown(page, classifier: Classifier) -> str:
    return html.unescape(page.get(classifier.get_absolute_url()).content.decode())


def test_small_empty_and_uneven_classes_are_told_by_name(api, page, alice):
    classifier = a_classifier(alice, count=3, classes=("cat", "dog"))
    teaching.add_label(classifier=classifier, name="owl")
    cat, delivery = classifier.labels.get(name="cat"), a_delivery(classifier)
    for place in range(14):
        an_example(delivery, cat, place)
    found = told(api, classifier)
    assert set(found) == {"empty", "few", "uneven"}
    assert found["empty"]["labels"] == ["owl"] and found["few"]["labels"] == ["dog"]
    assert "“cat” has 5 times as many pictures as “dog”" in found["uneven"]["text"]
    assert all(one["text"] in shown(page, classifier) for one in found.values())


def test_a_classifier_with_enough_of_each_or_with_nothing_yet_has_no_warnings(api, alice):
    assert told(api, a_classifier(alice, count=10)) == {}
    assert told(api, teaching.create(owner=alice, name="New", labels=["cat"])) == {}


def test_a_class_of_copies_is_told_by_name_and_none_of_them_is_to_go(api, page, alice):
    members = {f"leaf/{n}.jpg": jpeg("leaf", n) for n in range(3)}
    members |= {"coin/1.jpg": jpeg("coin", 1), "coin/again.jpg": jpeg("coin", 1) + b"\x00"}
    classifier = made_of(members, alice)
    assert told(api, classifier)["single"]["labels"] == ["coin"]
    assert "loses nothing" not in shown(page, classifier)


def test_one_class_alone_is_told(api, alice):
    classifier = made_of({f"leaf/{n}.jpg": jpeg("leaf", n) for n in range(3)}, alice)
    assert told(api, classifier)["one_class"]["labels"] == ["leaf"]


def test_the_same_pictures_in_two_classes_are_said_before_training(api, page, alice):
    leaves = {f"{name}/{number}.jpg": jpeg("leaf", number) for name in ("cat", "dog") for number in range(4)}
    others = {f"dog/{number}.jpg": jpeg("coin", number) for number in range(4, 8)}
    others |= {f"cat/{number}.jpg": jpeg("leaf", number) for number in range(4, 8)}
    classifier = made_of(leaves | others, alice)
    assert "4 pictures are in two classes" in told(api, classifier)["shared"]["text"]
    said = shown(page, classifier)
    assert "Only one of the two can be right" in said and 'value="same"' not in said
    first, second, _distance = classifier.found_among["shared"][0]
    teaching.move_examples(classifier=classifier, ids=[second], label=classifier.examples.get(pk=first).label)
    assert "3 pictures are in two classes" in told(api, classifier)["shared"]["text"]


def test_pictures_in_the_wrong_class_are_shown_with_the_right_one_to_move_them(api, page, alice):
    members = {f"{name}/{n}.jpg": jpeg(name, n) for name in ("leaf", "coin", "brick") for n in range(12)}
    members["coin/wrong.jpg"] = jpeg("leaf", 50)
    classifier = made_of(members, alice)
    wrong, leaf = classifier.examples.get(name="wrong.jpg"), classifier.labels.get(name="leaf")
    found = told(api, classifier)["mislabelled"]
    assert found["labels"] == ["coin"] and "1 picture looks as if it were in the wrong class" in found["text"]
    assert "In coin, looks like leaf" in " ".join(shown(page, classifier).split())
    change = f"/classifiers/{classifier.pk}/change/"
    page.post(change, {"example": wrong.pk, "to": leaf.pk, "move": "1"})
    wrong.refresh_from_db()
    assert wrong.label == leaf and "mislabelled" not in told(api, classifier)


def test_of_copies_in_one_class_the_second_ones_go_together(page, alice):
    members = {f"leaf/{n}.jpg": jpeg("leaf", n % 3) for n in range(6)} | {"stone/1.jpg": jpeg("leaf", 0)}
    classifier = made_of(members, alice)
    page.post(f"/classifiers/{classifier.pk}/change/", {"extra": "same"})
    assert sorted(classifier.examples.values_list("name", flat=True)) == [
        "0.jpg",
        "1.jpg",
        "1.jpg",
        "2.jpg",
    ]  # of two classes both stay


def test_another_persons_warnings_are_nobodys_business(api, call, alice, bob):
    classifier = a_classifier(alice)
    teaching.share(classifier=classifier, is_shared=True)
    assert call(bob).get(f"/api/classifiers/{classifier.pk}/").data["warnings"] is None
