"""How well the digit networks read: sets with names and checksums, and the figures of each."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from ml import digit_data
from ml.calibration import expected_calibration_error
from ml.digit_data import Examples
from ml.digit_reader import DigitReader
from ml.digits import DIGITS, SIDE, digit_probabilities, is_digit_probability
from ml.glyphs import DataMissing

NO_ANSWER = len(DIGITS)  # column of the confusion matrix: pictures turned away or read as several
FINER = 4  # strokes are redrawn on a grid this much finer
AROUND = 72  # side of the canvas on which a digit is moved about


@dataclass(frozen=True)
class Exam:
    """A test set. is_framed: whether its pictures go to the network as they are, or as an upload would."""

    name: str
    md5: str
    pictures: list[NDArray[np.uint8]]
    labels: NDArray[np.int64]
    is_framed: bool = False


@dataclass(frozen=True)
class Result:
    """What came out, picture by picture: probabilities (n, 10), all 0 where there is no answer; who was certain."""

    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    is_certain: NDArray[np.bool_]
    confusion: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        has_answer = self.probabilities.any(1)
        said = np.where(has_answer, self.probabilities.argmax(1), NO_ANSWER)
        confusion = np.zeros((len(DIGITS), len(DIGITS) + 1), np.int64)
        np.add.at(confusion, (self.labels, said), 1)
        object.__setattr__(self, "confusion", confusion)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = self.probabilities.any(1) & (self.probabilities.argmax(1) == self.labels)
        return found

    def figures(self) -> dict[str, float]:
        """ece: expected calibration error in 15 bins (Guo et al., 2017, section 2), of the pictures with an answer."""
        answered = self.probabilities.any(1)
        return {
            "accuracy": float(self.is_right.mean()),
            "accuracy_certain": float(self.is_right[self.is_certain].mean())
            if self.is_certain.any()
            else 0.0,
            "certain_share": float(self.is_certain.mean()),
            "ece": expected_calibration_error(self.probabilities[answered], self.labels[answered])
            if answered.any()
            else 0.0,
        }


def sit(reader: DigitReader, exam: Exam) -> Result:
    """The reader's answers to an exam."""
    if exam.is_framed:
        logits = in_parts(reader, np.stack(exam.pictures))
        probabilities = digit_probabilities(logits)
        return Result(exam.labels, probabilities, probabilities.max(1) >= reader.card.certain)
    answers = [lone_answer(reader, picture) for picture in exam.pictures]
    probabilities = np.array([probability for probability, _certain in answers], np.float32)
    return Result(exam.labels, probabilities, np.array([certain for _probability, certain in answers], bool))


def lone_answer(reader: DigitReader, picture: NDArray[np.uint8]) -> tuple[list[float], bool]:
    """The probabilities of the one digit in a picture; zeros where none or several are found."""
    digits = reader.read(picture).digits
    if len(digits) != 1:
        return [0.0] * len(DIGITS), False
    return digits[0]["probabilities"], digits[0]["is_certain"]


