"""A set of drawn digits in the files and the format of MNIST, small enough to train on in seconds."""

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.support.strokes import drawing


def drawn_digits(count: int, seed: int = 1) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """(n, 28, 28) and (n,), the ten digits in turn."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    return np.stack([drawing(int(label), rng) for label in labels]), labels


def write_mnist(raw: Path, train: int = 360, test: int = 40, ending: str = ".gz") -> None:
    raw.mkdir(parents=True, exist_ok=True)
    for split, count, seed in (("train", train, 1), ("t10k", test, 2)):
        pictures, labels = drawn_digits(count, seed)
        for part, array in (("images-idx3", pictures), ("labels-idx1", labels)):
            content = idx(array)
            path = raw / f"{split}-{part}-ubyte{ending}"
            path.write_bytes(gzip.compress(content) if ending else content)


def idx(array: NDArray[np.uint8]) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()
