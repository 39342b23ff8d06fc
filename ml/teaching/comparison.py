"""What is worth knowing about examples before anything is taught: the same picture twice, and pictures in doubt."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Labels, Numbers
from ml.teaching.known import normalise_rows

ROWS = 256  # of the matrix of all distances at a time
NEAR = 0.02  # cosine distance of features below which two pictures are the same one, saved again
RELATED = 0.15  # below which they are, if their fingerprints agree, too
AGREEING_BITS = 10  # that may differ of 64 (ml.pictures.similar)
ALIKE = 0.4  # below which pictures look alike: photographs of different things are 0.44 apart and more (docs/images)
MOST_LOOK_ALIKES = 60


class Pair(NamedTuple):
    """Two places among the examples, the first before the second, and the cosine distance of their features."""

    first: int
    second: int
    distance: float


@dataclass(frozen=True)
class Comparison:
    """same: identical files; near: one picture saved, cut or coloured anew; look_alikes: of different classes, each
    closer to the other than to anything of its own, closest first. groups: (n,), equal for same and near pictures."""

    same: list[Pair]
    near: list[Pair]
    look_alikes: list[Pair]
    groups: Labels


def compare_features(
    features: NDArray[Any], labels: Labels, fingerprints: NDArray[np.uint64], digests: list[str]
) -> Comparison:
    """features: (n, d); fingerprints: (n,) 64 bits of a perceptual hash; digests: (n,) SHA-256 of the files.

    Memory grows with n, not with n squared.
    """
    directions = normalise_rows(features.astype(np.float32))
    copies = same_pairs(digests)
    near, closest = [], []
    for start in range(0, len(features), ROWS):
        block = slice(start, start + ROWS)
        distances = np.maximum(1 - directions[block] @ directions.T, 0)
        near += near_pairs(distances, start, fingerprints)
        closest += doubtful_pairs(distances, start, labels)
    known = {(pair.first, pair.second) for pair in copies}
    near = [pair for pair in near if (pair.first, pair.second) not in known]
    look_alikes = sorted(set(closest), key=lambda pair: pair.distance)[:MOST_LOOK_ALIKES]
    return Comparison(copies, near, look_alikes, connected_groups(len(features), copies + near))


def same_pairs(digests: list[str]) -> list[Pair]:
    """Every further file with the first one like it."""
    first: dict[str, int] = {}
    places = [(first.setdefault(digest, place), place) for place, digest in enumerate(digests)]
    return [Pair(earlier, place, 0.0) for earlier, place in places if earlier != place]


def near_pairs(distances: Numbers, start: int, fingerprints: NDArray[np.uint64]) -> list[Pair]:
    """distances: rows from `start` on of the whole matrix."""
    rows, others = np.nonzero(distances < RELATED)
    places = rows + start
    bits = np.bitwise_count(fingerprints[places] ^ fingerprints[others])
    is_near = (places < others) & ((distances[rows, others] < NEAR) | (bits <= AGREEING_BITS))
    return [
        Pair(int(place), int(other), round(float(distances[row, other]), 4))
        for row, place, other in zip(rows[is_near], places[is_near], others[is_near], strict=True)
    ]


def doubtful_pairs(distances: Numbers, start: int, labels: Labels) -> list[Pair]:
    """Of each row its nearest picture of another class, where that looks like it and none of its own class is as near:
    of few or odd pictures something is always the nearest."""
    places = np.arange(len(distances))
    is_own = labels[start : start + len(distances), None] == labels[None]
    own = np.where(is_own, distances, np.inf)
    own[places, places + start] = np.inf  # itself
    other = np.where(is_own, np.inf, distances)
    nearest = other.argmin(1)
    gaps = other[places, nearest]
    doubtful = np.flatnonzero(gaps < np.minimum(own.min(1), ALIKE))
    pairs = [(int(row) + start, int(nearest[row]), round(float(gaps[row]), 4)) for row in doubtful]
    return [Pair(min(left, right), max(left, right), gap) for left, right, gap in pairs]


def connected_groups(count: int, pairs: list[Pair]) -> Labels:
    """(count,) equal where a chain of pairs joins two places."""
    parents = list(range(count))

    def root(place: int) -> int:
        while parents[place] != place:
            parents[place] = place = parents[parents[place]]
        return place

    for pair in pairs:
        parents[root(pair.second)] = root(pair.first)
    return np.array([root(place) for place in range(count)], np.int64)
