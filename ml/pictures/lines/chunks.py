"""What stands between two spaces: the Hangul reader's words, each with its ink."""

import re
from dataclasses import dataclass
from itertools import pairwise

from ml.pictures.lines.hangul import Word, is_hangul
from ml.pictures.lines.ink import InkSpan

HANGUL = re.compile(r"""["'(]?[가-힣]+[.,!?]*["')]*[.,]*""")
SURE = 0.93
OFF = 14  # px by which the ends of a word may be wrong


@dataclass(frozen=True)
class Chunk:
    """Without text where the reader saw none."""

    text: str
    confidences: tuple[float, ...]
    inks: list[InkSpan]

    @property
    def syllables(self) -> int:
        return sum(map(is_hangul, self.text))

    @property
    def is_hangul(self) -> bool:
        return bool(HANGUL.fullmatch(self.text)) and min(self.confidences) >= SURE


def chunks_of(words: list[Word], inks: list[InkSpan]) -> list[Chunk]:
    """All ink of the strip, from left to right."""
    if not words:
        return [Chunk("", (), inks)]
    borders = [border(inks, before.right, after.left) for before, after in pairwise(words)]
    ends = pairwise([float("-inf"), *borders, float("inf")])
    chunks = [
        Chunk(word.text, word.confidences, [ink for ink in inks if start <= ink.middle < end])
        for word, (start, end) in zip(words, ends, strict=True)
    ]
    return [chunk for chunk in chunks if chunk.inks]


def border(inks: list[InkSpan], right: int, left: int) -> float:
    """The middle of the widest gap about where one word ends and the next begins."""
    gaps = [(after.left - before.right, (before.right + after.left) / 2) for before, after in pairwise(inks)]
    near = [gap for gap in gaps if min(right, left) - OFF <= gap[1] <= max(right, left) + OFF]
    return max(near)[1] if near else (right + left) / 2


def are_clear(chunks: list[Chunk]) -> list[bool]:
    """Whether each is surely Hangul. A syllable or two can be Latin letters misread: their neighbours tell."""
    hangul = [chunk.is_hangul for chunk in chunks]
    clear = []
    for number, chunk in enumerate(chunks):
        beside = hangul[max(0, number - 1) : number] + hangul[number + 1 : number + 2]
        support = all(beside) if chunk.syllables == 1 else any(beside) or not beside
        clear.append(hangul[number] and (chunk.syllables > 2 or support))
    return clear