def in_parts(reader: DigitReader, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
    return np.concatenate([reader.logits(part) for part in np.array_split(frames, len(frames) // 500 + 1)])


def measure(reader: DigitReader, folder: Path, most: int | None = None) -> list[dict[str, Any]]:
    """Every figure of the card: [{set, md5, measure, value}]; most: only the first so many pictures of each set.

    Raises DataMissing with a sentence where a collection is not in the folder.
    """
    rows = []
    for exam in exams(folder, most):
        for name, value in sit(reader, exam).figures().items():
            rows.append({"set": exam.name, "md5": exam.md5, "measure": name, "value": round(value, 6)})
    return rows + turned_away(reader, folder, most)


def exams(folder: Path, most: int | None = None) -> list[Exam]:
    raw = folder / "digits" / "MNIST" / "raw" / "t10k-images-idx3-ubyte.gz"
    mnist = digit_data.mnist(folder, "t10k")
    few = mnist.where(np.arange(len(mnist)) < (most or len(mnist)))
    return [
        exam(f"MNIST test ({len(few)})", few, md5_of_file(raw), is_framed=True),
        exam(f"MNIST test, as uploads ({len(few)})", few, md5_of_file(raw)),
        exam(f"MNIST test moved, scaled, turned, other strokes ({len(few)})", roughened(few)),
        from_file(folder / "digits" / "emnist_mnist_test.npz", "EMNIST digits test", "x", "y", most),
        from_file(folder / "digits" / "usps.npz", "USPS test", "x_test", "y_test", most),
    ]


def exam(name: str, examples: Examples, md5: str = "", is_framed: bool = False) -> Exam:
    md5 = md5 or hashlib.md5(examples.pictures.tobytes() + examples.labels.tobytes()).hexdigest()
    return Exam(name, md5, list(examples.pictures), examples.labels, is_framed)


def from_file(path: Path, name: str, x: str = "x", y: str = "y", most: int | None = None) -> Exam:
    """x (n, h, w[, 3]) and y (n,) of an .npz. Raises DataMissing with a sentence where they are not there."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            pictures, labels = kept[x], kept[y].astype(np.int64)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as problem:
        raise DataMissing(
            f"{path} is not a file of digits: it needs {x} (uint8, n x h x w) and {y} (0 to 9)."
        ) from problem
    is_pictures = pictures.dtype == np.uint8 and pictures.ndim in (3, 4)
    if not is_pictures or len(pictures) != len(labels) or not set(labels) <= set(range(10)):
        raise DataMissing(
            f"{path} needs as many labels (0 to 9) in {y} as uint8 pictures (n x h x w) in {x}."
        )
    pictures, labels = pictures[:most], labels[:most]
    return Exam(f"{name} ({len(labels)})", md5_of_file(path), list(pictures), labels)


def from_folder(folder: Path, open_picture: Callable[[bytes], NDArray[np.uint8]]) -> Exam:
    """A folder per label, 0 to 9, with pictures of any kind in it. Raises DataMissing where there is none."""
    paths = [path for digit in DIGITS for path in sorted((folder / digit).glob("*")) if path.is_file()]
    if not paths:
        raise DataMissing(f"{folder} holds no folders named 0 to 9 with pictures in them.")
    checksum = hashlib.md5()
    pictures = []
    for path in paths:
        content = path.read_bytes()
        checksum.update(content)
        pictures.append(open_picture(content))
    labels = np.array([int(path.parent.name) for path in paths], np.int64)
    return Exam(f"{folder.name} ({len(paths)})", checksum.hexdigest(), pictures, labels)


def md5_of_file(path: Path) -> str:
    try:
        return hashlib.md5(path.read_bytes()).hexdigest()
    except OSError as problem:
        raise DataMissing(f"{path} cannot be read.") from problem


def turned_away(reader: DigitReader, folder: Path, most: int | None = None) -> list[dict[str, Any]]:
    """Of digits and of what is none, both unseen: the share that is called no digit."""
    held_out = digit_data.validation_examples(folder)
    unseen = digit_data.letters(folder, 0.91, 1)
    none = digit_data.others(held_out, unseen, Random("none, the exam"), most or 1_500)
    digits = exams(folder, most)[0]
    sets = {
        f"digits lost: {digits.name}": np.stack(digits.pictures),
        f"turned away: letters of unseen writers, scribbles, blobs, pairs ({len(none)})": none.pictures,
    }
    return [
        {
            "set": name,
            "md5": hashlib.md5(pictures.tobytes()).hexdigest(),
            "measure": "called no digit",
            "value": round(float(np.mean(is_none(reader, pictures))), 6),
        }
        for name, pictures in sets.items()
    ]


def is_none(reader: DigitReader, frames: NDArray[np.uint8]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = is_digit_probability(in_parts(reader, frames)) < reader.card.is_digit
    return found


def roughened(examples: Examples) -> Examples:
    """Each digit with a stroke of 1 to 4 pixels, scaled by 0.6 to 1.3, turned by up to 20 degrees, moved by up to 6
    pixels, on a canvas that holds all of it."""
    random = Random("roughened")
    pictures = [moved(restroked(one, random.uniform(1, 4)), random) for one in examples.pictures]
    return Examples(np.stack(pictures), examples.labels)


def restroked(picture: NDArray[np.uint8], width: float) -> NDArray[np.uint8]:
    """(28, 28) -> (28 * FINER, 28 * FINER): the middle of the strokes, drawn again `width` pixels of 28 wide."""
    size = SIDE * FINER
    fine = cv2.resize(picture, (size, size), interpolation=cv2.INTER_CUBIC)
    middle = skeleton(np.asarray(fine > 110, np.uint8))
    across = max(1, round(width * FINER))
    drawn = cv2.dilate(middle, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (across, across)))
    return np.asarray(drawn * 255, np.uint8)


def skeleton(shape: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """0 and 1, thinned to lines (Zhang, Suen, A fast parallel algorithm for thinning digital patterns, 1984)."""
    shape = np.pad(shape, 1)
    while True:
        before = int(shape.sum())
        for is_second in (False, True):
            shape = shape & ~removable(shape, is_second)
        if int(shape.sum()) == before:
            return shape[1:-1, 1:-1]


def removable(shape: NDArray[np.uint8], is_second: bool) -> NDArray[np.uint8]:
    """The border points of one of the two passes of Zhang and Suen."""
    turns = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
    around = np.stack([np.roll(shape, (-down, -right), (0, 1)) for down, right in turns])
    neighbours = around.sum(0)
    changes = ((around == 0) & (np.roll(around, -1, 0) == 1)).sum(0)
    north, east, south, west = around[0], around[2], around[4], around[6]
    if is_second:
        is_edge = (north * east * west == 0) & (north * south * west == 0)
    else:
        is_edge = (north * east * south == 0) & (east * south * west == 0)
    found = (shape == 1) & (neighbours >= 2) & (neighbours <= 6) & (changes == 1) & is_edge
    return np.asarray(found, np.uint8)


def moved(fine: NDArray[np.uint8], random: Random) -> NDArray[np.uint8]:
    scale, turn = random.uniform(0.6, 1.3), random.uniform(-20, 20)
    middle = (SIDE * FINER - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), turn, scale)
    middles = (AROUND * FINER - 1) / 2 - middle
    matrix[:, 2] += np.array([middles + random.uniform(-6, 6) * FINER for _ in range(2)])
    large = cv2.warpAffine(fine, matrix, (AROUND * FINER, AROUND * FINER), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(large, (AROUND, AROUND), interpolation=cv2.INTER_AREA), np.uint8)
