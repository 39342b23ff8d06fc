"""How well a taught classifier names pictures that it has not learned from."""

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from measures.proportions import wilson_interval
from ml.core.arrays import Labels, Numbers
from ml.core.calibration import expected_calibration_error

SHOWN_MISTAKES = 12
NOISE = 0.05  # probability of a difference by chance below which it counts: the usual level of McNemar's test


@dataclass(frozen=True)
class HeldOut:
    """What was said of held-out examples, each as often as it was held out: its place among all examples, its label,
    the probabilities of the classes and whether it was near (ml.teaching.known)."""

    places: Labels
    labels: Labels
    probabilities: Numbers
    is_near: np.ndarray

    @property
    def answers(self) -> Labels:
        return np.asarray(self.probabilities.argmax(1))

    @property
    def is_right(self) -> np.ndarray:
        return np.asarray(self.answers == self.labels)


def evaluate(held_out: HeldOut, classes: int, groups: Labels, certain: float) -> dict[str, Any]:
    """Figures ready for JSON. Duplicates count as one picture in the widths of intervals.

    confusion: rows are the right classes, counts averaged over the repeats. weakest: the class whose pictures are named
    right least often. mistakes: its most misleading pictures first, then those that were taken for it.
    """
    accuracy = float(held_out.is_right.mean())
    confusion = confusion_of(held_out, classes)
    recalls = confusion.diagonal() / np.maximum(confusion.sum(1), 1e-9)
    counts = [distinct(groups, held_out.places[held_out.labels == label]) for label in range(classes)]
    weakest = int(np.argmin(recalls))
    is_certain = held_out.is_near & (held_out.probabilities.max(1) >= certain)
    return {
        "accuracy": shown(accuracy),
        "interval": interval(accuracy, distinct(groups, held_out.places)),
        "pictures": len(np.unique(held_out.places)),
        "distinct": distinct(groups, held_out.places),
        "ece": shown(expected_calibration_error(held_out.probabilities, held_out.labels)),
        "certain_share": shown(is_certain.mean()),
        "certain_accuracy": shown(held_out.is_right[is_certain].mean()) if is_certain.any() else None,
        "confusion": [[round(float(cell), 2) for cell in row] for row in confusion],
        "recalls": [
            {"recall": shown(recall), "interval": interval(float(recall), count), "pictures": count}
            for recall, count in zip(recalls, counts, strict=True)
        ],
        "weakest": weakest,
        "mistakes": mistakes(held_out, weakest),
    }


def confusion_of(held_out: HeldOut, classes: int) -> NDArray[np.float64]:
    """(classes, classes); every picture counts 1, however often it was held out."""
    times = np.bincount(held_out.places)[held_out.places]
    table = np.zeros((classes, classes))
    np.add.at(table, (held_out.labels, held_out.answers), 1 / times)
    return table


def mistakes(held_out: HeldOut, label: int) -> list[dict[str, Any]]:
    """Of a class: {"place", "label", "answer", "probability"}, surest first, each picture once."""
    is_wrong = ~held_out.is_right
    own = np.flatnonzero(is_wrong & (held_out.labels == label))
    taken = np.flatnonzero(is_wrong & (held_out.answers == label))
    sure = held_out.probabilities.max(1)
    found: dict[int, dict[str, Any]] = {}
    for at in [*own[np.argsort(-sure[own])], *taken[np.argsort(-sure[taken])]]:
        row = {
            "label": int(held_out.labels[at]),
            "answer": int(held_out.answers[at]),
            "probability": shown(sure[at]),
        }
        found.setdefault(int(held_out.places[at]), row)
    return [{"place": place} | row for place, row in found.items()][:SHOWN_MISTAKES]


def helps(before: np.ndarray, after: np.ndarray) -> bool:
    """Whether `after` is right more often than chance explains, on the same pictures (n,) right or not.

    The exact one-sided test of McNemar (Note on the sampling error of the difference between correlated proportions,
    1947): only pictures on which the two differ count.
    """
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    differing = gained + lost
    by_chance = sum(comb(differing, more) for more in range(gained, differing + 1)) / 2**differing
    return gained > lost and by_chance <= NOISE


def distinct(groups: Labels, places: Labels) -> int:
    return len(np.unique(groups[places]))


def interval(share: float, count: int) -> list[float]:
    return [shown(bound) for bound in wilson_interval(share, count)]


def shown(value: float) -> float:
    return round(float(value), 4)
