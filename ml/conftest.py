"""The readers with the committed weights, loaded once; their ONNX files are those of all tests."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.cells.reader import CellReader, load_reader
from ml.core.arrays import Picture
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.digits.reader import DigitReader, load_digit_reader
from ml.pictures.backbone import Backbone, load_backbone


@pytest.fixture(scope="session")
def onnx_cache() -> Path:
    return Path(os.environ["MODEL_CACHE_DIR"])


@pytest.fixture(scope="session")
def reader_of(onnx_cache: Path) -> Callable[[str], CellReader]:
    readers: dict[str, CellReader] = {}

    def load(kind: str) -> CellReader:
        if kind not in readers:
            readers[kind] = load_reader(kind, cache_folder=onnx_cache, device="cpu")
        return readers[kind]

    return load


@pytest.fixture(scope="session")
def marks(reader_of: Callable[[str], CellReader]) -> CellReader:
    return reader_of("marks")


@pytest.fixture(scope="session")
def digits(onnx_cache: Path) -> DigitReader:
    return load_digit_reader(Card.load(WEIGHTS_FOLDER, "digits"), WEIGHTS_FOLDER, onnx_cache)


@pytest.fixture(scope="session")
def lite2(onnx_cache: Path) -> Backbone:
    return load_backbone(Card.load(WEIGHTS_FOLDER, "lite2"), cache_folder=onnx_cache, device="cpu")


@pytest.fixture(scope="session")
def photograph() -> Callable[[str], Picture]:
    """By its name, one of those that scikit-image brings: (h, w, 3) uint8."""
    folder = Path(find_spec("skimage").origin).parent / "data"
    return lambda name: np.asarray(Image.open(next(folder.glob(f"{name}.*g"))).convert("RGB"))
