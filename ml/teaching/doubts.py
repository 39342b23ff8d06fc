"""Labels in doubt before anything is taught: what a regression that has not seen it says against its class."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Labels, Numbers
from ml.core.calibration import best_temperature, softmax
from ml.teaching.head import balance, rooted
from ml.teaching.head_training import FOLDS, folds_of, smallest_class

RIDGE = 0.3  # of the scaled features' own weight
SHARPNESS = 5.0  # of scores from -1 to 1, so that the best temperature is one of those that are tried
LEAST = 4  # different pictures of a class, of fewer nothing is known
MOST = 60  # doubts that are told: more are better found by looking at a class
# Of the other class. Of 86 wrong labels among 1,720 letters of 2 to 10 classes (one in twenty), 60 were found so, and
# 10 right ones beside them; from 0.7 on 64 and 17.
SURE = 0.8
SHARE = 0.25  # of the pictures of two classes that are taken for each other: then they are hard to tell apart


class Doubt(NamedTuple):
    """A place among the examples, the class that it looks like, and how probable that is."""

    place: int
    looks_like: int
    probability: float


class Confused(NamedTuple):
    """Two classes, and the share of their pictures that was taken for one of the other."""

    first: int
    second: int
    share: float


@dataclass(frozen=True)
class Doubts:
    """labels: the surest first; confused: the most confused first."""

    labels: list[Doubt]
    confused: list[Confused]


def doubts_among(features: NDArray[Any], labels: Labels, groups: Labels) -> Doubts:
    """features: (n, d); labels: (n,); groups: (n,), equal for pictures that are the same. Of classes that are too small
    to tell, none."""
    classes = np.array(
        [label for label in np.unique(labels) if len(np.unique(groups[labels == label])) >= LEAST]
    )
    if len(classes) < 2:
        return Doubts([], [])
    places = np.flatnonzero(np.isin(labels, classes))
    told = np.searchsorted(classes, labels[places])
    probabilities = held_out_probabilities(rooted(features[places]), told, groups[places], len(classes))
    doubtful = doubtful_labels(probabilities, told)
    return Doubts(
        [Doubt(int(places[at]), int(classes[other]), share) for at, other, share in doubtful],
        [
            Confused(int(classes[one]), int(classes[other]), share)
            for one, other, share in confused_classes(probabilities, told)
        ],
    )


def held_out_probabilities(inputs: Numbers, labels: Labels, groups: Labels, classes: int) -> Numbers:
    """(n, classes), each row by a regression that has not seen it or one like it."""
    folds = folds_of(labels, groups, min(FOLDS, smallest_class(labels, groups)), seed=1)
    logits = np.empty((len(labels), classes), np.float32)
    for fold in np.unique(folds):
        is_seen = folds != fold
        score = ridge(inputs[is_seen], labels[is_seen], classes)
        logits[~is_seen] = SHARPNESS * score(inputs[~is_seen])
    return softmax(logits, best_temperature(logits, labels))


def ridge(inputs: Numbers, labels: Labels, classes: int) -> Callable[[Numbers], Numbers]:
    """Scores of the classes, about -1 to 1, by ridge regression: as good as the head for this, which takes minutes for
    10,000 pictures of 100 classes where this takes 5 seconds."""
    centre, spread = inputs.mean(0), np.float32(np.sqrt(inputs.var(0).mean()) or 1.0)
    root = np.sqrt(balance(labels, classes))[:, None]
    targets = 2 * np.eye(classes, dtype=np.float32)[labels] - 1
    usual = (targets * root**2).sum(0) / (root**2).sum()
    rows, wanted = root * (inputs - centre) / spread, root * (targets - usual)
    count, width = rows.shape
    if count < width:
        weight = rows.T @ np.linalg.solve(
            rows @ rows.T + RIDGE * width * np.eye(count, dtype=np.float32), wanted
        )
    else:
        weight = np.linalg.solve(
            rows.T @ rows + RIDGE * width * np.eye(width, dtype=np.float32), rows.T @ wanted
        )
    return lambda asked: np.asarray((asked - centre) / spread @ weight + usual, np.float32)


def doubtful_labels(probabilities: Numbers, labels: Labels) -> list[Doubt]:
    """Those that another class claims as surely as it does its own pictures on average (Northcutt, Jiang, Chuang,
    Confident learning, 2021), and at least as `SURE` says."""
    usual = np.array(
        [probabilities[labels == label, label].mean() for label in range(probabilities.shape[1])]
    )
    best = probabilities.argmax(1)
    surely = probabilities[np.arange(len(labels)), best]
    places = np.flatnonzero((best != labels) & (surely >= np.maximum(usual[best], SURE)))
    found = [Doubt(int(place), int(best[place]), round(float(surely[place]), 4)) for place in places]
    return sorted(found, key=lambda doubt: -doubt.probability)[:MOST]


def confused_classes(probabilities: Numbers, labels: Labels) -> list[Confused]:
    classes = probabilities.shape[1]
    table = np.zeros((classes, classes))
    np.add.at(table, (labels, probabilities.argmax(1)), 1)
    counts = np.bincount(labels, minlength=classes)
    shares = (table + table.T) / (counts[:, None] + counts)
    firsts, seconds = np.nonzero(np.triu(shares, 1) >= SHARE)
    pairs = zip(firsts, seconds, strict=True)
    found = [Confused(int(one), int(other), round(float(shares[one, other]), 4)) for one, other in pairs]
    return sorted(found, key=lambda pair: -pair.share)
