"""A reader of marks that is trained, calibrated and measured within seconds."""

from dataclasses import replace

import pytest

from ml.cells.evaluate import RECIPES
from ml.cells.network import CellNetConfig

TINY = replace(
    RECIPES["marks"],
    network=CellNetConfig(7, 8, (8, 12, 16), (0, 0, 0), inputs=2),
    cells=150,
    pool=300,
    epochs=3,
    batch=50,
)


def make_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, "marks", TINY)
    monkeypatch.setattr("ml.cells.evaluate.TEST_CELLS", 60)
    monkeypatch.setattr("ml.cells.train.VALIDATION_CELLS", 60)
    monkeypatch.setattr("ml.cells.train.CALIBRATION_CELLS", 200)
    monkeypatch.setattr("ml.cells.marks.named_sets", lambda data_folder: {})
