"""The photographs that the generators learn from: CelebA (Liu et al., 2015), by its own halves."""

import io
import zipfile
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ml.core.arrays import Pictures
from ml.core.cards import collection
from ml.core.characters import DataMissing

SIDE = 64
TALL = 78  # of which the middle counts: CelebA's 178 x 218 pixels, with 64 for its width
LAST_OF_TRAINING = 162770  # by CelebA's own partition; what follows is for validation and test
FOLDER, ARCHIVE = "faces", "celeba64.zip"


SOURCE = collection(
    "CelebA, 30,000 of its faces at 64 x 64",
    "non-commercial research",
    "training; held-out faces by CelebA's own partition",
)


@dataclass(frozen=True)
class Photographs:
    training: Pictures
    held_out: Pictures


def load(data_folder: Path) -> Photographs:
    """Raises DataMissing where the archive is not there."""
    faces = numbered(data_folder)
    parts: tuple[list[Pictures], list[Pictures]] = [], []
    for number, face in faces.items():
        parts[number > LAST_OF_TRAINING].append(face)
    return Photographs(
        *(np.stack(part) if part else np.empty((0, SIDE, SIDE, 3), np.uint8) for part in parts)
    )


def numbered(data_folder: Path, wanted: Container[int] | None = None) -> dict[int, Pictures]:
    """All of them, or the wanted, by CelebA's numbers, ascending. Raises DataMissing."""
    path = Path(data_folder) / FOLDER / ARCHIVE
    if not path.exists():
        raise DataMissing(
            f"{path} is missing: a ZIP of CelebA's aligned faces, squashed to 64 x 64, called by their number "
            "(000001.jpg). CelebA is to be had at https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html."
        )
    with zipfile.ZipFile(path) as archive:
        names = {int(Path(name).stem): name for name in archive.namelist() if name.endswith(".jpg")}
        chosen = sorted(number for number in names if wanted is None or number in wanted)
        return {number: picture(archive.read(names[number])) for number in chosen}


def picture(content: bytes) -> Pictures:
    """In its true proportions again, of which the middle square is taken. (64, 64, 3)."""
    top = (TALL - SIDE) // 2
    with Image.open(io.BytesIO(content)) as squashed:
        tall = squashed.convert("RGB").resize((SIDE, TALL), Image.Resampling.LANCZOS)
    return np.asarray(tall.crop((0, top, SIDE, top + SIDE)))
