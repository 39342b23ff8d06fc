"""How well the digit networks read: sets with names and checksums, and the figures of each."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core import characters
from ml.core.arrays import Labels, Numbers, Picture, Pictures, crop_to_ink, in_parts, rescale
from ml.core.calibration import expected_calibration_error, softmax
from ml.core.characters import DataDamaged, DataMissing
from ml.core.evaluation import Metric, OpenPicture, TestSet, metric_rows
from ml.core.trainer import OnProgress
from ml.digits import data as digit_data
from ml.digits.data import LabelledDigits
from ml.digits.network import DIGITS
from ml.digits.papers import KINDS, papers
from ml.digits.reader import DigitReader
from ml.digits.sheets import Hands
from ml.digits.strokes import FINER, set_width
from ml.writing.candidates import is_digit_probability
from ml.writing.framing import SIDE

NO_ANSWER = len(DIGITS)  # column of the confusion matrix: pictures turned away or read as several
AT_ONCE = 500  # frames in one pass
AROUND_LETTERS = 6  # pixels of ground around a letter that is sent as a picture
PAPERS = 100  # of each kind
HANDS_OF_A_PAPER = 100  # digits from which its own are chosen
AROUND = 72  # side of the canvas on which a digit is moved about

OTHERS = (  # where they lie, what they are called, their arrays
    ("digits/emnist_mnist_test.npz", "EMNIST digits test", "x", "y"),
    ("digits/usps.npz", "USPS test", "x_test", "y_test"),
)
WANTED = (
    "an .npz of digits has {x} (uint8, n x h x w or n x h x w x 3) and {y} (n whole numbers from 0 to 9)."
)


@dataclass(frozen=True)
class DigitTestSet(TestSet):
    """is_framed: whether the pictures go to the network as they are, or as an upload would."""

    is_framed: bool = False


@dataclass(frozen=True)
class DigitPredictions:
    """What came out, picture by picture: probabilities (n, 10), all 0 where there is no answer; who was certain."""

    labels: Labels
    probabilities: Numbers
    is_certain: NDArray[np.bool_]

    @property
    def has_answer(self) -> NDArray[np.bool_]:
        return np.asarray(self.probabilities.any(1))

    @property
    def answers(self) -> Labels:
        return np.where(self.has_answer, self.probabilities.argmax(1), NO_ANSWER)

    @property
    def is_right(self) -> NDArray[np.bool_]:
        return np.asarray(self.answers == self.labels)

    @property
    def confusion(self) -> Labels:
        counts = np.zeros((len(DIGITS), len(DIGITS) + 1), np.int64)
        np.add.at(counts, (self.labels, self.answers), 1)
        return counts

    def figures(self) -> dict[str, float]:
        """ece: expected calibration error in 15 bins (Guo et al., 2017, section 2), of the pictures with an answer."""
        answered, certain = self.has_answer, self.is_right[self.is_certain]
        ece = expected_calibration_error(self.probabilities[answered], self.labels[answered])
        return {
            "accuracy": float(self.is_right.mean()),
            "accuracy_certain": float(certain.mean()) if certain.size else 0.0,
            "certain_share": float(self.is_certain.mean()),
            "ece": ece,
        }


def predict(reader: DigitReader, test_set: DigitTestSet) -> DigitPredictions:
    """The reader's answers to a test set."""
    if test_set.is_framed:
        probabilities = softmax(in_parts(reader.logits, np.stack(list(test_set.pictures)), AT_ONCE))
        return DigitPredictions(test_set.labels, probabilities, probabilities.max(1) >= reader.card.certain)
    answers = [lone_answer(reader, picture) for picture in test_set.pictures]
    shares, certain = zip(*answers, strict=True)
    return DigitPredictions(test_set.labels, np.array(shares, np.float32), np.array(certain, bool))


def lone_answer(reader: DigitReader, picture: Picture) -> tuple[list[float], bool]:
    """The probabilities of the one digit in a picture; zeros where none or several are found."""
    digits = reader.read(picture).digits
    if len(digits) != 1:
        return [0.0] * len(DIGITS), False
    return digits[0]["probabilities"], digits[0]["is_certain"]


def measure(
    reader: DigitReader, folder: Path, most: int | None = None, on_progress: OnProgress = lambda name: None
) -> tuple[list[Metric], DigitPredictions]:
    """Every figure of the card, of the sets that are in the folder: [{set, md5, measure, value}]; and what came out of
    the first, MNIST's test half.

    most: only the first so many pictures of each set. Raises DataMissing with a sentence where MNIST is not there.
    """
    rows, results = [], []
    for test_set in named_sets(folder, most):
        on_progress(test_set.name)
        results.append(predict(reader, test_set))
        rows += test_set.metric_rows(results[-1].figures())
    on_progress("what is no digit")
    rows += turned_away(reader, folder, most)
    return rows, results[0]


