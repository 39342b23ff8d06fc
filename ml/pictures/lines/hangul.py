"""Hangul, digits and plain punctuation, read by Tesseract's LSTM with the language data `kor`, one line at a time.

That data knows no Latin letter: it makes digits and lone jamo of them, and says so without doubt. It knows 1,076 of the
2,350 syllables of KS X 1001 (997 of 1,000 in running text); for another it takes one that looks like it.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import tesserocr

from ml.pictures.lines.strips import Grey

PAPER, ROOM = 255, 4  # px of it that Tesseract wants above and below
HANGUL_WIDTH, SIGN_WIDTH = 24, 10  # px: the left side of a symbol's box is right, the right side often not


@dataclass(frozen=True)
class Word:
    """What stands between two spaces; left, right: px of the strip, not exact."""

    text: str
    confidences: tuple[float, ...]
    left: int
    right: int


def is_hangul(text: str) -> bool:
    return "가" <= text <= "힣"


class OwnTesseract(threading.local):
    """One for each thread that asks: they may not share it."""

    def __init__(self, data: Path) -> None:
        line, lstm = tesserocr.PSM.SINGLE_LINE, tesserocr.OEM.LSTM_ONLY
        self.tesseract = tesserocr.PyTessBaseAPI(path=str(data), lang="kor", psm=line, oem=lstm)
        self.tesseract.SetVariable("tessedit_do_invert", "0")  # strips are dark on light


class HangulReader:
    """Safe to share between threads."""

    def __init__(self, data: Path) -> None:
        """data: the folder that holds kor.traineddata."""
        self._own = OwnTesseract(data)

    def read(self, strip: Grey) -> list[Word]:
        tesseract = self._own.tesseract
        roomy = cv2.copyMakeBorder(strip, ROOM, ROOM, 0, 0, cv2.BORDER_CONSTANT, value=(PAPER,))
        high, wide = roomy.shape
        tesseract.SetImageBytes(roomy.tobytes(), wide, high, 1, wide)
        words = tesseract.GetUTF8Text().split()
        symbols = symbols_of(tesseract)
        return [word_of(text, symbols) for text in words]


def symbols_of(tesseract: tesserocr.PyTessBaseAPI) -> Iterator[tuple[str, float, int]]:
    """(text, confidence, left) of each, from left to right."""
    level = tesserocr.RIL.SYMBOL
    for at in tesserocr.iterate_level(tesseract.GetIterator(), level):
        yield at.GetUTF8Text(level), at.Confidence(level) / 100, at.BoundingBox(level)[0]


def word_of(text: str, symbols: Iterator[tuple[str, float, int]]) -> Word:
    """Takes as many symbols as the word has."""
    own: list[tuple[str, float, int]] = []
    while sum(len(symbol) for symbol, _, _ in own) < len(text):
        own.append(next(symbols))
    rights = [left + (HANGUL_WIDTH if is_hangul(symbol) else SIGN_WIDTH) for symbol, _, left in own]
    return Word(
        text, tuple(confidence for _, confidence, _ in own), min(left for _, _, left in own), max(rights)
    )
