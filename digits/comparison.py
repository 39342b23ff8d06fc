"""Two readings of one picture, digit by digit."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from digits.models import SIDE, DigitsAnswer
from registry.shadow_runs import Prediction, ShadowComparison

SAME = 0.5  # of their common area two boxes share where they are the same digit: so no box has two partners
NO_FRAME = np.zeros((SIDE, SIDE), np.uint8)
NOTHING: Prediction = {"name": "", "probability": None}

Digit = dict[str, Any]


def comparisons(live: DigitsAnswer, own: DigitsAnswer) -> Iterator[ShadowComparison]:
    """Each digit that either found; where the other one found none, that says nothing. So do both of a picture without
    any, which is once the same."""
    if not live.digits and not own.digits:
        yield ShadowComparison(NOTHING, NOTHING, NO_FRAME)
    left = list(range(len(own.digits)))
    for at, digit in enumerate(live.digits):
        same = next((other for other in left if overlap(digit, own.digits[other]) > SAME), None)
        if same is None:
            yield ShadowComparison(prediction_of(digit), NOTHING, live.frames[at])
        else:
            left.remove(same)
            yield ShadowComparison(prediction_of(digit), prediction_of(own.digits[same]), live.frames[at])
    for other in left:
        yield ShadowComparison(NOTHING, prediction_of(own.digits[other]), own.frames[other])


def prediction_of(digit: Digit) -> Prediction:
    return {"name": str(digit["value"]), "probability": digit["confidence"]}


def overlap(first: Digit, second: Digit) -> float:
    """What the boxes share of the area that they cover together."""
    (x, y, w, h), (x2, y2, w2, h2) = first["box"], second["box"]
    width, height = min(x + w, x2 + w2) - max(x, x2), min(y + h, y2 + h2) - max(y, y2)
    shared = max(width, 0) * max(height, 0)
    return shared / (w * h + w2 * h2 - shared)
