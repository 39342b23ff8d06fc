"""Marks on bubbles: empty, marked in one of four ways, or withdrawn in one of two."""

from functools import partial
from pathlib import Path
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ml.cells.network import CellNetConfig
from ml.cells.reader import with_references
from ml.cells.recipe import SIMULATION, CellRecipe, DataSource, Sample, one_hot
from ml.core.cards import collection
from ml.simulation.bubbles import MARKS, draw_bubble, draw_bubbles
from ml.simulation.conditions import ANOTHER_SCHOOL, CELL

MEANINGS = {
    "mark": ("filled", "cross", "tick", "circle"),
    "empty": ("empty",),
    "withdrawn": ("cancelled", "scribbled"),
}

CAIRO = {"marks/cairo/symbols/correct": "tick", "marks/cairo/symbols/empty": "empty"}
DATA = [SIMULATION, collection("cells photographed in Cairo (ticks, empty)", "MIT", "test only")]


def source(data_folder: Path) -> DataSource:
    """Marks are learned from drawn cells alone: no data folder is needed, but photographs in it are a further test."""
    return DataSource(
        draw=draw_bubbles, draw_held_out=draw_bubbles, named_sets=partial(named_sets, data_folder), data=DATA
    )


def named_sets(data_folder: Path) -> dict[str, Sample]:
    """Empty bubbles in great number, every kind of mark by itself, and photographs where the folder has some."""
    tests = {f"drawn at another school, only {mark}": _only(mark, 2000) for mark in MARKS if mark != "empty"}
    tests["drawn at another school, only empty"] = _only("empty", 12000)
    if (data_folder / "marks" / "cairo").is_dir():
        tests["ticks and empty cells photographed in Cairo"] = photographed_cells(data_folder)
    return tests


def photographed_cells(data_folder: Path) -> Sample:
    """Ticks and empty cells of a table, without any bubble, photographed in Cairo; used for tests only."""
    files = [
        (mark, file)
        for folder, mark in CAIRO.items()
        for file in sorted((data_folder / folder).glob("*.jpg"))
    ]
    return with_references(np.stack([_squared(file) for _, file in files])), one_hot(
        [mark for mark, _ in files], MARKS
    )


def _squared(file: Path) -> NDArray[np.uint8]:
    """The middle of a wide cell as 32 x 32, its paper made white."""
    grey = np.asarray(Image.open(file).convert("L"), np.float32)
    left = (grey.shape[1] - grey.shape[0]) // 2
    middle = np.ascontiguousarray(grey[:, left : left + grey.shape[0]]) * (245 / np.median(grey))
    return cv2.resize(np.clip(middle, 0, 255), (CELL, CELL), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _only(mark: str, count: int) -> Sample:
    random = Random(f"only {mark}")
    cells = np.stack([draw_bubble(mark, random, ANOTHER_SCHOOL) for _ in range(count)])
    return cells, one_hot([mark] * count, MARKS)


RECIPE = CellRecipe(
    kind="marks",
    classes=MARKS,
    meanings=MEANINGS,
    prior=(0.80, 0.12, 0.025, 0.025, 0.02, 0.007, 0.003),
    network=CellNetConfig(len(MARKS), stem=16, widths=(16, 32, 64), blocks=(0, 1, 1), inputs=2),
    source=source,
    cells=32_000,
    pool=160_000,
    epochs=30,
)
