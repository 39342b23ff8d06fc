"""Test sets, and a network's figures on them as cards hold them."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from ml.core.arrays import Labels, Picture
from ml.core.characters import DataDamaged

OpenPicture = Callable[[bytes], Picture]  # raises ValueError with a sentence
Metric = dict[str, Any]  # set, measure and value; where it is known the set's md5


@dataclass(frozen=True)
class TestSet:
    """pictures: read once, so that they need not all be open at a time; labels: (n,) places among the classes."""

    __test__: ClassVar[bool] = False  # pytest takes it for none of its classes

    name: str
    md5: str
    pictures: Iterable[Picture]
    labels: Labels

    @classmethod
    def of_files(cls, folder: Path, paths: list[Path], labels: list[int], open_picture: OpenPicture) -> Self:
        """Each is read when it is its turn, and raises DataDamaged where it is no picture."""
        checksum = hashlib.md5()
        for path in paths:
            checksum.update(path.read_bytes())
        pictures = (open_test_picture(path, open_picture) for path in paths)
        name = f"{folder.resolve().name} ({len(paths)})"
        return cls(name, checksum.hexdigest(), pictures, np.array(labels, np.int64))

    def metric_rows(self, figures: Mapping[str, float]) -> list[Metric]:
        return metric_rows(self.name, figures, md5=self.md5)


def open_test_picture(path: Path, open_picture: OpenPicture) -> Picture:
    try:
        return open_picture(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise DataDamaged(f"{path}: {problem}") from problem


def metric_rows(test_set: str, figures: Mapping[str, float], **about: str) -> list[Metric]:
    """A row for each figure. about: what else is known of the set, as its md5."""
    return [
        {"set": test_set, **about, "measure": measure, "value": round(value, 6)}
        for measure, value in figures.items()
    ]
