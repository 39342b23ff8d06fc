"""A taught classifier at work: from pooled features to the names of the classes, or to "none of these"."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from ml.core.arrays import Numbers
from ml.core.calibration import softmax
from ml.core.cards import Card, WeightsDamaged, checked_weights
from ml.core.engine import onnx_run
from ml.teaching.head import Head, rooted
from ml.teaching.known import Known, Limits

MOST_LABELS = 5
# Like none of the classes; unlike most of what was taught; nothing is certain of so few pictures; not probable enough.
Doubt = Literal["", "unknown", "far", "few", "close"]


@dataclass(frozen=True)
class ClassPrediction:
    """labels: [{"name", "probability"}], the most probable first; distance: to what was taught, 0 to 2; is_known:
    whether it is near enough to be one of the classes; is_certain: whether the first name may be said without doubt;
    doubt: why it may not be, "" where it may."""

    labels: list[dict[str, Any]]
    distance: float
    is_known: bool
    is_certain: bool
    doubt: Doubt


# batch, its features -> probabilities, distances
Predict = Callable[[Numbers, NDArray[Any]], tuple[Numbers, Numbers]]


class TaughtClassifier:
    """Safe to share between threads."""

    def __init__(self, card: Card, predict: Predict) -> None:
        self.card, self.predict = card, predict
        self.limits = Limits(card.config["reach"], card.config["near"])

    def answers(self, batch: Numbers, features: NDArray[Any]) -> list[ClassPrediction]:
        """batch: (n, 3, s, s) as the backbone prepares pictures; features: (n, d), of the same pictures."""
        return [self.answer(*row) for row in zip(*self.predict(batch, features), strict=True)]

    def answer(self, probabilities: Numbers, distance: float) -> ClassPrediction:
        best = np.argsort(-probabilities)[:MOST_LABELS]
        labels = [
            {"name": self.card.classes[place], "probability": round(float(probabilities[place]), 4)}
            for place in best
        ]
        doubt = self.doubt_about(float(probabilities[best[0]]), float(distance))
        is_known = bool(distance <= self.limits.reach)
        return ClassPrediction(labels, round(float(distance), 4), is_known, not doubt, doubt)

    def doubt_about(self, probability: float, distance: float) -> Doubt:
        if distance > self.limits.reach:
            return "unknown"
        if distance > self.limits.near:
            return "far"
        if probability >= self.card.certain:
            return ""
        return "few" if self.card.certain >= 1 else "close"


def load_taught(card: Card, folder: Path) -> TaughtClassifier:
    """From <name>.safetensors in `folder`, or where its network was tuned, from <name>.onnx. Raises WeightsDamaged."""
    content = checked_weights(folder, card)
    if card.config["tuned"]:
        run = onnx_run(folder / f"{card.name}.onnx")

        def predict_tuned(batch: Numbers, _features: NDArray[Any]) -> tuple[Numbers, Numbers]:
            probabilities, distances = run(batch)
            return probabilities, distances

        return TaughtClassifier(card, predict_tuned)
    try:
        tensors = safetensors.numpy.load(content)
        head, known = Head(tensors["weight"], tensors["bias"]), Known(tensors["centre"], tensors["means"])
    except (KeyError, safetensors.SafetensorError) as problem:
        raise WeightsDamaged(
            f"The weights {card.name} are not those of a taught classifier: {problem}"
        ) from problem

    def predict(_batch: Numbers, features: NDArray[Any]) -> tuple[Numbers, Numbers]:
        inputs = rooted(features)
        return softmax(head.logits(inputs), card.temperature), known.distances(inputs)

    return TaughtClassifier(card, predict)
