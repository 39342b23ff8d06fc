"""How far drawn pictures are from photographs, told by features (n, d) float32 of both."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Numbers

Features = Numbers

SUBSETS, SUBSET = 100, 1000  # of the kernel distance
NEIGHBOURS = 3
CHUNK = 512  # rows compared at a time


def frechet(drawn: Features, real: Features) -> float:
    """Between the normal distributions of both (Heusel et al., GANs Trained by a Two Time-Scale Update Rule, 2017)."""
    first, second = covariance(drawn), covariance(real)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    # trace of (first second)^(1/2)
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ second @ root), 0)).sum()
    apart = drawn.mean(0, dtype=np.float64) - real.mean(0, dtype=np.float64)
    return float(apart @ apart + np.trace(first) + np.trace(second) - 2 * shared)


def covariance(features: Features) -> NDArray[np.float64]:
    return np.cov(features.astype(np.float64), rowvar=False)


def kernel_distance(drawn: Features, real: Features) -> float:
    """The unbiased mean of subsets with the cubic kernel (Bińkowski et al., Demystifying MMD GANs, 2018)."""
    random = np.random.default_rng(1)
    size = min(SUBSET, len(drawn), len(real))

    def subset(features: Features) -> Features:
        return features[random.choice(len(features), size, replace=False)]

    return float(np.mean([discrepancy(subset(drawn), subset(real)) for _ in range(SUBSETS)]))


def discrepancy(drawn: Features, real: Features) -> float:
    count = len(drawn)
    within = sum((cubic(part, part).sum() - np.trace(cubic(part, part))) for part in (drawn, real))
    return float(within / (count * (count - 1)) - 2 * cubic(drawn, real).mean())


def cubic(left: Features, right: Features) -> NDArray[np.float64]:
    return (left.astype(np.float64) @ right.T.astype(np.float64) / left.shape[1] + 1) ** 3


def precision_recall(drawn: Features, real: Features) -> tuple[float, float]:
    """Share of drawn pictures among the photographs, and of photographs among the drawn ones: closer to one of them
    than its third neighbour is (Kynkäänniemi et al., 2019). Both sets should be of one size."""
    return among(drawn, real), among(real, drawn)


def among(some: Features, others: Features) -> float:
    radius = nearest(others, others, NEIGHBOURS + 1)[:, -1]
    return float(np.mean([(row < radius).any() for row in cdist(some, others)]))


def nearest(some: Features, others: Features, count: int = 1) -> Features:
    """Distances (n, count) to the nearest of the others, ascending."""
    return np.stack([np.sort(np.partition(row, count - 1)[:count]) for row in cdist(some, others)])


def cdist(some: Features, others: Features) -> Iterator[Features]:
    """Euclidean, a row (m,) for each of some."""
    squares = np.square(others, dtype=np.float32).sum(1)
    for first in range(0, len(some), CHUNK):
        part = some[first : first + CHUNK]
        found = np.square(part).sum(1)[:, None] + squares - 2 * part @ others.T
        yield from np.sqrt(np.maximum(found, 0))
