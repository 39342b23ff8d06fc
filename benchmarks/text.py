"""Reading text in pictures: how many characters are right, what is made up, how long it takes and in how much memory.

    python benchmarks/text.py [--font FILE[,INDEX] ...] [--pictures N]

Printed pages in Korean and English, straight, tilted, small, in colours and as phones see them, of the project's own
font or of others; signs in photographs, and photographs without any (scikit-image's, requirements-dev.txt). One thread.
"""

# ruff: noqa: E402 (the project is found from wherever this is called)

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import chain, islice
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from PIL import Image

from benchmarks.printed import (
    FONT,
    TEXTS,
    X_HEIGHT,
    Font,
    compressed,
    on_sign,
    page,
    photographed,
    right_share,
    tilted,
)
from benchmarks.processes import resident
from ml.core.arrays import Picture
from ml.pictures.text import TextReader, load_text

Case = tuple[str, Picture, str]
SMALL = round(10 / X_HEIGHT)  # px, of a font whose small letters are 10 px high
SIGNS = ("눈빛서점 OPEN", "출입 금지", "Fire Exit", "주차장 Parking 24h")
GROUNDS = ("coffee.png", "rocket.jpg", "chelsea.png", "brick.png")
WITHOUT = ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "coins.png", "camera.png", "brick.png")
WITHOUT += ("grass.png", "gravel.png", "horse.png", "hubble_deep_field.jpg", "retina.jpg", "moon.png")


def cases(font: Font) -> Iterator[Case]:
    for name, paragraphs in TEXTS.items():
        straight = page(paragraphs, font)
        yield "straight, 1000 px", straight.picture, straight.text
        yield "tilted by 4°", tilted(straight.picture, 4), straight.text
        yield "tilted by -4°, JPEG", compressed(tilted(straight.picture, -4)), straight.text
        yield "upside down", np.ascontiguousarray(straight.picture[::-1, ::-1]), straight.text
        yield "on its side", np.ascontiguousarray(np.rot90(straight.picture)), straight.text
        large = page(paragraphs, font, 2400, 64)
        yield "as a phone sees it, 3000 px", photographed(large.picture, len(name)), large.text
        yield "as a phone sees it, 1600 px", photographed(large.picture, 9 + len(name), 1600), large.text
        yield "2400 px", large.picture, large.text
        small = page(paragraphs, font, 640, SMALL)
        yield "x-height 10 px, 640 px", small.picture, small.text
        yield "x-height 10 px, tilted, JPEG", compressed(tilted(small.picture, 4)), small.text
        wide = page(paragraphs, font, 1500, SMALL)
        yield "x-height 10 px, 1500 px", wide.picture, wide.text
        dark = page(paragraphs, font, 800, 26, (235, 235, 225), (25, 30, 50))
        yield "light on dark", dark.picture, dark.text
        coloured = page(paragraphs, font, 800, 26, (150, 20, 30), (250, 215, 120))
        yield "coloured", coloured.picture, coloured.text


def signs(font: Font) -> Iterator[Case]:
    for text, ground in zip(SIGNS, GROUNDS, strict=True):
        yield "sign in a photograph", on_sign(carried(ground), text, font), text


def carried(name: str) -> Picture:
    package = find_spec("skimage")
    if package is None or not package.origin:
        raise SystemExit("scikit-image is not installed: pip install -r requirements-dev.txt")
    return np.asarray(Image.open(Path(package.origin).parent / "data" / name).convert("RGB"))


def measure(reader: TextReader, fonts: list[Font], count: int | None) -> None:
    shares: dict[str, list[float]] = {}
    seconds: dict[str, list[float]] = {}
    for font in fonts:
        for name, picture, text in islice(chain(cases(font), signs(font)), count):
            read, taken = timed(reader, picture)
            share = right_share(text, read)
            shares.setdefault(name, []).append(share)
            seconds.setdefault(name, []).append(taken)
            if share < 0.97:
                print(f"{share:.3f} {font} {name}\n  {text}\n  {read}")
    print(f"{'':<30}{'pictures':>9}{'right':>9}{'worst':>9}{'seconds':>9}")
    for name, some in shares.items():
        print(f"{name:<30}{len(some):>9}{np.mean(some):>9.2%}{min(some):>9.2%}{np.mean(seconds[name]):>9.2f}")


def make_up(reader: TextReader) -> None:
    print("\nphotographs without text, or with little")
    for name in WITHOUT:
        picture = carried(name)
        read, taken = timed(reader, picture)
        print(f"  {name:<22} {picture.shape[1]:>5} x {picture.shape[0]:<5}{taken:6.2f} s  {read}")


def timed(reader: TextReader, picture: Picture) -> tuple[str, float]:
    begun = time.thread_time()
    lines = reader.read(picture)
    return " ".join(line["text"] for line in lines), time.thread_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--font", nargs="*", type=font_of, default=[FONT])
    parser.add_argument("--pictures", type=int, help="of each font, no more than this")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = resident(os.getpid())
        reader = load_text(Path(folder))
        loaded = resident(os.getpid())
        measure(reader, asked.font, asked.pictures)
        make_up(reader)
    after = resident(os.getpid())
    print(f"\nmemory: {loaded - before:.0f} MB when it is loaded, {after - before:.0f} MB after all this")


def font_of(text: str) -> Font:
    path, _, index = text.partition(",")
    return Font(Path(path), int(index or 0))


if __name__ == "__main__":
    main()
