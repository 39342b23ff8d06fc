"""What was read in one line, and how much of it is to be believed."""

from dataclasses import dataclass

import numpy as np

from ml.pictures.lines.hangul import is_hangul

IS_TEXT = 0.93  # what the readers make of textures is below, a word on a sign above
ODD = frozenset("|\\{}ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅌㅍㅏㅑㅓㅕㅗㅛㅡㅣ")  # what they make of what is no text


@dataclass(frozen=True)
class Line:
    """confidences: the readers' own, one for each character that is no space."""

    text: str
    confidences: tuple[float, ...]

    @property
    def has_hangul(self) -> bool:
        return any(map(is_hangul, self.text))

    @property
    def likeness(self) -> float:
        """How much it looks like text, from 0 to 1."""
        signs = zip(self.text.replace(" ", ""), self.confidences, strict=False)
        return float(np.mean([0.0 if sign in ODD else confidence for sign, confidence in signs] or 0.0))

    @property
    def is_text(self) -> bool:
        return self.likeness >= IS_TEXT and any(map(str.isalnum, self.text))

    @property
    def confidence(self) -> float:
        """The probability that every character is right."""
        return self.likeness

    def followed_by(self, other: "Line") -> "Line":
        return Line(f"{self.text} {other.text}", self.confidences + other.confidences)
