"""A taught classifier at work: from pooled features to the names of the classes, or to "none of these"."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from ml.calibration import Numbers, softmax
from ml.cards import Card, WeightsDamaged, checked_weights
from ml.teaching.head import Head, rooted
from ml.teaching.known import Known, Limits

MOST_LABELS = 5


@dataclass(frozen=True)
class Answer:
    """labels: [{"name", "probability"}], the most probable first; distance: to what was taught, 0 to 2; is_known:
    whether it is near enough to be one of the classes; is_certain: whether the first name may be said without doubt."""

    labels: list[dict[str, Any]]
    distance: float
    is_known: bool
    is_certain: bool


class TaughtClassifier:
    """Safe to share between threads."""

    def __init__(self, card: Card, head: Head, known: Known) -> None:
        self.card, self.head, self.known = card, head, known
        self.limits = Limits(card.config["reach"], card.config["near"])

    @property
    def is_tuned(self) -> bool:
        """Whether its features come from a network of its own instead of the frozen one."""
        return bool(self.card.config["tuned"])

    def answers(self, features: NDArray) -> list[Answer]:
        """features: (n, d), pooled, of the network that the card names. One answer for each row."""
        inputs = rooted(features)
        probabilities = softmax(self.head.logits(inputs), self.card.temperature)
        distances = self.known.distances(inputs)
        return [self.answer(*row) for row in zip(probabilities, distances, strict=True)]

    def answer(self, probabilities: Numbers, distance: float) -> Answer:
        best = np.argsort(-probabilities)[:MOST_LABELS]
        labels = [
            {"name": self.card.classes[place], "probability": round(float(probabilities[place]), 4)}
            for place in best
        ]
        is_near = bool(distance <= self.limits.near)
        is_certain = is_near and bool(probabilities[best[0]] >= self.card.certain)
        return Answer(labels, round(float(distance), 4), bool(distance <= self.limits.reach), is_certain)


def load_taught(card: Card, folder: Path) -> TaughtClassifier:
    """From <name>.safetensors in `folder`. Raises WeightsDamaged."""
    try:
        tensors = safetensors.numpy.load(checked_weights(folder, card))
        head, known = Head(tensors["weight"], tensors["bias"]), Known(tensors["centre"], tensors["means"])
        return TaughtClassifier(card, head, known)
    except (KeyError, safetensors.SafetensorError) as problem:
        raise WeightsDamaged(
            f"The weights {card.name} are not those of a taught classifier: {problem}"
        ) from problem
