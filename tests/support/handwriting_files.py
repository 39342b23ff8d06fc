"""Public collections of handwriting, made small: the same files in the same form, with drawn characters in them."""

import gzip
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.characters import LOWER_THEN_UPPER
from tests.support.strokes import drawing

Pictures = NDArray[np.uint8]


def drawings(count: int, seed: int) -> tuple[Pictures, NDArray[np.uint8]]:
    """(count, 28, 28) of the digits 0 to 9 in turn, ink high, and their labels."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count, dtype=np.uint8) % 10
    return np.stack([drawing(int(label), rng) for label in labels]), labels


def printed(characters: str) -> Pictures:
    """(n, 64, 64), ink high on a ground that is a little different every time."""
    sheets = np.random.default_rng(4).integers(0, 40, (len(characters), 64, 64)).astype(np.uint8)
    for sheet, character in zip(sheets, characters, strict=True):
        cv2.putText(sheet, character, (12, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.6, 255, 4, cv2.LINE_AA)
    return sheets


def write_idx(path: Path, array: NDArray[np.uint8]) -> None:
    """In the format of MNIST's files."""
    header = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(header + array.tobytes(), 1))


def write_mnist(folder: Path, split: str, count: int, seed: int) -> None:
    pictures, labels = drawings(count, seed)
    raw = folder / "digits" / "MNIST" / "raw"
    write_idx(raw / f"{split}-images-idx3-ubyte.gz", pictures)
    write_idx(raw / f"{split}-labels-idx1-ubyte.gz", labels)


def write_all(folder: Path) -> None:
    """Everything that a training of the digits wants, some 1,000 characters."""
    write_mnist(folder, "train", 120, 1)
    write_mnist(folder, "t10k", 20, 2)
    pictures, labels = drawings(100, 3)
    letters = folder / "letters"
    letters.mkdir(exist_ok=True)
    np.savez(folder / "digits" / "hwd1000.npz", x=255 - pictures, y=labels)
    every = LOWER_THEN_UPPER * 10
    np.savez(letters / "chars74k_hnd_rendered64.npz", x=printed(every), y=np.array(list(every)))
    latin = "acefhkmn" * 10
    places = np.array([ord(letter) - ord("a") + 1 for letter in latin])
    alphabet = np.full(len(latin), "Latin")
    np.savez(letters / "omniglot_latin_korean_105.npz", x=printed(latin), y=places, alphabet=alphabet)
    capitals = np.array(list("ACEFHK"))
    np.savez(letters / "az_uppercase.npz", x=printed("ACEFHK" * 10), y=np.arange(60) % 6, classes=capitals)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
