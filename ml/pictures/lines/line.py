"""What was read in one line, and how much of it is to be believed."""

import math
from dataclasses import dataclass, field

import numpy as np

from ml.core.arrays import Numbers
from ml.pictures.lines.hangul import is_hangul

# Least likeness of text, by whether it has more than three letters: of 150 pictures, most without text, seven showed
# a word that is not there; of 1,100 lines, one in three of them blurred, three were not shown.
IS_TEXT, IS_SHORT_TEXT = 0.93, 0.975
SHORT = 3
ODD = frozenset("|\\{}ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅌㅍㅏㅑㅓㅕㅗㅛㅡㅣㆍ")  # what they make of what is no text


# A line is right where its least sure character is: a logistic curve (Platt, 1999) through 1,203 lines, half of them
# blurred, noisy, small or compressed.
SLOPE, SHIFT = 0.84, -0.98
UNLIKELY, LIKELY = 0.05, 0.999  # readers' confidences are taken from here to there


@dataclass(frozen=True)
class Line:
    """confidences: the readers' own, one for each character that is no space; features: what the reader of Latin
    letters sees in it, where it was asked."""

    text: str
    confidences: tuple[float, ...]
    features: Numbers | None = field(default=None, compare=False, repr=False)

    @property
    def has_hangul(self) -> bool:
        return any(map(is_hangul, self.text))

    @property
    def likeness(self) -> float:
        """How much it looks like text, from 0 to 1."""
        return float(np.mean(self._trusted())) if self.confidences else 0.0

    @property
    def is_text(self) -> bool:
        letters = sum(map(str.isalnum, self.text))
        return letters > 0 and self.likeness >= (IS_TEXT if letters > SHORT else IS_SHORT_TEXT)

    @property
    def confidence(self) -> float:
        """The probability that every character is right, spaces aside."""
        least = min(LIKELY, max(UNLIKELY, min(self._trusted(), default=0.0)))
        return 1 / (1 + math.exp(-SLOPE * math.log(least / (1 - least)) - SHIFT))

    def _trusted(self) -> list[float]:
        signs = zip(self.text.replace(" ", ""), self.confidences, strict=False)
        return [0.0 if sign in ODD else confidence for sign, confidence in signs]

    def followed_by(self, other: "Line") -> "Line":
        return Line(f"{self.text} {other.text}", self.confidences + other.confidences)
