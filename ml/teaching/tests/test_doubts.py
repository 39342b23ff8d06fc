"""Labels that look wrong are found before anything is learned, and right ones are left alone."""

import numpy as np

from ml.teaching.doubts import doubts_among
from ml.teaching.tests.clouds import examples


def taught(counts: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels."""
    found = examples(counts)
    return found.features, found.labels


def test_a_few_wrong_labels_are_found_and_hardly_a_right_one_with_them():
    features, labels = taught((30,) * 4)
    wrong = [3, 40, 77, 101]
    told = labels.copy()
    told[wrong] = (told[wrong] + 1) % 4
    doubts = doubts_among(features, told, np.arange(len(labels)))
    found = {doubt.place: doubt.looks_like for doubt in doubts.labels}
    assert len(found) >= 3 and found.items() <= {place: labels[place] for place in wrong}.items()
    assert [doubt.probability for doubt in doubts.labels] == sorted(
        (doubt.probability for doubt in doubts.labels), reverse=True
    )
    assert doubts_among(features, labels, np.arange(len(labels))).labels == []


def test_two_classes_of_the_same_thing_are_called_confused():
    features, labels = taught((30,) * 3)
    labels = np.where(labels == 2, np.arange(len(labels)) % 2 * 2, labels)  # half of class 2 is called 0
    labels[labels == 0] = np.arange((labels == 0).sum()) % 2 * 2
    [pair] = doubts_among(features, labels, np.arange(len(labels))).confused
    assert (pair.first, pair.second) == (0, 2) and pair.share >= 0.25


def test_a_copy_says_nothing_of_its_own_label():
    """The same pictures in two classes: were each asked about by who has seen the other, all would look wrong."""
    features, labels = taught((10,) * 2)
    twice, told = np.concatenate([features, features[:3]]), np.concatenate([labels, 1 - labels[:3]])
    groups = np.concatenate([np.arange(len(labels)), np.arange(3)])
    found = {doubt.place for doubt in doubts_among(twice, told, groups).labels}
    assert found == {len(labels), len(labels) + 1, len(labels) + 2}


def test_of_classes_with_three_pictures_nothing_is_said_and_of_the_others_it_is():
    features, labels = taught((30,) * 3)
    keep = (labels != 1) | (np.cumsum(labels == 1) <= 3)
    features, labels = features[keep], labels[keep].copy()
    wrong = int(np.flatnonzero(labels == 0)[5])
    labels[wrong] = 2
    doubts = doubts_among(features, labels, np.arange(len(labels)))
    assert [(doubt.place, doubt.looks_like) for doubt in doubts.labels] == [(wrong, 0)]
    assert doubts_among(features[:1], labels[:1], np.arange(1)).labels == []
