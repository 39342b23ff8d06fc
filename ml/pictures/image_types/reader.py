"""Which type of image a picture is: a photograph, or a page, a chart, a drawing, in which a network that knows
photographs alone sees pugs and doormats all the same. A linear layer on the features that the network has anyway."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

import numpy as np

from ml.core.arrays import Numbers, Picture
from ml.core.calibration import softmax
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.pictures.linear import load_linear

NAME = "image_types"
PHOTOGRAPH = "photograph"
SURE_LABEL = 0.9  # of a network that knows photographs alone
ALL_BUT_CERTAIN = 0.99
NAMES: dict[str, dict[str, str]] = {
    PHOTOGRAPH: {"en": "photograph", "ko": "사진"},
    "document": {"en": "document", "ko": "문서"},
    "receipt": {"en": "receipt", "ko": "영수증"},
    "screenshot": {"en": "screenshot", "ko": "화면 갈무리"},
    "drawing": {"en": "drawing", "ko": "그림"},
    "chart": {"en": "chart", "ko": "도표"},
    "pattern": {"en": "pattern", "ko": "무늬"},
    "blank": {"en": "blank picture", "ko": "빈 이미지"},
}


class ImageType(TypedDict):
    """probability: that it is of this type, calibrated on pictures that nothing was learned from."""

    type: str
    name: dict[str, str]
    probability: float


BLANK: ImageType = {
    "type": "blank",
    "name": NAMES["blank"],
    "probability": 1.0,
}  # of one colour, without asking


# Words alone on a plain ground lack the edges of a page, by which documents were learned, and are taken for one of
# these. How light the ground is and how far from it ink is, in grey levels; which share of the ink at least lies on
# lines of text; how far around, in heights of a line; how probable it is then that it is a document.
TAKEN_FOR = ("drawing", "screenshot", "pattern", "blank")
GROUND, INK, ON_LINES, AROUND, LIKELY = 200, 60, 0.95, 0.5, 0.85


@dataclass(frozen=True)
class ImageTypes:
    """weight (features, types) and bias (types,) of one network; enough: the probability of being no photograph from
    which a picture counts as none, so that nothing is named in it."""

    classes: list[str]
    weight: Numbers
    bias: Numbers
    enough: float

    def of(
        self, features: Numbers, has_sure_label: Sequence[bool], can_be_blank: Sequence[bool]
    ) -> list[ImageType]:
        """(n, features) -> the type of each. What could well be a photograph is one, and more so what the network has a
        sure name for: the sign in a street is no document."""
        found: list[ImageType] = []
        photograph, blank = self.classes.index(PHOTOGRAPH), self.classes.index("blank")
        scores = features @ self.weight + self.bias
        coloured, pattern = ~np.array(can_be_blank), self.classes.index("pattern")
        scores[coloured, pattern] = np.logaddexp(scores[coloured, pattern], scores[coloured, blank])
        scores[coloured, blank] = -np.inf
        for row, is_sure in zip(softmax(scores, 1.0), has_sure_label, strict=True):
            others = np.where(np.arange(len(row)) == photograph, 0, row)
            is_other = 1 - row[photograph] >= (ALL_BUT_CERTAIN if is_sure else self.enough)
            best = int(others.argmax()) if is_other else photograph
            name = self.classes[best]
            found.append({"type": name, "name": NAMES[name], "probability": round(float(row[best]), 4)})
        return found


def corrected_by_text(told: ImageType, picture: Picture, lines: Sequence[Mapping[str, Any]]) -> ImageType:
    """picture: (h, w, 3) uint8; lines: what was read in it, each with its `box`. A document, probably, where there is
    nothing else on a plain ground."""
    if told["type"] not in TAKEN_FOR or not is_text_alone(picture, lines):
        return told
    return {"type": "document", "name": NAMES["document"], "probability": LIKELY}


def is_text_alone(picture: Picture, lines: Sequence[Mapping[str, Any]]) -> bool:
    grey = picture.mean(2)
    ground = float(np.median(grey))
    is_ink = np.abs(grey - ground) > INK
    on_lines = np.zeros_like(is_ink)
    for line in lines:
        left, top, width, height = line["box"]
        reach = round(AROUND * height)
        rows = slice(max(0, top - reach), top + height + reach)
        on_lines[rows, max(0, left - reach) : left + width + reach] = True
    return ground >= GROUND and bool((is_ink & on_lines).sum() >= max(1, ON_LINES * is_ink.sum()))


@cache
def image_types_for(sha256: str) -> ImageTypes | None:
    """For the network whose weights these are; None where nothing was learned for it. Raises WeightsDamaged."""
    card = Card.load(WEIGHTS_FOLDER, NAME)
    if sha256 not in card.config["networks"]:
        return None
    tensors, network = load_linear(card), card.config["networks"][sha256]
    weight, bias = (tensors[f"{network}.{part}"] for part in ("weight", "bias"))
    return ImageTypes(card.classes, weight, bias, card.certain)
