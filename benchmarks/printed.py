"""Printed pages in Korean and English, and what happens to them on their way into a picture: uint8 RGB (h, w, 3)."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from benchmarks.camera import Look, photograph
from grading.sheet.filling.ink import Picture

FONTS = Path(__file__).resolve().parent.parent / "grading/sheet/fonts"


class Font(NamedTuple):
    """index: of the face in a file that holds several."""

    path: Path
    index: int = 0

    def sized(self, size: int) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.path, size, self.index)


FONT = Font(FONTS / "NunbitSans-Regular.ttf")
X_HEIGHT = 0.52  # of the size of a font, near enough for all
MARGIN, LEADING = 0.07, 1.6  # of the page's width, of the font's size
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
QUALITY = 70  # of a JPEG that a messenger sends

KOREAN = (
    "대한민국헌법 전문",
    "유구한 역사와 전통에 빛나는 우리 대한국민은 3·1운동으로 건립된 대한민국임시정부의 법통과 불의에 항거한 "
    "4·19민주이념을 계승하고, 조국의 민주개혁과 평화적 통일의 사명에 입각하여 정의·인도와 동포애로써 민족의 단결을 "
    "공고히 하고, 모든 사회적 폐습과 불의를 타파하며, 자율과 조화를 바탕으로 자유민주적 기본질서를 더욱 확고히 하여 "
    "각인의 기회를 균등히 한다.",
    "제1조 ① 대한민국은 민주공화국이다. ② 대한민국의 주권은 국민에게 있고, 모든 권력은 국민으로부터 나온다.",
    "문의: 눈빛도서관 3층 열람실, 02-731-2480 (평일 09:30~17:45)",
)
ENGLISH = (
    "Universal Declaration of Human Rights",
    "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience and "
    "should act towards one another in a spirit of brotherhood.",
    "Everyone has the right to rest and leisure, including reasonable limitation of working hours and periodic "
    "holidays with pay. Adopted on 10 December 1948 by 48 votes to 0; 8 countries abstained.",
    'Read more: www.example.org/rights-1948, or write to Dr. Kim & Sons, 27 Queen\'s Road, "The Mill" (2nd floor).',
)
MIXED = (
    "눈빛 Nunbit 설치 안내 (Installation Guide)",
    "먼저 Python 3.11을 설치한 다음 터미널에서 make run을 실행하십시오. 웹 브라우저로 http://localhost:8000 주소에 "
    "접속하면 로그인 화면이 나타납니다. 관리자(admin) 계정은 처음 한 번만 만들 수 있습니다.",
    "The worker needs about 900 MB of memory; GPU가 있으면 더 빠르지만 필수는 아닙니다. 메모리가 부족하면 Docker의 "
    "memory limit을 2GB 이상으로 늘려 주세요.",
    "사진은 JPEG, PNG, HEIC 형식을 지원하며 한 장에 최대 25MB까지 올릴 수 있습니다. 자세한 내용은 README.ko.md와 "
    "API 문서를 참고하세요. Version 2.4.1, 2026년 11월 25일 (수)",
)
TEXTS = {"korean": KOREAN, "english": ENGLISH, "mixed": MIXED}


@dataclass(frozen=True)
class Page:
    picture: Picture
    lines: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def page(
    paragraphs: Sequence[str],
    font: Font = FONT,
    wide: int = 1000,
    size: int = 30,
    ink: tuple[int, int, int] = BLACK,
    paper: tuple[int, int, int] = WHITE,
) -> Page:
    """As high as its text; wide: px, size: of the font in px."""
    letters, margin = font.sized(size), round(MARGIN * wide)
    lines = [line for one in paragraphs for line in wrapped(one, letters, wide - 2 * margin)]
    image = Image.new("RGB", (wide, 2 * margin + round(len(lines) * size * LEADING)), paper)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((margin, margin + number * size * LEADING), line, ink, letters)
    return Page(np.asarray(image), lines)


def wrapped(paragraph: str, letters: ImageFont.FreeTypeFont, room: int) -> Iterator[str]:
    line = ""
    for word in paragraph.split():
        longer = f"{line} {word}".strip()
        if line and letters.getlength(longer) > room:
            yield line
            longer = word
        line = longer
    yield line


def tilted(picture: Picture, degrees: float) -> Picture:
    """Turned clockwise, on a canvas that holds all of it."""
    ground = tuple(picture[0, 0].tolist())
    turned = Image.fromarray(picture).rotate(
        -degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=ground
    )
    return np.asarray(turned)


def compressed(picture: Picture, quality: int = QUALITY) -> Picture:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out))


def photographed(picture: Picture, seed: int, longest: int = 3000) -> Picture:
    """On a desk, held at an angle in uneven light, and sent with a messenger."""
    random = np.random.default_rng(seed)
    look = Look(random.normal(0, 4), (random.normal(0, 8), random.normal(0, 8)), 0.85, 0.03)
    photo = Image.open(io.BytesIO(photograph(picture, random, look)))
    upright = ImageOps.exif_transpose(photo)
    upright.thumbnail((longest, longest))
    return compressed(np.asarray(upright))


def on_sign(photo: Picture, text: str, font: Font = FONT, degrees: float = -5, lean: float = 0.12) -> Picture:
    """A sign that hangs in a photograph and is seen from its side; lean: by what share of its height it shrinks."""
    letters = font.sized(round(photo.shape[1] / 12))
    left, top, right, bottom = letters.getbbox(text)
    pad = letters.size // 2
    board = Image.new("RGB", (round(right - left) + 2 * pad, round(bottom - top) + 2 * pad), (30, 90, 60))
    ImageDraw.Draw(board).text((pad - left, pad - top), text, WHITE, letters)
    wide, high = board.size
    corners = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], np.float32)
    seen = corners + np.array([(0, 0), (0, lean * high), (0, -lean * high), (0, 0)], np.float32)
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), -degrees, 1)
    seen = cv2.transform(seen[None], turn)[0] + np.array(photo.shape[1::-1]) / 2 - (wide / 2, high / 2)
    way = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    size = photo.shape[1::-1]
    laid = cv2.warpPerspective(np.asarray(board), way, size, flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), way, size) > 127
    return compressed(np.where(inside[..., None], laid, photo))


def right_share(true: str, read: str) -> float:
    """1 - edit distance / length of the true text; spaces in a row count once."""
    true, read = " ".join(true.split()), " ".join(read.split())
    row = list(range(len(read) + 1))
    for number, sign in enumerate(true, 1):
        above, row[0] = row[0], number
        for column, other in enumerate(read, 1):
            above, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, above + (sign != other)),
            )
    return 1 - row[-1] / len(true)
