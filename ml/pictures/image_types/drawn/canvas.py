"""A canvas with print: a pen, fonts and words."""

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from ml.core.arrays import Picture
from ml.simulation.printing import FONT_FOLDERS

Colour = tuple[int, int, int]

# Families that are left to test pictures of other makers
KEPT_APART = ("DejaVu", "Carlito", "NanumGothicCoding", "Liberation")
TEXT = (
    "the of and to in is that for it as was with be by on not he his but at are this have from or "
    "had an they which one you were all her she there would their we him been has when who will no "
    "more if out so up said what its about than total name date school grade answer number question "
    "amount price order invoice page table figure 학교 이름 시험 문제 합계 금액 날짜 번호 학생 수학 "
    "국어 영어 과학 오늘 사람 시간 그리고 우리 나라 하는 있는 것을 때문에 가격 주소 전화 확인 취소 "
    "저장 "
)
WORDS = TEXT.split()
OWN = ""
INK = (20, 20, 24)


class Canvas:
    """Something to draw on, of a size (width, height) in pixels."""

    def __init__(self, rng: Generator, size: tuple[int, int], paper: Colour) -> None:
        self.rng, self.width, self.height = rng, *size
        self.image = Image.new("RGB", size, paper)
        self.draw = ImageDraw.Draw(self.image)
        self.face = some(rng, fonts())

    def font(self, size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
        return font(self.face, max(8, round(size)))

    def words(self, most: int) -> str:
        return " ".join(some(self.rng, WORDS) for _ in range(self.rng.integers(1, most + 1)))

    def text(self, at: tuple[float, float], text: str, size: float, ink: Colour = INK) -> None:
        self.draw.text(at, text, ink, self.font(size))

    def paragraph(self, box: Sequence[float], size: float, ink: Colour = INK) -> None:
        """Lines of words in (left, top, right, bottom)."""
        left, y, right, bottom = box
        while y + size < bottom:
            line = self.words(14)
            while self.font(size).getlength(line) > right - left and " " in line:
                line = line.rsplit(" ", 1)[0]
            self.text((left, y), line, size, ink)
            y += size * (2.45 if self.rng.random() < 0.12 else 1.45)

    def table(self, box: Sequence[float], rows: int, columns: int, size: float) -> None:
        left, top, right, bottom = box
        xs, ys = np.linspace(left, right, columns + 1), np.linspace(top, bottom, rows + 1)
        has_rules = self.rng.random() < 0.8
        for y in ys if has_rules else ():
            self.draw.line((left, y, right, y), (90, 90, 90), 1)
        for x in xs if has_rules and self.rng.random() < 0.7 else ():
            self.draw.line((x, top, x, bottom), (90, 90, 90), 1)
        for row, y in enumerate(ys[:-1]):
            for x in xs[:-1]:
                is_word = not row or self.rng.random() < 0.3
                self.text((x + 4, y + 3), self.words(1) if is_word else str(self.rng.integers(1000)), size)

    def array(self) -> Picture:
        return np.asarray(self.image).copy()


def some(rng: Generator, choices: Sequence[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def some_of(makers: Sequence[Callable[..., None]], rng: Generator) -> Callable[..., None]:
    return makers[int(rng.integers(len(makers)))]


@cache
def fonts() -> tuple[str, ...]:
    """Files of fonts, those with Hangul among them; of one machine others than of the next. Where there are none, the
    one of Pillow."""
    found = (str(path) for folder in FONT_FOLDERS for path in sorted(folder.rglob("*.[to]tf")))
    return tuple(path for path in found if not any(name in path for name in ("Initials", *KEPT_APART))) or (
        OWN,
    )


@cache
def font(path: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size) if path == OWN else ImageFont.truetype(path, size)


def colour(rng: Generator, low: int = 0, high: int = 256) -> Colour:
    red, green, blue = (int(one) for one in rng.integers(low, high, 3))
    return red, green, blue
