"""What the digit networks learn from: digits, and what is none of the ten."""

import math
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core import characters
from ml.core.cards import collection
from ml.core.characters import Characters, LabelledPictures
from ml.digits.drawn import draw_bracket, draw_crossed, draw_dot, segment_digits
from ml.digits.network import DIGITS
from ml.writing.framing import SIDE, framed

NONE = len(DIGITS)  # the label of what is no digit
DRAWN_OFTEN = 3  # the few drawings with mouse and pen are shown this often an epoch
OTHERS = 6_000  # pictures that are no digit, of each of two kinds
CROSSED, DOTS, SEGMENTED = 6_000, 1_500, 3_000  # digits crossed out; dots and brackets; digits of displays

# Letters that someone might read as a digit are left out: O 0, I l 1, Z z 2, S s 5, b G 6, g q 9, and the like.
NO_DIGIT = "ACEFHKMNPRTVWXYacdefhkmnprtuvwxyㅏㅑㅓㅕㅗㅛㅜㅠㄷㅂㅅㅈㅊㅌㅍㅎㄲㄸㅃㅆㅉ"

# What each source is called on cards. Training can do without all files but MNIST's.
MNIST = collection(
    "MNIST, training half", "CC BY-SA 3.0", "training; its last twelfth validation and calibration"
)
EXTRA = {
    "digits/hwd1000.npz": collection("HWD1000", "MIT", "training; its last tenth calibration"),
    "letters/chars74k_hnd_rendered64.npz": collection(
        "Chars74K, English, hand",
        "research",
        "digits and letters, training; the last 10 of 55 writers calibration",
    ),
    "letters/omniglot_latin_korean_105.npz": collection("Omniglot, Latin and Korean", "MIT", "no digits"),
    "letters/az_uppercase.npz": collection("capital letters A-Z", "CC0", "no digits"),
    "letters/emnist_letters_test_A-M.npz": collection("EMNIST letters A-M", "NIST, public", "no digits"),
}
OWN = (
    collection("scribbles, blobs and pairs of digits", "this project's own, from the above", "no digits"),
    collection("digits crossed out, dots, brackets", "this project's own, from the above", "no digits"),
    collection("digits of seven segments", "this project's own", "training"),
)


class LabelledDigits(LabelledPictures):
    """Of 28 x 28 pixels, laid out as MNIST's; labels 0 to 9, or 10 for no digit."""

    @property
    def digits(self) -> "LabelledDigits":
        return self.where(self.labels != NONE)


def sources(folder: Path) -> list[dict[str, str]]:
    """What is learned from the collections in this folder, as cards name it."""
    return [MNIST, *(card for file, card in EXTRA.items() if characters.find_file(folder, file)), *OWN]


def training_examples(folder: Path, seed: int = 1) -> LabelledDigits:
    """MNIST and what else of EXTRA is in the folder. Raises DataMissing where MNIST is not."""
    canonical = mnist_digits(folder, "train")
    seen = canonical.where(np.arange(len(canonical)) < len(canonical) - held_out(canonical))
    drawn = drawings(folder, (0, 0.9), (0, 0.82))
    often = drawn.where(np.tile(np.arange(len(drawn)), DRAWN_OFTEN))
    none = others(seen, letters(folder, 0, 0.82), Random(f"none {seed}"))
    return seen + often + none + drawn_examples(seen, Random(f"drawn {seed}"))


def validation_examples(folder: Path) -> LabelledDigits:
    """The digits that decide when to stop: MNIST's own kind alone."""
    canonical = mnist_digits(folder, "train")
    return canonical.where(np.arange(len(canonical)) >= len(canonical) - held_out(canonical))


def held_out(canonical: LabelledDigits) -> int:
    """How many are never trained on: 5,000 of MNIST's 60,000, fewer of a smaller set in its format."""
    return math.ceil(len(canonical) / 12)


def calibration_examples(folder: Path) -> LabelledDigits:
    """Held-out digits of every kind and what is none, from writers that training has not seen."""
    digits = validation_examples(folder)
    drawn = drawings(folder, (0.9, 1), (0.82, 1))
    none = others(digits, letters(folder, 0.82, 0.91), Random("none held out"), 1_000)
    return digits + drawn + none + drawn_examples(digits, Random("drawn held out"), 0.1)


def drawings(folder: Path, mouse: tuple[float, float], tablet: tuple[float, float]) -> LabelledDigits:
    """Digits drawn with a mouse and on a tablet, these shares of them, as far as they are in the folder."""
    with_mouse = characters.if_there(characters.hwd, folder).part(*mouse)
    on_tablet = characters.if_there(characters.chars74k, folder).of(DIGITS).part(*tablet)
    return as_examples(characters.concat(with_mouse, on_tablet))


def mnist_digits(folder: Path, split: str) -> LabelledDigits:
    """split: "train" (60,000) or "t10k" (10,000); the pictures as they are published."""
    pictures, labels = characters.mnist_arrays(folder, split)
    return LabelledDigits(pictures, labels.astype(np.int64))


