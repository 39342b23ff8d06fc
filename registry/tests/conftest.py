from pathlib import Path

import pytest

from ml.digits.evaluate import DigitPredictions, DigitTestSet, predict
from ml.digits.reader import DigitReader
from tests.support.tiny_mnist import write_mnist


@pytest.fixture
def data(tmp_path: Path, settings) -> Path:
    write_mnist(tmp_path / "data" / "MNIST" / "raw")
    settings.DATA_FOLDER = str(tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture(scope="session")
def predictions() -> dict[tuple[str, str], DigitPredictions]:
    """By the hashes of network and probe set."""
    return {}


@pytest.fixture
def digits_read_once(predictions, monkeypatch) -> None:
    """Each network reads the five hundred digits of its probe set once for all tests: it takes seconds."""

    def predicted(reader: DigitReader, test_set: DigitTestSet) -> DigitPredictions:
        asked = reader.card.sha256, test_set.md5
        if asked not in predictions:
            predictions[asked] = predict(reader, test_set)
        return predictions[asked]

    monkeypatch.setattr("ml.digits.probe.predict", predicted)
