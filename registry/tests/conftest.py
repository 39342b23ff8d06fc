from pathlib import Path

import pytest

from tests.support.tiny_mnist import write_mnist


@pytest.fixture
def data(tmp_path: Path, settings) -> Path:
    write_mnist(tmp_path / "data" / "MNIST" / "raw")
    settings.DATA_FOLDER = str(tmp_path / "data")
    return tmp_path / "data"
