"""Making a probability mean what it says, and choosing from where on an answer is called certain."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Labels, Numbers

TEMPERATURES = np.geomspace(0.4, 4.0, 60)
# Of the answers called certain on held-out cells. An aim, not a measurement: what came of it stands on every card, as
# "wrong among the certain" of each of its test sets.
ALLOWED_WRONG = 1 / 2000
LEAST_CERTAIN = 0.95  # though fewer would be wrong
BINS = 15  # of confidence, as in Guo et al.


def softmax(logits: Numbers, temperature: float = 1.0) -> Numbers:
    """(n, classes) logits -> probabilities that sum to 1, flattened by the temperature."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    probabilities: Numbers = powers / powers.sum(1, keepdims=True)
    return probabilities


@dataclass(frozen=True)
class Calibration:
    """From logits to probabilities: a temperature (Guo et al., On calibration of modern neural networks, 2017) and a
    shift for every class, the log of how much more often it occurs on sheets than where the network learned (Saerens,
    Latinne, Decaestecker, Adjusting the outputs of a classifier to new a priori probabilities, 2002)."""

    temperature: float
    shift: tuple[float, ...]

    def probabilities(self, logits: Numbers) -> Numbers:
        """(n, classes) -> (n, classes) that sum to 1."""
        return softmax(logits / np.float32(self.temperature) + np.asarray(self.shift, np.float32))


def best_temperature(logits: Numbers, labels: Labels) -> float:
    """The one with the least log loss (Guo et al., 2017)."""
    losses = [log_loss(softmax(logits, float(temperature)), labels) for temperature in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def fit_calibration(logits: Numbers, labels: Labels, prior: tuple[float, ...]) -> Calibration:
    """The calibration with the least log loss on a held-out set whose cells weigh what they do on sheets."""
    shift = np.log(np.asarray(prior) / shares(labels, len(prior)))
    start = Calibration(1.0, tuple(round(float(value), 4) for value in shift))
    tries = [replace(start, temperature=round(float(temperature), 4)) for temperature in TEMPERATURES]
    weights = weights_of(labels, prior)
    losses = [log_loss(calibration.probabilities(logits), labels, weights) for calibration in tries]
    return tries[int(np.argmin(losses))]


def shares(labels: Labels, classes: int) -> NDArray[np.float64]:
    """How much of a set each class is; at least one cell of each is assumed."""
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    return np.asarray(counts / counts.sum())


def weights_of(labels: Labels, prior: tuple[float, ...]) -> NDArray[np.float64]:
    """What every cell of a set weighs for its classes to occur as often as on sheets; the mean is 1."""
    weights = (np.asarray(prior) / shares(labels, len(prior)))[labels]
    return np.asarray(weights / weights.mean())


def log_loss(probabilities: Numbers, labels: Labels, weights: NDArray[np.float64] | float = 1.0) -> float:
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-(weights * np.log(np.maximum(chosen, 1e-12))).mean())


def expected_calibration_error(probabilities: Numbers, labels: Labels) -> float:
    """Mean gap between confidence and accuracy over bins of confidence (Naeini et al., 2015)."""
    gaps = [abs(sure.sum() - right.sum()) for sure, right in by_confidence(probabilities, labels)]
    return float(sum(gaps) / max(len(labels), 1))


def reliability_bins(probabilities: Numbers, labels: Labels) -> list[dict[str, float]]:
    """The reliability diagram (Niculescu-Mizil and Caruana, 2005): of each bin of confidence that has answers, how many
    those are, how sure they were on average and what share of them is right: [{"count", "confidence", "accuracy"}]."""
    return [
        {
            "count": len(sure),
            "confidence": round(float(sure.mean()), 6),
            "accuracy": round(float(right.mean()), 6),
        }
        for sure, right in by_confidence(probabilities, labels)
    ]


def by_confidence(probabilities: Numbers, labels: Labels) -> Iterator[tuple[Numbers, NDArray[np.bool_]]]:
    """Of each bin that has answers, from the least sure on, how sure they are and which of them are right."""
    confidence, is_right = probabilities.max(1), probabilities.argmax(1) == labels
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    for number in np.unique(place):
        yield confidence[place == number], is_right[place == number]


def certain_threshold(
    probabilities: Numbers, labels: Labels, weights: NDArray[np.float64], allowed: float = ALLOWED_WRONG
) -> float:
    """The least probability from which at most `allowed` of the answers are wrong, at LEAST_CERTAIN or above.

    Answers count by their weights. One error more than seen is counted, so that a small set does not promise too much;
    1.0 (nothing is certain) where even the surest answers are wrong too often.
    """
    confidence, is_wrong = probabilities.max(1), probabilities.argmax(1) != labels
    order = np.argsort(-confidence, kind="stable")
    share = (np.cumsum((is_wrong * weights)[order]) + 1) / np.cumsum(weights[order])
    allowed_at = np.flatnonzero(share <= allowed)
    if not len(allowed_at):
        return 1.0
    return max(float(confidence[order[allowed_at[-1]]]), LEAST_CERTAIN)


def certainty(
    probabilities: Numbers, labels: Labels, weights: NDArray[np.float64], threshold: float
) -> tuple[float, float, float]:
    """Accuracy, share left for review, and share of the certain answers that are wrong; answers count by weight."""
    is_right, is_certain = probabilities.argmax(1) == labels, probabilities.max(1) >= threshold
    certain = float((weights * is_certain).sum())
    wrong = float((weights * (is_certain & ~is_right)).sum())
    total = float(weights.sum())
    return float((weights * is_right).sum()) / total, 1 - certain / total, wrong / certain if certain else 0.0
