"""Handwritten characters from public collections, all in one form: white ink on black, tight, 36 x 36."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Picture, Pictures, crop_to_ink, rescale

CHARACTER_SIDE = 36
MARGIN = 2

# Rows of EMNIST's letters whose labels are wrong to anyone's eye: a d as A, an e, a 3 and a Z as B, an N as D.
MISLABELLED = (651, 1409, 1570, 1592, 2921)
MNIST_MISLABELLED = (59915,)  # of its training half, a 7 as 4, among those that calibrate

LOWER_THEN_UPPER = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
JAMO = "ㅏㅒㅑㅕㅓㅖㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"


Labelled = TypeVar("Labelled", bound="LabelledPictures")

UNREADABLE = (OSError, ValueError, EOFError, IndexError, KeyError, TypeError, zlib.error, zipfile.BadZipFile)


class DataMissing(Exception):
    """A collection of handwriting that is wanted is not in the data folder."""


class DataDamaged(DataMissing):
    """It is there and cannot be read."""


@dataclass(frozen=True)
class LabelledPictures:
    """pictures (n, h, w) uint8, ink high; labels (n,)."""

    pictures: Pictures
    labels: NDArray[Any]

    def __len__(self) -> int:
        return len(self.labels)

    def __add__(self, other: Self) -> Self:
        return concat(self, other)

    def where(self, chosen: NDArray[Any]) -> Self:
        return type(self)(self.pictures[chosen], self.labels[chosen])


class Characters(LabelledPictures):
    """Of 36 x 36 pixels, labelled by one character each."""

    def of(self, characters: Iterable[str]) -> "Characters":
        """Only those of the given characters."""
        return self.where(np.isin(self.labels, list(characters)))

    def part(self, first: float, last: float) -> "Characters":
        """A share of every character's images in their order, from first to last (0..1); orders follow writers."""
        place = np.zeros(len(self))
        for character in np.unique(self.labels):
            mine = np.flatnonzero(self.labels == character)
            place[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
        return self.where((place >= first) & (place < last))


def concat(*sets: Labelled) -> Labelled:
    pictures, labels = zip(*((examples.pictures, examples.labels) for examples in sets), strict=True)
    return type(sets[0])(np.concatenate(pictures), np.concatenate(labels))


def if_there(load: Callable[[Path], Characters], folder: Path) -> Characters:
    """What `load` gives, or no characters where its collection is not in the folder. Raises DataDamaged."""
    try:
        return load(folder)
    except DataDamaged:
        raise
    except DataMissing:
        return Characters(np.empty((0, CHARACTER_SIDE, CHARACTER_SIDE), np.uint8), np.empty(0, str))


def mnist(folder: Path, split: str) -> Characters:
    """split: "train" (60,000) or "t10k" (10,000)."""
    images, labels = mnist_arrays(folder, split)
    if split == "train":
        images, labels = (
            np.delete(part, [n for n in MNIST_MISLABELLED if n < len(part)], 0) for part in (images, labels)
        )
    return crop_characters(images, [str(label) for label in labels])


def mnist_arrays(folder: Path, split: str) -> tuple[Pictures, Pictures]:
    """(n, 28, 28) and (n,) as they are published. Raises DataMissing, DataDamaged."""
    images, labels = (read_idx(mnist_file(folder, split, part)) for part in ("images-idx3", "labels-idx1"))
    if (
        images.shape[1:] != (28, 28)
        or labels.shape != images.shape[:1]
        or not len(labels)
        or labels.max() > 9
    ):
        raise DataDamaged(
            f"The {split} files of MNIST in {folder} do not hold 28 x 28 pictures and their digits."
        )
    return images, labels


def mnist_file(folder: Path, split: str, part: str) -> Path:
    """Gzipped or not, wherever MNIST usually lies: MNIST/raw as torchvision keeps it, or the folder itself."""
    for ending in (".gz", ""):
        path = find_file(folder, f"digits/MNIST/raw/{split}-{part}-ubyte{ending}")
        if path:
            return path
    raise DataMissing(
        f"{split}-{part}-ubyte.gz of MNIST is not in {folder}. MNIST's four files (11 MB) are to be had at "
        "https://ossci-datasets.s3.amazonaws.com/mnist/ or with torchvision.datasets.MNIST(folder, download=True); "
        "say with --data which folder holds them."
    )


def usps(folder: Path, split: str) -> Characters:
    """split: "train" (7,291) or "test" (2,007)."""
    kept = _arrays(folder, "digits/usps.npz")
    return crop_characters(kept[f"x_{split}"], [str(label) for label in kept[f"y_{split}"]])


def emnist_digits(folder: Path) -> Characters:
    """10,000 of the test half of EMNIST's MNIST part: writers that MNIST's test set has not."""
    kept = _arrays(folder, "digits/emnist_mnist_test.npz")
    return crop_characters(kept["x"], [str(label) for label in kept["y"]])


def hwd(folder: Path) -> Characters:
    """1,000 digits drawn with a mouse, stored black on white."""
    kept = _arrays(folder, "digits/hwd1000.npz")
    return crop_characters(255 - kept["x"], [str(label) for label in kept["y"]])


def az(folder: Path) -> Characters:
    """5,934 capitals."""
    kept = _arrays(folder, "letters/az_uppercase.npz")
    return crop_characters(kept["x"], [str(kept["classes"][label]) for label in kept["y"]])


def emnist_letters(folder: Path) -> Characters:
    """10,000 letters A to M; both cases are labelled by the capital."""
    kept = _arrays(folder, "letters/emnist_letters_test_A-M.npz")
    images, labels = (np.delete(kept[name], MISLABELLED, 0) for name in ("x", "y"))
    return crop_characters(images, [str(kept["classes"][label]) for label in labels])


def chars74k(folder: Path) -> Characters:
    """62 characters by 55 writers, drawn on a tablet; writers in the same order in every character."""
    kept = _arrays(folder, "letters/chars74k_hnd_rendered64.npz")
    return crop_characters(kept["x"], [str(label) for label in kept["y"]])


def choice(folder: Path) -> Characters:
    """2,811 characters of 62 kinds, photographed, with what stood beside them."""
    kept = _arrays(folder, "letters/choice_v03_28.npz")
    is_binary = kept["kind"] == "data-bin"
    return crop_characters(kept["x"][is_binary], [LOWER_THEN_UPPER[label] for label in kept["y"][is_binary]])


def omniglot(folder: Path) -> Characters:
    """Latin small letters and Hangul letters by 20 writers, in the same order in every letter."""
    kept = _arrays(folder, "letters/omniglot_latin_korean_105.npz")
    names = [
        JAMO[label - 1] if alphabet == "Korean" else chr(ord("a") + label - 1)
        for label, alphabet in zip(kept["y"], kept["alphabet"], strict=True)
    ]
    return crop_characters(kept["x"], names)


def crop_characters(images: Pictures, labels: list[str]) -> Characters:
    """Every character cut to its ink and scaled so that its longer side is 32 of 36 pixels."""
    return Characters(np.stack([_crop_character(image) for image in images]), np.array(labels))


def _crop_character(image: Picture) -> Picture:
    framed = np.zeros((CHARACTER_SIDE, CHARACTER_SIDE), np.uint8)
    ink = crop_to_ink(image, 61)
    if ink is not None:
        small = rescale(ink, (CHARACTER_SIDE - 2 * MARGIN) / max(ink.shape), cv2.INTER_CUBIC)
        high, wide = small.shape
        top, left = (CHARACTER_SIDE - high) // 2, (CHARACTER_SIDE - wide) // 2
        framed[top : top + high, left : left + wide] = small
    return framed


def find_file(folder: Path, name: str) -> Path | None:
    """A collection's file ("digits/usps.npz") in the folder of all, or in that of its kind alone ("usps.npz")."""
    parts = Path(name).parts
    paths = (Path(folder, *parts[first:]) for first in range(len(parts)))
    return next((path for path in paths if path.is_file()), None)


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The bytes of an IDX file in the shape that its head says. Raises DataDamaged."""
    try:
        content = read_unzipped(path)
        dimensions = content[3]
        shape = np.frombuffer(content, ">u4", dimensions, offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
    except UNREADABLE as problem:
        raise DataDamaged(f"{path} is damaged: it is no IDX file as MNIST's are.") from problem


def read_unzipped(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _arrays(folder: Path, name: str) -> dict[str, NDArray[Any]]:
    path = find_file(folder, name)
    if path is None:
        raise DataMissing(
            f"{name} is missing in {folder}. Digits and letters are learned from public handwriting: MNIST, EMNIST "
            "(NIST Special Database 19), USPS, Chars74K, Omniglot. docs/models.md says which file goes where; marks "
            "need no data at all."
        )
    try:
        with np.load(path, allow_pickle=False) as kept:
            return dict(kept)
    except UNREADABLE as problem:
        raise DataDamaged(f"{path} is damaged: it cannot be read as an .npz file.") from problem
