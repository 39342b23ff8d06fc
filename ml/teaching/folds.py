"""Parts of the examples that take turns at being held out: like in classes, and no picture on both sides."""

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Labels


def folds_of(labels: Labels, groups: Labels, count: int, seed: int) -> Labels:
    """(n,) labels and groups -> (n,) which of `count` folds each example is in.

    Pictures of one group (duplicates) share a fold. Each class is dealt out over the folds as evenly as its groups
    allow, and no fold gets the remainders of all classes.
    """
    random = np.random.default_rng(seed)
    sizes = np.zeros((int(labels.max()) + 1, count))
    folds = np.zeros(len(labels), np.int64)
    members = members_of(groups)
    shuffled = [members[place] for place in random.permutation(len(members))]
    for group in sorted(shuffled, key=len, reverse=True):
        label = labels[group[0]]
        fold = int(np.lexsort((random.random(count), sizes.sum(0), sizes[label]))[0])
        folds[group] = fold
        np.add.at(sizes, (labels[group], fold), 1)
    return folds


def members_of(groups: Labels) -> list[NDArray[np.int64]]:
    """The examples of every group."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order])) + 1
    return np.split(order, starts)


def smallest_class(labels: Labels, groups: Labels) -> int:
    """How many different pictures the class with the fewest has."""
    return min(len(np.unique(groups[labels == label])) for label in np.unique(labels))