def measure_papers(
    reader: DigitReader, folder: Path, on_progress: OnProgress = lambda name: None
) -> list[Metric]:
    """Of each kind of paper; fewer where there are few hands to make them of, and none where there are hardly any."""
    hands = hands_of(folder)
    count = min(PAPERS, len(hands.digits) // HANDS_OF_A_PAPER)
    rows: list[Metric] = []
    for kind in KINDS if count else ():
        on_progress(kind)
        rows += paper_rows(reader, kind, hands, count)
    return rows


def named_sets(folder: Path, most: int | None = None) -> Iterator[DigitTestSet]:
    """MNIST's test half first, as it is published, and the others as far as they are in the folder."""
    mnist = digit_data.mnist_digits(folder, "t10k")
    content = characters.read_unzipped(characters.mnist_file(folder, "t10k", "images-idx3"))
    md5 = hashlib.md5(content).hexdigest()  # the same however it was packed
    few = mnist.where(np.arange(len(mnist)) < (most or len(mnist)))
    yield from_examples(f"MNIST test ({len(few)})", few, md5, is_framed=True)
    yield from_examples(f"MNIST test, as uploads ({len(few)})", few, md5)
    yield from_examples(f"MNIST test moved, scaled, turned, other strokes ({len(few)})", roughened(few))
    if unseen := emnist_digits(folder, most):
        yield from_examples(f"EMNIST test as 28 x 28 of any make ({len(unseen)})", small_pictures(unseen))
    for file, name, x, y in OTHERS:
        path = characters.find_file(folder, file)
        if path:
            yield from_file(path, name, x, y, most)


def from_examples(
    name: str, examples: LabelledDigits, md5: str = "", is_framed: bool = False
) -> DigitTestSet:
    md5 = md5 or hashlib.md5(examples.pictures.tobytes() + examples.labels.tobytes()).hexdigest()
    return DigitTestSet(name, md5, examples.pictures, examples.labels, is_framed)


def own_set(path: Path, open_picture: OpenPicture) -> DigitTestSet | None:
    """The test set that a file or a folder per label is; None for any other folder. Raises DataMissing, DataDamaged."""
    if path.is_file() or path.suffix == ".npz":
        return from_file(path, path.name)
    if any((path / digit).is_dir() for digit in DIGITS):
        return from_folder(path, open_picture)
    return None


def from_file(path: Path, name: str, x: str = "x", y: str = "y", most: int | None = None) -> DigitTestSet:
    """x (n, h, w[, 3]) and y (n,) of an .npz. Raises DataDamaged with a sentence where they are not there."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            pictures, labels = kept[x], kept[y]
    except characters.UNREADABLE as problem:
        raise DataDamaged(f"{path} cannot be read: {WANTED.format(x=x, y=y)}") from problem
    is_pictures = pictures.dtype == np.uint8 and (pictures.ndim == 3 or pictures.shape[3:] == (3,))
    if not is_pictures or not pictures.size or not are_digits(labels, len(pictures)):
        raise DataDamaged(f"{path} holds something else: {WANTED.format(x=x, y=y)}")
    pictures, labels = pictures[:most], labels[:most].astype(np.int64)
    return DigitTestSet(
        f"{name} ({len(labels)})", hashlib.md5(path.read_bytes()).hexdigest(), pictures, labels
    )


def are_digits(labels: NDArray[Any], count: int) -> bool:
    return labels.shape == (count,) and labels.dtype.kind in "iuf" and bool(np.isin(labels, range(10)).all())


def from_folder(folder: Path, open_picture: OpenPicture) -> DigitTestSet:
    """A folder per label, 0 to 9, with pictures of any kind in it. Raises DataMissing where there is none."""
    paths = [path for digit in DIGITS for path in sorted((folder / digit).glob("[!.]*")) if path.is_file()]
    if not paths:
        raise DataMissing(f"{folder} holds no pictures in its folders named 0 to 9.")
    return DigitTestSet.of_files(folder, paths, [int(path.parent.name) for path in paths], open_picture)


def turned_away(reader: DigitReader, folder: Path, most: int | None = None) -> list[Metric]:
    """Of digits and of what is none, both unseen: the share that is called no digit."""
    letters = digit_data.letters(folder, 0.91, 1)
    none = digit_data.others(
        digit_data.validation_examples(folder), letters, Random("none, the exam"), most or 1_500
    )
    what = "letters of unseen writers, scribbles, blobs, pairs" if len(letters) else "scribbles, blobs, pairs"
    digits = next(named_sets(folder, most))
    frames = np.stack(list(digits.pictures))
    rows = none_rows(f"digits lost: {digits.name}", frames, is_none(reader, frames))
    rows += none_rows(f"turned away: {what} ({len(none)})", none.pictures, is_none(reader, none.pictures))
    if len(letters):
        uploads = [np.pad(letter, AROUND_LETTERS) for letter in letters.pictures[:most]]
        found = np.array([not reader.read(upload).digits for upload in uploads])
        rows += none_rows(f"turned away, as uploads: letters ({len(uploads)})", uploads, found)
    return rows


def hands_of(folder: Path) -> Hands:
    """Of MNIST's test half and EMNIST's, and of the letters' last writers, as far as they are in the folder."""
    digits = digit_data.mnist_digits(folder, "t10k")
    if unseen := emnist_digits(folder):
        digits += unseen
    return Hands(digits, digit_data.letters(folder, 0.91, 1))


def emnist_digits(folder: Path, most: int | None = None) -> LabelledDigits | None:
    """Of EMNIST's test half; None where it is not in the folder."""
    path = characters.find_file(folder, "digits/emnist_mnist_test.npz")
    if path is None:
        return None
    with np.load(path) as kept:
        return LabelledDigits(kept["x"][:most], kept["y"][:most].astype(np.int64))


def paper_rows(reader: DigitReader, kind: str, hands: Hands, count: int) -> list[Metric]:
    """Of papers: how many are read right and surely, and how many surely and wrong. Where nothing is to be read, to
    read nothing is right."""
    made = list(papers(kind, hands, count))
    read = [(paper, reader.read(paper.picture)) for paper in made]
    is_right = np.array([reading.text == paper.text for paper, reading in read])
    is_sure = np.array([reading.is_certain or not (paper.text or reading.text) for paper, reading in read])
    md5 = hashlib.md5(b"".join(paper.picture.tobytes() for paper in made)).hexdigest()
    figures = {
        "right": float(is_right.mean()),
        "right and certain": float((is_right & is_sure).mean()),
        "certain and wrong": float((~is_right & is_sure).mean()),
    }
    return metric_rows(f"{kind} ({count})", figures, md5=md5)


def none_rows(name: str, pictures: Iterable[Picture], called: NDArray[np.bool_]) -> list[Metric]:
    md5 = hashlib.md5(b"".join(picture.tobytes() for picture in pictures)).hexdigest()
    return metric_rows(name, {"called no digit": float(called.mean())}, md5=md5)


def is_none(reader: DigitReader, frames: Pictures) -> NDArray[np.bool_]:
    return is_digit_probability(in_parts(reader.logits, frames, AT_ONCE)) < reader.card.is_digit


def roughened(examples: LabelledDigits) -> LabelledDigits:
    """Each digit with a stroke of 1 to 4 pixels, scaled by 0.6 to 1.3, turned by up to 20 degrees, moved by up to 6
    pixels, on a canvas that holds all of it."""
    random = Random("roughened")
    pictures = [random_affine(set_width(digit, random.uniform(1, 4)), random) for digit in examples.pictures]
    return LabelledDigits(np.stack(pictures), examples.labels)


def small_pictures(examples: LabelledDigits) -> LabelledDigits:
    """28 x 28 pixels as other programs and people make them: any pen, anywhere, small or large, dark on light."""
    random, shown = Random("small pictures"), []
    for digit in examples.pictures:
        fine = set_width(digit, random.uniform(1, 3.2))
        cut = crop_to_ink(fine, 60)
        cut = fine if cut is None else cut
        small = rescale(cut, random.uniform(15, 25) / max(cut.shape))
        frame = np.zeros((SIDE, SIDE), np.uint8)
        top, left = (random.randint(1, SIDE - side - 1) for side in small.shape)
        frame[top : top + small.shape[0], left : left + small.shape[1]] = small
        shown.append(255 - frame)
    return LabelledDigits(np.stack(shown), examples.labels)


def random_affine(fine: Picture, random: Random) -> Picture:
    scale, turn = random.uniform(0.6, 1.3), random.uniform(-20, 20)
    middle = (SIDE * FINER - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), turn, scale)
    middles = (AROUND * FINER - 1) / 2 - middle
    matrix[:, 2] += np.array([middles + random.uniform(-6, 6) * FINER for _ in range(2)])
    large = cv2.warpAffine(fine, matrix, (AROUND * FINER, AROUND * FINER), flags=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(large, (AROUND, AROUND), interpolation=cv2.INTER_AREA), np.uint8)
