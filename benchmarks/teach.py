"""Teaching a classifier: four things, twenty pictures each, from files to a version that answers.

    python benchmarks/teach.py [FOLDER] [--fine-tune] [--threads 2] [--many 10000]

FOLDER holds a folder of pictures for each class. Without it the pictures are those that scikit-image carries
(requirements-dev.txt): of each of four things twenty photographs, made by turning, cutting, lighting and compressing
its one anew, as someone would take them who walks around it. --many measures what learning alone takes, and in how much
memory, with features by chance of so many pictures in 60 classes.
"""

# ruff: noqa: E402 (the project is found from wherever this is called)

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.pictures.backbone import Backbone, load_backbone
from ml.pictures.similar import fingerprint
from ml.teaching import train
from ml.teaching.comparison import compare_features
from ml.teaching.export import export_onnx, packed
from ml.teaching.head_training import Examples, Progress, train_head
from ml.teaching.reader import load_taught
from uploads.pictures import open_rgb

EACH, CLASSES = 20, 60
THINGS = {
    "cat": "chelsea.png",
    "coffee": "coffee.png",
    "rocket": "rocket.jpg",
    "motorcycle": "motorcycle_left.png",
}
STRANGERS = ("astronaut.png", "coins.png", "hubble_deep_field.jpg", "retina.jpg", "page.png", "moon.png")
Labelled = list[tuple[str, bytes]]


def photographs() -> Iterator[tuple[str, bytes]]:
    for thing, name in THINGS.items():
        for number in range(EACH):
            yield thing, photograph(name, number)


def photograph(name: str, number: int) -> bytes:
    """Another one of the same thing: a part of a half to all of it, turned by up to 25°, in another light, as JPEG."""
    random = np.random.default_rng([number, *name.encode()])
    picture = carried(name).rotate(
        random.uniform(-25, 25), Image.Resampling.BICUBIC, fillcolor=(128, 128, 128)
    )
    share = random.uniform(0.7, 1.0)
    wide, high = (round(share * side) for side in picture.size)
    left, top = (
        int(random.uniform(0, side - part + 1)) for side, part in zip(picture.size, (wide, high), strict=True)
    )
    picture = picture.crop((left, top, left + wide, top + high))
    for kind in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        picture = kind(picture).enhance(random.uniform(0.6, 1.4))
    out = BytesIO()
    picture.save(out, "JPEG", quality=int(random.uniform(60, 92)))
    return out.getvalue()


def carried(name: str) -> Image.Image:
    package = find_spec("skimage")
    if package is None or not package.origin:
        raise SystemExit(
            "scikit-image is not installed: pip install -r requirements-dev.txt, or name a FOLDER."
        )
    return Image.open(Path(package.origin).parent / "data" / name).convert("RGB")


def in_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*/*")):
        yield path.parent.name, path.read_bytes()


class Clock:
    """Prints how long each step took, in seconds on the wall and of the processor."""

    def __init__(self) -> None:
        self.begun = time.perf_counter(), time.process_time()

    def __call__(self, step: str) -> None:
        wall, busy = time.perf_counter() - self.begun[0], time.process_time() - self.begun[1]
        print(f"  {step:<42} {wall:7.1f} s, of the processor {busy:7.1f} s")


def opened(pictures: Labelled) -> list[np.ndarray]:
    return [open_rgb(content, 1024) for _label, content in pictures]


def prepared(backbone: Backbone, pictures: list[np.ndarray]) -> np.ndarray:
    return np.stack([backbone.prepare(picture) for picture in pictures])


def features_of(backbone: Backbone, batch: np.ndarray) -> np.ndarray:
    return np.concatenate([backbone.features(batch[at : at + 16]) for at in range(0, len(batch), 16)])


def measure(pictures: Labelled, strangers: Labelled, wants_tuning: bool, home: Path) -> None:
    classes = sorted({label for label, _content in pictures})
    print(f"{len(pictures)} pictures of {len(classes)} classes")
    clock = Clock()
    backbone = load_backbone(Card.load(WEIGHTS_FOLDER, "lite2"), cache_folder=home)
    clock("network made ready, as once in a worker")
    decoded = opened(pictures)
    batch, prints = prepared(backbone, decoded), np.array([fingerprint(one) for one in decoded], np.uint64)
    features = features_of(backbone, batch).astype(np.float16)
    clock("decoded, and their features")
    labels = np.array([classes.index(label) for label, _content in pictures])
    found = compare_features(
        features, labels, prints, [sha256(content).hexdigest() for _label, content in pictures]
    )
    examples = Examples(features, labels, found.groups, classes)
    seconds = train.LONGEST if wants_tuning else 0
    outcome = train.teach(examples, backbone, lambda places: batch[places], home / "tuning", silent, seconds)
    clock("compared, learned and judged")
    content, card = packed(outcome, examples, kind="classifier-1", name="taught", backbone=backbone.card)
    (home / "taught.safetensors").write_bytes(content)
    (home / "taught.onnx").write_bytes(export_onnx(outcome, backbone, classes, home))
    clock("written as safetensors and ONNX, checked")
    told = outcome.taught.evaluation
    print(
        f"  held-out accuracy {told['accuracy']:.1%}, 95 % interval {told['interval']}, ECE {told['ece']:.3f}"
    )
    print(
        f"  certain {told['certain_share']:.1%} of held-out answers, of which right {told['certain_accuracy']}"
    )
    print(
        f"  fine-tuning: {outcome.verdict}; {len(found.near)} near-duplicates, {len(found.look_alikes)} look-alikes"
    )
    if strangers:
        batch = prepared(backbone, opened(strangers))
        said = load_taught(card, home).answers(batch, features_of(backbone, batch))
        sure = sum(answer.is_certain for answer in said)
        known = sum(answer.is_known for answer in said)
        print(
            f"  of {len(said)} pictures of other things: {known} taken for known, {sure} named with certainty"
        )


def learn_many(count: int) -> None:
    """Features of as many pictures as there may be, of which a tenth of each class looks like another."""
    random = np.random.default_rng(1)
    middles = random.gamma(1.0, 0.4, (CLASSES, 1280)).astype(np.float32)
    labels = np.arange(count) % CLASSES
    features = np.empty((count, 1280), np.float16)
    for place, label in enumerate(labels):
        features[place] = 0.5 * middles[label if place % 10 else label - 1] + random.gamma(1.0, 0.35, 1280)
    clock, names = Clock(), [f"class {label}" for label in range(CLASSES)]
    prints = random.integers(0, 2**63, count).astype(np.uint64)
    found = compare_features(features, labels, prints, [str(place) for place in range(count)])
    clock(f"{count} pictures of {CLASSES} classes compared")
    told = train_head(Examples(features, labels, found.groups, names), silent).evaluation
    clock("learned and judged")
    print(f"  held-out accuracy {told['accuracy']:.1%} of at most 90 %")
    print(f"  memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def silent(report: Progress) -> None:
    """Nobody watches."""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--fine-tune", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--many", type=int, default=0)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    if asked.many:
        return learn_many(asked.many)
    pictures = list(in_folder(asked.folder) if asked.folder else photographs())
    strangers = (
        []
        if asked.folder
        else [(name, photograph(name, number)) for name in STRANGERS for number in range(5)]
    )
    with tempfile.TemporaryDirectory() as home:
        return measure(pictures, strangers, asked.fine_tune, Path(home))


if __name__ == "__main__":
    main()
