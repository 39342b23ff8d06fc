"""A head learns, says how sure it is, knows what it never saw, and is judged by pictures that it has not seen."""

import numpy as np
import pytest

from ml.teaching.evaluate import helps
from ml.teaching.head import fit_heads, rooted
from ml.teaching.head_training import Examples, Progress, TooFewExamples, folds_of, train_head
from ml.teaching.tests.clouds import cloud, examples, middles


def silent(report: Progress) -> None:
    """Nobody watches."""


def test_duplicates_stay_on_one_side_and_classes_are_dealt_out_evenly():
    labels = np.repeat(np.arange(4), (20, 20, 20, 7))
    groups = np.arange(67)
    groups[:6] = 0
    folds = folds_of(labels, groups, 5, seed=1)
    assert len(set(folds[:6])) == 1
    for label in range(1, 4):
        counts = np.bincount(folds[labels == label], minlength=5)
        assert counts.max() - counts.min() <= 1
    assert (folds == folds_of(labels, groups, 5, seed=1)).all()
    assert (folds != folds_of(labels, groups, 5, seed=2)).any()


def test_well_parted_classes_are_learned_and_the_interval_says_that_eighty_pictures_are_few():
    taught = train_head(examples(), silent)
    evaluation = taught.evaluation
    assert evaluation["accuracy"] >= 0.95
    low, high = evaluation["interval"]
    assert low < evaluation["accuracy"] <= high and high - low > 0.03
    assert evaluation["pictures"] == 80
    assert np.array(evaluation["confusion"]).sum() == pytest.approx(80, abs=0.1)


def test_held_out_accuracy_of_labels_by_chance_is_chance():
    mixed = examples((40, 40))
    labels = np.random.default_rng(2).permutation(mixed.labels)
    taught = train_head(Examples(mixed.features, labels, mixed.groups, mixed.classes), silent)
    low, high = taught.evaluation["interval"]
    assert low < 0.5 < high
    assert taught.evaluation["certain_share"] < 0.1


def test_duplicates_do_not_make_chance_look_like_learning():
    """Thirty pictures with labels by chance, each saved eight times: split blindly, they would be known by heart."""
    random = np.random.default_rng(4)
    features = np.repeat(cloud(middles(1)[0], 30), 8, axis=0)
    labels = np.repeat(random.permutation(np.repeat([0, 1], 15)), 8)
    groups = np.repeat(np.arange(30), 8)
    blind = train_head(Examples(features, labels, np.arange(240), ["a", "b"]), silent)
    honest = train_head(Examples(features, labels, groups, ["a", "b"]), silent)
    assert blind.evaluation["accuracy"] > 0.95
    assert honest.evaluation["accuracy"] < 0.8
    assert honest.evaluation["distinct"] == 30


def test_the_weakest_class_is_named_with_its_misleading_pictures():
    taught = examples((20, 20, 20), spread=0.4)
    features = taught.features.copy()
    features[:6] = cloud(middles(3)[1], 6, 0.4, seed=50)  # of class 0, but they look like class 1
    evaluation = train_head(
        Examples(features, taught.labels, taught.groups, taught.classes), silent
    ).evaluation
    assert evaluation["weakest"] == 0
    assert {row["place"] for row in evaluation["mistakes"][:6]} == set(range(6))
    assert evaluation["mistakes"][0] | {"place": 0, "probability": 0} == {
        "place": 0,
        "label": 0,
        "answer": 1,
        "probability": 0,
    }


def test_a_rare_class_is_not_drowned_by_a_common_one():
    taught = train_head(examples((200, 10), spread=0.72), silent)
    rare = taught.evaluation["recalls"][1]
    assert rare["recall"] >= 0.7
    assert rare["pictures"] == 10


def test_what_was_never_seen_is_hardly_ever_certain():
    taught = train_head(examples(), silent)
    strangers = rooted(np.concatenate([cloud(middle, 25) for middle in middles(8)[4:]]))
    own = rooted(examples(seed=9).features)
    assert (taught.known.distances(strangers) <= taught.limits.near).mean() < 0.1
    assert (taught.known.distances(own) <= taught.limits.reach).mean() > 0.75


@pytest.mark.parametrize("counts", [(20,), (20, 1), (1, 1)])
def test_one_class_or_a_class_of_one_picture_cannot_be_taught(counts):
    with pytest.raises(TooFewExamples):
        train_head(examples(counts), silent)


def test_two_pictures_a_class_are_enough_to_begin_with_and_nothing_is_certain():
    taught = train_head(examples((2, 2), spread=0.3), silent)
    assert taught.certain == 1.0
    assert taught.evaluation["interval"][0] < 0.6


def test_progress_is_told_epoch_by_epoch():
    reports: list[Progress] = []
    taught = train_head(examples(), reports.append)
    shares = [report.share for report in reports]
    assert shares == sorted(shares) and 0 < shares[0] < shares[-1] <= 1
    assert [point["epoch"] for point in taught.curves] == list(range(1, len(taught.curves) + 1))
    assert taught.curves[-1]["train_loss"] < taught.curves[0]["train_loss"]


def test_the_same_examples_and_seed_give_the_same_head():
    one, other = train_head(examples(), silent), train_head(examples(), silent)
    assert (one.head.weight == other.head.weight).all() and one.evaluation == other.evaluation


def test_a_stronger_regularisation_gives_smaller_weights():
    taught = examples()
    inputs = rooted(taught.features)
    sizes = [
        np.abs(fit_heads(inputs, taught.labels, np.ones((1, 80), np.float32), 4, strength)[0].weight).sum()
        for strength in (1.0, 0.1, 0.01)
    ]
    assert sizes == sorted(sizes)


def test_only_more_than_chance_counts_as_help():
    before = np.array([True] * 80 + [False] * 20)
    four, five = before.copy(), before.copy()
    four[80:84], five[80:85] = True, True
    assert not helps(before, four) and helps(before, five)
    both_ways = five.copy()
    both_ways[:2] = False
    assert not helps(before, both_ways)
