"""Which script a line of text is written in: what is neither Korean nor Latin is not read, but it can be named.

A linear layer on what the reader of Latin letters, which has learned some fifty languages, sees anyway.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ml.core.arrays import Numbers
from ml.core.calibration import softmax
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.pictures.linear import load_linear
from ml.pictures.scripts.names import CLASSES, HANDWRITING, NOTHING, READ

NAME = "scripts"
# Probability of another script from which a line is not read, whatever its reading looks like; and from which one that
# cannot be read is named.
SURE, LIKELY = 0.85, 0.8


@dataclass(frozen=True)
class Scripts:
    """weight (features, scripts) and bias (scripts,), of calibrated scores."""

    weight: Numbers
    bias: Numbers

    def of(self, features: Numbers) -> tuple[str, float]:
        """(features,) -> the script and its probability."""
        probabilities = softmax((features @ self.weight + self.bias)[None], 1.0)[0]
        best = int(probabilities.argmax())
        return CLASSES[best], float(probabilities[best])

    def likeness(self, features: Numbers) -> float:
        """How much it looks like print in another script; upside down that looks like handwriting."""
        script, probability = self.of(features)
        return 0.0 if script in (READ, HANDWRITING, NOTHING) else probability

    def other(self, features: Numbers, is_read: bool) -> tuple[str, float] | None:
        """The script that cannot be read, with its probability. is_read: whether the line was read as something; a hand
        that was read is no matter, and what else was read is surely of another script."""
        script, probability = self.of(features)
        if script in (READ, NOTHING) or (is_read and script == HANDWRITING):
            return None
        return (script, probability) if probability >= (SURE if is_read else LIKELY) else None


def load_scripts(network: Path) -> Scripts | None:
    """network: the reader of Latin letters; None where nothing was learned for it. Raises WeightsDamaged."""
    card = Card.load(WEIGHTS_FOLDER, NAME)
    if card.config["network"] != hashlib.sha256(network.read_bytes()).hexdigest():
        return None
    tensors = load_linear(card)
    return Scripts(tensors["weight"], tensors["bias"])
