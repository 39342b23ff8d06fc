"""Lines of text in many scripts, drawn in the fonts of a folder; and what looks like one in pictures without any."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from onnxruntime import InferenceSession
from PIL import Image, ImageDraw, ImageFont

from ml.core.arrays import Picture
from ml.core.characters import DataMissing
from ml.pictures.image_types.data import CUTOUTS, DRAWINGS, PHOTOGRAPHS, SUFFIXES, is_apart
from ml.pictures.lines.detector import detect_lines
from ml.pictures.lines.strips import HEIGHT, Strip, straighten_line
from ml.pictures.scripts.names import HANDWRITING, NAMES, NOTHING, READ
from ml.pictures.words import load_words

EACH = 500  # lines of a script to learn from
FONTS = "fonts"
MOST_FILES, MOST_OF_A_FILE, LONGEST = 120, 12, 1000  # files of a sort, false lines of one, pixels
# Packages of Debian whose fonts nothing is learned from
KEPT_APART = [
    *("fonts-arphic-uming", "fonts-wqy-microhei", "fonts-ipafont-gothic", "fonts-sawarabi-mincho"),
    *("fonts-paratype", "fonts-dejavu-core", "fonts-hosny-amiri", "fonts-kacst-one", "fonts-tlwg-loma-ttf"),
    *("fonts-arundina", "fonts-lohit-deva", "fonts-gargi", "fonts-gfs-didot", "fonts-lohit-taml"),
    *("fonts-lohit-beng-bengali", "fonts-unfonts-core", "fonts-roboto-unhinted", "fonts-breip", "fonts-bwht"),
]
HANDS = ("dkg", "femke", "rufscript", "humor", "NanumPen", "NanumBrush", "breip", "bwht", "seto", "Purisa")
RANGES = {  # letters of each script, first and last
    "han": "",
    "kana": "ぁんァヴ",
    "cyrillic": "АЯая",
    "greek": "ΑΡΣΩαω",
    "arabic": "ءغفي",
    "hebrew": "את",
    "thai": "กฮ",
    "devanagari": "कह",
    "bengali": "কনপরশহ",
    "tamil": "கஙஞடணதநப",
    "georgian": "აჰ",
    "armenian": "ԱՖաֆ",
}
SIGNS = {  # vowels and marks that follow a letter, of scripts that have them
    "thai": "ะาิีึืุู่้์",
    "devanagari": "ािीुूेैोौंः",
    "bengali": "ািীুূেৈো",
    "tamil": "ாிீுூெேைொ்",
    "kana": "ーっゃゅょ",
}
MISSING = "\U000effff"  # no font has it: what is drawn is what stands for letters that a font has not
RIGHT_TO_LEFT = ("arabic", "hebrew")
ACCENTED = "àâçéèêëîïôûùüÿñáíóúäößãõåøæčšžěřůąęłńśźżğışăîțșđơưạảấầẩậắằẳặẹẻẽếềểễệỉịọỏốồổỗộớờởợụủứừửữựỳỷỹ"


@dataclass(frozen=True)
class Face:
    """A file of a font, the script that it is drawn with, and whether a hand seems to have written it."""

    path: Path
    script: str


def faces(folder: Path, is_held_out: bool) -> dict[str, list[Face]]:
    """By class, of every package in the folder. Raises DataMissing where a class has none."""
    found: dict[str, list[Face]] = {name: [] for name in NAMES}
    for path in sorted(folder.rglob("*.[to]t[fc]")):
        if (path.relative_to(folder).parts[0] in KEPT_APART) != is_held_out or "emoji" in path.name.lower():
            continue
        is_hand = any(hand in str(path) for hand in HANDS)
        for script in scripts_of(path):
            if is_hand and script in (READ, "hangul"):
                found[HANDWRITING].append(Face(path, script))
            elif not is_hand:
                found[READ if script == "hangul" else script].append(Face(path, script))
    lacking = [name for name, some in found.items() if not some]
    if lacking:
        raise DataMissing(f"{folder} holds no fonts for {', '.join(lacking)}.")
    return found


def scripts_of(path: Path) -> list[str]:
    """Those whose letters the font has, each unlike the box that stands for a missing one."""
    font = ImageFont.truetype(str(path), 24)
    missing = bytes(font.getmask(MISSING))
    named = {**{name: letters(name) for name in RANGES}, READ: "aegkmRSTW", "hangul": "가글한쪽생"}
    return [
        name
        for name, some in named.items()
        if len(
            shapes := {bytes(font.getmask(some[at])) for at in range(0, len(some), max(1, len(some) // 9))}
        )
        > 4
        and missing not in shapes
        and not any(set(shape) <= {0} for shape in shapes)
    ]


@cache
def letters(script: str) -> str:
    if script == "han":
        return "".join(
            bytes((0xB0 + row, 0xA1 + at)).decode("gb2312") for row in range(39) for at in range(94)
        )
    ends = RANGES[script]
    return "".join(
        chr(code)
        for first, last in zip(ends[::2], ends[1::2], strict=True)
        for code in range(ord(first), ord(last) + 1)
        if chr(code).isalpha()
    )


@cache
def kanji() -> str:
    return "".join(bytes((0xB0 + row, 0xA1 + at)).decode("euc_jp") for row in range(31) for at in range(94))


@cache
def words(language: str) -> list[str]:
    return [getattr(concept, language) for concept in load_words().concepts.values()]


def word(rng: Generator, script: str) -> str:
    if script == READ:
        english = some(rng, words("en"))
        if rng.random() < 0.25:
            english = "".join(some(rng, ACCENTED) if rng.random() < 0.2 else one for one in english)
        return english.upper() if rng.random() < 0.2 else english.title() if rng.random() < 0.3 else english
    if script == "hangul":
        if rng.random() < 0.5:
            return some(rng, words("ko"))
        return "".join(
            bytes((0xB0 + rng.integers(25), 0xA1 + rng.integers(94))).decode("euc_kr")
            for _ in range(rng.integers(1, 6))
        )
    made = ""
    for _ in range(int(rng.integers(2, 9))):
        made += some(rng, kanji()) if script == "kana" and rng.random() < 0.35 else some(rng, letters(script))
        made += some(rng, SIGNS[script]) if script in SIGNS and rng.random() < 0.5 else ""
    if script in ("cyrillic", "greek", "armenian"):
        return made.upper() if rng.random() < 0.2 else made[:1] + made[1:].lower()
    return made


def some(rng: Generator, choices: str | list[str]) -> str:
    return choices[int(rng.integers(len(choices)))]


def text(rng: Generator, script: str) -> str:
    """A few words, with numbers and signs among them; of Korean, with English, too."""
    parts: list[str] = []
    for _ in range(int(rng.integers(1, 6))):
        chance = rng.random()
        if chance < 0.1 and parts:
            parts.append(str(rng.integers(10 ** int(rng.integers(1, 6)))))
        elif chance < 0.15 and parts:
            parts.append(some(rng, ["-", "·", "₩12,000", "10:30", "No. 3", "50%", "(1)", "2031-04-05"]))
        else:
            is_english = script == "hangul" and rng.random() < 0.25
            parts.append(word(rng, READ if is_english else script) + some(rng, ["", "", "", ",", ".", "!"]))
    if script in (READ, "hangul") and rng.random() < 0.15:
        return f"{rng.integers(10 ** int(rng.integers(2, 8))):,}{some(rng, ['', ' EUR', '원', '%', ' kg', '.5'])}"
    return some(rng, ["", " "] if script in ("han", "kana", "thai") else [" "]).join(parts)


def false_lines(folder: Path, is_held_out: bool, detector: InferenceSession) -> Iterator[tuple[str, Strip]]:
    """(NOTHING, strip) of what the detector takes for lines in photographs and clip art."""
    for root in (folder / name for name in (PHOTOGRAPHS, DRAWINGS, CUTOUTS)):
        paths = [path for path in sorted(root.rglob("*")) if path.suffix.lower() in SUFFIXES]
        for path in paths[:: max(1, len(paths) // MOST_FILES)]:
            if is_apart(path.relative_to(root)) == is_held_out:
                picture = opened(path)
                for quad in detect_lines(picture, detector)[:MOST_OF_A_FILE]:
                    yield NOTHING, straighten_line(picture, quad)


def opened(path: Path) -> Picture:
    """On white, where it has no ground of its own."""
    with Image.open(path) as file:
        picture = file.convert("RGBA")
    page = Image.new("RGBA", picture.size, "white")
    page.alpha_composite(picture)
    page.thumbnail((LONGEST, LONGEST))
    return np.asarray(page.convert("RGB"))


def strips(folder: Path, seed: int, each: int, is_held_out: bool) -> Iterator[tuple[str, Strip]]:
    """(class, strip), as many of each; of what is read three times as many."""
    found = faces(folder / FONTS, is_held_out)
    for place in range(each * 3):
        rng = np.random.default_rng([seed, int(is_held_out), place])
        for name in NAMES if place < each else [READ]:
            face = found[name][int(rng.integers(len(found[name])))]
            yield name, strip(rng, face)


def strip(rng: Generator, face: Face) -> Strip:
    """As a detector would cut it out, in any colours, a little tilted, blurred and compressed."""
    size = int(rng.integers(18, 64))
    font = ImageFont.truetype(str(face.path), size)
    missing = bytes(font.getmask(MISSING))
    line = ""
    while not line.strip():
        line = "".join(one for one in text(rng, face.script) if bytes(font.getmask(one)) != missing)
    direction = "rtl" if face.script in RIGHT_TO_LEFT else "ltr"
    left, top, right, bottom = font.getbbox(line, direction=direction)
    room = size
    image = Image.new("L", (int(right - left) + 2 * room, int(bottom - top) + 2 * room), 0)
    ImageDraw.Draw(image).text((room - left, room - top), line, 255, font, direction=direction)
    turn = cv2.getRotationMatrix2D((image.width / 2, image.height / 2), rng.normal(0, 0.6), 1)
    ink = cv2.warpAffine(np.asarray(image), turn, image.size)
    ys, xs = np.flatnonzero(ink.max(1) > 64), np.flatnonzero(ink.max(0) > 64)
    above, below = (int(share) for share in size * rng.uniform(0.02, 0.3, 2))
    part = ink[max(0, ys[0] - above) : ys[-1] + below, max(0, xs[0] - above) : xs[-1] + below]
    return taken(rng, part)


def taken(rng: Generator, ink: Picture) -> Strip:
    share = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 1.6))[..., None] / 255
    dark, light = rng.integers(0, 110, 3), rng.integers(150, 256, 3)
    back, front = (light, dark) if rng.random() < 0.8 else (dark, light)
    picture = back + share * (front - back.astype(float)) + rng.normal(0, rng.uniform(0, 9), (*ink.shape, 1))
    width = max(16, round(ink.shape[1] * HEIGHT / ink.shape[0]))
    small = cv2.resize(
        np.clip(picture, 0, 255).astype(np.uint8), (width, HEIGHT), interpolation=cv2.INTER_CUBIC
    )
    if rng.random() < 0.5:
        _, content = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))])
        small = cv2.imdecode(content, cv2.IMREAD_COLOR)
    return small
