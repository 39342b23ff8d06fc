"""Pictures of all types to learn from and to measure on: drawn ones, photographs, and clip art."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.random import Generator
from PIL import Image

from ml.core.arrays import Picture
from ml.core.characters import DataMissing
from ml.core.evaluation import OpenPicture, open_test_picture
from ml.pictures.image_types.drawn import MAKERS
from ml.pictures.image_types.drawn.canvas import colour
from ml.pictures.image_types.reader import PHOTOGRAPH

EACH, HELD_OUT = 420, 140  # pictures of a type: to learn from, to calibrate on
PHOTOGRAPHS, CUTOUTS, DRAWINGS = "photographs", "cutouts", "drawings"
HELD_OUT_SHARE = 5  # one file in so many is kept apart
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
LONGEST = 1600


@dataclass(frozen=True)
class Sources:
    """Folders of photographs, of things cut out of photographs and of clip art (both with a transparent ground), and
    what opens their files."""

    folder: Path
    open_picture: OpenPicture

    def files(self, name: str, is_held_out: bool) -> list[Path]:
        """Raises DataMissing where there are none. Pictures of one folder of the folder are of one half: they may be
        the same in other sizes."""
        root = self.folder / name
        found = sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
        kept = [path for path in found if is_apart(path.relative_to(root)) == is_held_out]
        if not kept:
            raise DataMissing(f"{root} holds no pictures: {PHOTOGRAPHS}, {CUTOUTS}, {DRAWINGS} are needed.")
        return kept


def is_apart(path: Path) -> bool:
    group = str(path.parent) if len(path.parts) > 1 else path.name
    return crc32(group.encode()) % HELD_OUT_SHARE == 0


def pictures(sources: Sources, seed: int, is_held_out: bool) -> Iterator[tuple[str, Picture]]:
    """(type, picture), as many of each type."""
    count = HELD_OUT if is_held_out else EACH
    photographs, cutouts, drawings = (
        sources.files(name, is_held_out) for name in (PHOTOGRAPHS, CUTOUTS, DRAWINGS)
    )
    for place in range(count):
        rng = np.random.default_rng([seed, int(is_held_out), place])
        for has_thing in (False, True):
            picture = open_test_picture(pick(rng, photographs), sources.open_picture)
            part = photograph(picture, rng)
            yield PHOTOGRAPH, with_thing(part, pick(rng, cutouts), rng) if has_thing else part
        yield "drawing", clip_art(pick(rng, drawings), rng)
        for name, make in MAKERS.items():
            if name != "drawing" or place % 3 == 0:
                yield name, make(rng)


def pick(rng: Generator, files: list[Path]) -> Path:
    return files[int(rng.integers(len(files)))]


def photograph(picture: Picture, rng: Generator) -> Picture:
    """A part of one, mirrored and dimmed at random; seldom with a passport picture's margins."""
    height, width = picture.shape[:2]
    share = rng.uniform(0.35, 1)
    high, wide = int(height * share), int(min(width, height * rng.uniform(0.7, 1.7)) * share)
    top, left = int(rng.integers(height - high + 1)), int(rng.integers(width - wide + 1))
    part = picture[top : top + high, left : left + wide]
    part = part[:, ::-1] if rng.random() < 0.5 else part
    return np.clip(part * rng.uniform(0.6, 1.25), 0, 255).astype(np.uint8)


def with_thing(picture: Picture, cutout: Path, rng: Generator) -> Picture:
    """Something else in it, as large as what is photographed mostly is."""
    with Image.open(cutout) as file:
        thing = file.convert("RGBA")
    page = Image.fromarray(picture)
    side = round(min(page.size) * rng.uniform(0.5, 1.0))
    thing.thumbnail((side, side))
    thing = thing.resize([round(length * side / max(thing.size)) for length in thing.size])
    left, top = (
        int(rng.integers(0, max(1, one - other))) for one, other in zip(page.size, thing.size, strict=True)
    )
    page.paste(thing, (left, top), thing)
    return np.asarray(page).copy()


def clip_art(path: Path, rng: Generator) -> Picture:
    """On white, or on a colour."""
    with Image.open(path) as file:
        art = file.convert("RGBA")
    art.thumbnail((LONGEST, LONGEST))
    ground = (255, 255, 255) if rng.random() < 0.6 else colour(rng, 120)
    page = Image.new(
        "RGBA", (int(art.width * rng.uniform(1, 1.5)), int(art.height * rng.uniform(1, 1.5))), ground
    )
    page.alpha_composite(art, ((page.width - art.width) // 2, (page.height - art.height) // 2))
    return np.asarray(page.convert("RGB")).copy()
