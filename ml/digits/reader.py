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
from ml.writing.candidates import is_digit_probability
from ml.writing.reading import Found, read_writing

SURE_OF_A_SIGN = 0.9
SURELY_ONE = 0.93  # of `is_digit`: below it nobody is sure, whichever digit it were


@dataclass(frozen=True)
class DigitReading:
    """digits, signs, others: as digits.models.Reading keeps them; frames, saliency: (n, 28, 28) uint8, in order."""

    text: str
    digits: list[dict[str, Any]]
    signs: list[dict[str, Any]]
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
        """picture: (h, w, 3) RGB or (h, w) grey, uint8, of any size and polarity.

        Sure is what was read surely, where nothing else in the picture may be writing.
        """
        found = read_writing(picture, self.logits, self.card.is_digit)
        digits = [one for one in found if one.is_digit]
        frames = np.array([digit.frame for digit in digits], np.uint8).reshape(-1, 28, 28)
        answers = [self.describe(digit) for digit in digits]
        read = [one for one in found if one.is_digit or one.sign]
        signs = [describe_sign(one, at) for at, one in enumerate(read) if one.sign]
        others = [one for one in found if not one.is_digit and not one.sign]
        return DigitReading(
            text=in_rows(answers, signs),
            digits=answers,
            signs=signs,
            others=[describe_other(other) for other in others],
            frames=frames,
            is_certain=bool(answers)
            and all(answer["is_certain"] for answer in (*answers, *signs))
            and not any(other.may_be_read for other in others),
            size=picture.shape[:2],
            saliency=integrated_gradients(self.network, frames) if with_saliency and digits else None,
        )

    def describe(self, found: Found) -> dict[str, Any]:
        """Certain is a digit that is surely this one, and surely a digit."""
        probabilities = softmax(found.logits[None])[0]
        value = int(probabilities.argmax())
        is_one = float(is_digit_probability(found.logits[None])[0])
        return {
            "value": value,
            "confidence": round(float(probabilities[value]), 6),
            "probabilities": [round(float(probability), 6) for probability in probabilities],
            "is_certain": bool(probabilities[value] >= self.card.certain and is_one >= SURELY_ONE)
            and not found.may_be_read,
            "is_digit": round(is_one, 6),
            **describe_place(found),
        }

    @property
    def network(self) -> nn.Sequential:
        return cast(nn.Sequential, self.engine.network)


def describe_place(found: Found) -> dict[str, Any]:
    """box: left, top, width, height."""
    left, top, right, bottom = (int(side) for side in found.box)
    return {"box": [left, top, right - left, bottom - top], "row": found.row}


def describe_sign(found: Found, at: int) -> dict[str, Any]:
    """at: its place among all that was read."""
    return {
        "value": found.sign,
        "probability": found.probability,
        "is_certain": found.probability >= SURE_OF_A_SIGN,
        "at": at,
        **describe_place(found),
    }


def describe_other(found: Found) -> dict[str, Any]:
    """may_be_read: whether it might be writing, so that nothing in the picture is sure."""
    is_one = float(is_digit_probability(found.logits[None])[0])
    return {
        "is_digit": round(is_one, 6),
        "may_be_read": found.may_be_read,
        "is_crossed_out": found.is_crossed_out,
        **describe_place(found),
    }


def in_rows(digits: list[dict[str, Any]], signs: list[dict[str, Any]]) -> str:
    read = list(digits)
    for sign in signs:
        read.insert(sign["at"], sign)
    rows: dict[int, str] = {}
    for one in read:
        rows[one["row"]] = rows.get(one["row"], "") + str(one["value"])
    return "\n".join(rows.values())


def load_digit_reader(card: Card, folder: Path, cache_folder: Path | None = None) -> DigitReader:
    """Raises WeightsDamaged, EnginesDisagree; see ml.core.engine.load_engine."""
    return DigitReader(load_engine(card, folder, cache_folder))
