"""Handwritten digits for the pupils: real ones (the test images of MNIST), or strokes of our own."""

import gzip
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from grading.sheet.filling.digits import Box, Writer, write_skeleton
from grading.sheet.filling.ink import Hand, Page, Pen, textured


class Labelled(NamedTuple):
    pictures: NDArray[np.uint8]
    labels: NDArray[np.str_]


def read_idx(path: Path) -> NDArray[np.uint8]:
    """An array in the format of MNIST's files."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dimensions = raw[3]
    shape = np.frombuffer(raw, ">u4", dimensions, 4).astype(int)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def find(folder: Path, name: str) -> Path:
    found = [path for path in (folder / name, folder / f"{name}.gz") if path.exists()]
    if not found:
        raise SystemExit(f"{folder} has no {name} or {name}.gz: --mnist needs MNIST's test images.")
    return found[0]


class RealCharacters:
    """Pictures of handwriting (n, h, w) with their labels, written into boxes."""

    def __init__(self, known: Labelled):
        self.of = {str(name): known.pictures[known.labels == name] for name in np.unique(known.labels)}

    def __call__(
        self, page: Page, digit: str, box: Box, pen: Pen, hand: Hand, rng: np.random.Generator
    ) -> None:
        """The image's ink, thinner or thicker as the pen asks, its own height 55 to 80 % of the box."""
        image = rng.choice(self.of[digit])
        rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
        image = np.pad(image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 2)
        scale = page.dots * box[3] * rng.uniform(0.55, 0.8) / max(image.shape)
        large = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC).astype(np.float32)
        edge = np.interp(pen.width, [0.4, 1.0], [0.38, 0.28])
        ink = textured(np.clip((large / 255 - edge) / 0.3 + 0.5, 0, 1), pen, hand, rng)
        height, width = ink.shape
        x = (box[0] + box[2] / 2 + rng.normal(0, 0.4)) * page.dots - width / 2
        y = (box[1] + box[3] / 2 + rng.normal(0, 0.4)) * page.dots - height / 2
        page.cover(ink, round(x), round(y), pen.colour)


def mnist_test(folder: Path) -> Labelled:
    """MNIST's 10,000 test images: nobody trains on these."""
    labels = read_idx(find(folder, "t10k-labels-idx1-ubyte")).astype(str)
    return Labelled(read_idx(find(folder, "t10k-images-idx3-ubyte")), labels)


def writer(mnist: Path | None) -> Writer:
    """Real digits where a folder is given; else our own, and the reader is told so."""
    if mnist:
        return RealCharacters(mnist_test(mnist))
    print("Note: without --mnist the digits are drawn from strokes of this script, not real handwriting.")
    return write_skeleton