def as_examples(digits: Characters) -> LabelledDigits:
    pictures = np.array([framed(picture) for picture in digits.pictures], np.uint8).reshape(-1, SIDE, SIDE)
    return LabelledDigits(pictures, digits.labels.astype(np.int64))


def letters(folder: Path, first: float, last: float) -> Characters:
    """Those that nobody reads as a digit, this share of the writers of each collection in the folder."""
    loaders = (characters.omniglot, characters.chars74k, characters.az, characters.emnist_letters)
    known = (characters.if_there(load, folder) for load in loaders)
    return characters.concat(*(loaded.part(first, last) for loaded in known)).of(NO_DIGIT)


def others(
    digits: LabelledDigits, letters: Characters, random: Random, count: int = OTHERS
) -> LabelledDigits:
    """Letters, as many as count or as there are, and count things that are no character; no more than digits."""
    count = min(count, len(digits))
    chosen = random.sample(range(len(letters)), min(count, len(letters)))
    pictures = [framed(letters.pictures[number]) for number in chosen]
    ways = (draw_blob, draw_scribble, draw_strokes, draw_pair, draw_pair, draw_nothing)
    pictures += [framed(random.choice(ways)(digits, random)) for _ in range(count)]
    return LabelledDigits(np.stack(pictures), np.full(len(pictures), NONE, np.int64))


def drawn_examples(digits: LabelledDigits, random: Random, share: float = 1.0) -> LabelledDigits:
    """Digits of displays, and digits crossed out, dots and brackets; no more of each than there are digits."""
    crossed, dots, shown = (min(round(share * n), len(digits)) for n in (CROSSED, DOTS, SEGMENTED))
    ways = [draw_crossed] * crossed + [draw_dot, draw_bracket] * (dots // 2)
    pictures = [framed(way(random.choice(digits.digits.pictures), random)) for way in ways]
    none = LabelledDigits(np.stack(pictures), np.full(len(pictures), NONE, np.int64))
    return none + LabelledDigits(*segment_digits(shown, random))


def draw_blob(_digits: LabelledDigits, random: Random) -> NDArray[Any]:
    """A filled shape with a rough edge."""
    canvas = np.zeros((64, 64), np.uint8)
    corners = random.randrange(3, 10)
    angles = np.sort([random.uniform(0, 6.283) for _ in range(corners)])
    radii = np.array([random.uniform(10, 28) for _ in range(corners)])
    points = 32 + np.stack([np.cos(angles) * radii, np.sin(angles) * radii * random.uniform(0.5, 1)], 1)
    cv2.fillPoly(canvas, [points.astype(np.int32)], 255)
    return cv2.GaussianBlur(canvas, (0, 0), random.uniform(0.5, 3))


def draw_scribble(_digits: LabelledDigits, random: Random) -> NDArray[Any]:
    """A line that wanders over itself."""
    canvas = np.zeros((64, 64), np.uint8)
    points = [(random.randrange(6, 58), random.randrange(6, 58)) for _ in range(random.randrange(6, 16))]
    cv2.polylines(canvas, [np.array(points, np.int32)], False, 255, random.randrange(2, 6), cv2.LINE_AA)
    return canvas


def draw_strokes(_digits: LabelledDigits, random: Random) -> NDArray[Any]:
    """A dash, a cross, a plus or rules of paper; no upright line, since that is a 1."""
    canvas = np.zeros((64, 64), np.uint8)
    width, way = random.randrange(2, 8), random.randrange(3)
    level, tilt = random.randrange(20, 44), random.randrange(-6, 7)
    if way == 1:
        cv2.line(canvas, (8, 8 + tilt), (56, 56 - tilt), 255, width, cv2.LINE_AA)
        cv2.line(canvas, (56, 8), (8 + tilt, 56), 255, width, cv2.LINE_AA)
        return canvas
    cv2.line(canvas, (6, level), (58, level + tilt), 255, width, cv2.LINE_AA)
    if way == 2:
        across = random.randrange(18, 46)
        cv2.line(canvas, (across, 6), (across + tilt, 58), 255, width, cv2.LINE_AA)
    return canvas


def draw_pair(digits: LabelledDigits, random: Random) -> NDArray[Any]:
    """Two digits side by side, near enough to touch or overlap a little."""
    first, second = (digits.pictures[random.randrange(len(digits))] for _ in range(2))
    canvas, shift = np.zeros((SIDE, 2 * SIDE), np.uint8), random.randrange(12, 22)
    canvas[:, :SIDE] = first
    canvas[:, shift : shift + SIDE] = np.maximum(canvas[:, shift : shift + SIDE], second)
    return canvas


def draw_nothing(_digits: LabelledDigits, random: Random) -> NDArray[Any]:
    """Nothing, or specks."""
    canvas = np.zeros((64, 64), np.uint8)
    for _ in range(random.randrange(0, 6)):
        cv2.circle(canvas, (random.randrange(64), random.randrange(64)), random.randrange(1, 4), 255, -1)
    return canvas
