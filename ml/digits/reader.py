"""From a picture to an answer: the digits in it, how sure each is, and what in it is no digit."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from torch import nn

from ml.core.arrays import Numbers, Picture
from ml.core.calibration import softmax
from ml.core.cards import Card
from ml.core.engine import Engine, load_engine
from ml.digits.inside import integrated_gradients
from ml.digits.network import network_input
from ml.writing.reading import Found, is_digit_probability, read_writing


@dataclass(frozen=True)
class DigitReading:
    """digits, others: as digits.models.Reading keeps them; frames, saliency: (n, 28, 28) uint8, in order."""

    text: str
    digits: list[dict[str, Any]]
    others: list[dict[str, Any]]
    frames: Picture
    is_certain: bool
    size: tuple[int, int]  # of the picture, height and width
    saliency: Picture | None = None


class DigitReader:
    """A digit network with its card. Safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.card = engine, engine.card

    def logits(self, frames: Picture) -> Numbers:
        """(n, 28, 28) uint8, ink high -> (n, 10)."""
        return self.engine.logits(network_input(frames))

    def read(self, picture: NDArray[Any], with_saliency: bool = False) -> DigitReading:
        """picture: (h, w, 3) RGB or (h, w) grey, uint8, of any size and polarity."""
        found = read_writing(picture, self.logits, self.card.is_digit)
        digits = [digit for digit in found if digit.is_digit]
        frames = np.array([digit.frame for digit in digits], np.uint8).reshape(-1, 28, 28)
        answers = [self.describe(digit) for digit in digits]
        return DigitReading(
            text=in_rows(answers),
            digits=answers,
            others=[describe_place(other) for other in found if not other.is_digit],
            frames=frames,
            is_certain=bool(digits) and all(answer["is_certain"] for answer in answers),
            size=picture.shape[:2],
            saliency=integrated_gradients(self.network, frames) if with_saliency and digits else None,
        )

    def describe(self, found: Found) -> dict[str, Any]:
        probabilities = softmax(found.logits[None])[0]
        value = int(probabilities.argmax())
        return {
            "value": value,
            "confidence": round(float(probabilities[value]), 6),
            "probabilities": [round(float(probability), 6) for probability in probabilities],
            "is_certain": bool(probabilities[value] >= self.card.certain),
            **describe_place(found),
        }

    @property
    def network(self) -> nn.Sequential:
        return cast(nn.Sequential, self.engine.network)


def describe_place(found: Found) -> dict[str, Any]:
    """box: left, top, width, height."""
    left, top, right, bottom = (int(side) for side in found.box)
    return {
        "is_digit": round(float(is_digit_probability(found.logits[None])[0]), 6),
        "box": [left, top, right - left, bottom - top],
        "row": found.row,
    }


def in_rows(answers: list[dict[str, Any]]) -> str:
    rows: dict[int, str] = {}
    for answer in answers:
        rows[answer["row"]] = rows.get(answer["row"], "") + str(answer["value"])
    return "\n".join(rows.values())


def load_digit_reader(card: Card, folder: Path, cache_folder: Path | None = None) -> DigitReader:
    """Raises WeightsDamaged, EnginesDisagree; see ml.core.engine.load_engine."""
    return DigitReader(load_engine(card, folder, cache_folder))
