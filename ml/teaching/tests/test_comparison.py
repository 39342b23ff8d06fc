"""Duplicates and doubtful pictures are found before anything is learned."""

import numpy as np

from ml.teaching.comparison import compare_features
from ml.teaching.tests.clouds import cloud, examples, middles


def given(features: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Fingerprints and digests of different pictures."""
    random = np.random.default_rng(5)
    return random.integers(0, 2**63, len(features)).astype(np.uint64), [
        str(place) for place in range(len(features))
    ]


def test_identical_files_are_the_same_whatever_their_class():
    taught = examples((3, 3))
    prints, digests = given(taught.features)
    digests[4] = digests[0]
    features = taught.features.copy()
    features[4] = features[0]
    found = compare_features(features, taught.labels, prints, digests)
    assert [(pair.first, pair.second) for pair in found.same] == [(0, 4)]
    assert found.near == [] and found.groups[4] == found.groups[0]
    assert len(set(found.groups)) == 5


def test_a_picture_saved_again_is_near_and_a_chain_of_them_is_one_group():
    taught = examples((3, 3))
    features = taught.features.astype(np.float32)
    features[1], features[2] = features[0] * 1.002, features[0] * 0.998
    found = compare_features(features, taught.labels, *given(features))
    assert {(pair.first, pair.second) for pair in found.near} == {(0, 1), (0, 2), (1, 2)}
    assert len({int(group) for group in found.groups[:3]}) == 1


def test_a_related_picture_is_a_duplicate_only_where_the_fingerprints_agree():
    taught = examples((3, 3))
    features = taught.features.astype(np.float32)
    features[1] = features[0] + 0.35 * features[0].mean() * np.sin(np.arange(features.shape[1]))
    prints, digests = given(features)
    assert compare_features(features, taught.labels, prints, digests).near == []
    prints[1] = prints[0] ^ np.uint64(0b101)
    assert [
        (pair.first, pair.second) for pair in compare_features(features, taught.labels, prints, digests).near
    ] == [(0, 1)]


def test_a_picture_in_the_wrong_class_is_a_look_alike():
    taught = examples((8, 8), spread=0.3)
    features = taught.features.copy()
    features[3] = cloud(middles(2)[1], 1, 0.3, seed=77)[0]
    found = compare_features(features, taught.labels, *given(features))
    assert found.look_alikes and all(3 in (pair.first, pair.second) for pair in found.look_alikes)
    assert all(taught.labels[pair.first] != taught.labels[pair.second] for pair in found.look_alikes)


def test_pictures_that_are_far_apart_are_no_look_alikes_however_odd_they_are():
    taught = examples((1, 1))
    features = np.zeros_like(taught.features)
    features[0, 0], features[1, 1] = 1, 1
    assert compare_features(features, taught.labels, *given(features)).look_alikes == []


def test_pictures_alone_in_their_class_are_compared_too():
    taught = examples((1, 1))
    assert len(compare_features(taught.features, taught.labels, *given(taught.features)).look_alikes) == 1
