"""Making a probability mean what it says, and choosing from where on an answer is called certain."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
Labels = NDArray[np.int64]

TEMPERATURES = np.geomspace(0.4, 4.0, 60)
ALLOWED_WRONG = 1 / 2000  # of the answers called certain
LEAST_CERTAIN = 0.95


def softmax(logits: Numbers, temperature: float = 1.0) -> Numbers:
    """(n, classes) logits -> probabilities that sum to 1, flattened by the temperature."""
    scaled = logits / np.float32(temperature)
    powers = np.exp(scaled - scaled.max(1, keepdims=True))
    probabilities: Numbers = powers / powers.sum(1, keepdims=True)
    return probabilities


def best_temperature(logits: Numbers, labels: Labels) -> float:
    """The temperature with the least log loss on a held-out set (Guo et al., 2017)."""
    losses = [log_loss(softmax(logits, temperature), labels) for temperature in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def log_loss(probabilities: Numbers, labels: Labels) -> float:
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(chosen, 1e-12)).mean())


def expected_calibration_error(probabilities: Numbers, labels: Labels, bins: int = 15) -> float:
    """Mean gap between confidence and accuracy over bins of confidence (Naeini et al., 2015)."""
    confidence, is_right = probabilities.max(1), probabilities.argmax(1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].sum() - is_right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / max(len(labels), 1))


def certain_threshold(probabilities: Numbers, labels: Labels, allowed: float = ALLOWED_WRONG) -> float:
    """The least probability from which at most `allowed` of the answers are wrong, at LEAST_CERTAIN or above.

    One error more than seen is counted, so that a small set does not promise too much; 1.0 (nothing is certain) where
    even the surest answers are wrong too often.
    """
    confidence, is_wrong = probabilities.max(1), probabilities.argmax(1) != labels
    order = np.argsort(-confidence, kind="stable")
    share = (np.cumsum(is_wrong[order]) + 1) / np.arange(1, len(order) + 1)
    allowed_at = np.flatnonzero(share <= allowed)
    if not len(allowed_at):
        return 1.0
    return max(float(confidence[order[allowed_at[-1]]]), LEAST_CERTAIN)


def certainty(probabilities: Numbers, labels: Labels, threshold: float) -> tuple[float, float, float]:
    """Accuracy, share left for review, and share of the certain answers that are wrong."""
    is_right, is_certain = probabilities.argmax(1) == labels, probabilities.max(1) >= threshold
    wrong = float((~is_right[is_certain]).mean()) if is_certain.any() else 0.0
    return float(is_right.mean()), float(1 - is_certain.mean()), wrong
