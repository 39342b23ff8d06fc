"""Learns the scripts of lines: multinomial logistic regression on what the reader of Latin letters sees in each."""

import hashlib
from itertools import chain
from pathlib import Path

import numpy as np

from ml.core.arrays import Labels, Numbers
from ml.core.calibration import best_temperature, softmax
from ml.core.cards import Card, collection
from ml.core.characters import DataMissing
from ml.core.engine import onnx_session
from ml.core.evaluation import Metric, metric_rows
from ml.core.parts import packaged_file
from ml.core.trainer import OnProgress, Report, Watch
from ml.pictures.linear import fit, save_linear
from ml.pictures.scripts.data import EACH, false_lines, strips
from ml.pictures.scripts.names import CLASSES
from ml.pictures.scripts.reader import NAME, SURE, Scripts, load_scripts
from ml.pictures.text import load_latin
from packaged.networks import LATIN, TEXT_DETECTOR

HELD_OUT = 150  # lines of a script, in fonts that nothing was learned from
MEASURED = 2  # the seed of lines to measure on
DATA = [
    collection(
        "lines drawn by ml.pictures.scripts in fonts of Debian",
        "OFL, GPL with font exception, Apache-2.0 and other free ones",
        "training; calibration in fonts that were kept apart",
    ),
    collection(
        "what looks like lines in the pictures that the types of images were learned from",
        "CC BY-SA, CC0, LGPL, GPL, public domain",
        "training; one folder in five calibration",
    ),
]


def train(data: Path, out: Path, seed: int, cache: Path, watch: Watch) -> Card:
    """data: `fonts`, in a folder for each package of Debian, and the folders of the types of images. Raises
    DataMissing; PartMissing without the reader."""
    learned, labels = features_of(data, seed, EACH, False, cache, watch)
    held, held_labels = features_of(data, seed, HELD_OUT, True, cache, watch)
    return learn(learned, labels, held, held_labels, out, seed)


def learn(learned: Numbers, labels: Labels, held: Numbers, held_labels: Labels, out: Path, seed: int) -> Card:
    weight, bias = fit(learned, labels, len(CLASSES))
    is_half = np.random.default_rng(seed).random(len(held)) < 0.5  # to calibrate on; the other to measure on
    temperature = best_temperature(held[is_half] @ weight + bias, held_labels[is_half])
    scale = np.float32(1 / temperature)
    return save_linear(
        out,
        NAME,
        {"weight": weight, "bias": bias},
        temperature=temperature,
        config={"network": hashlib.sha256(packaged_file(LATIN).read_bytes()).hexdigest()},
        preprocessing={"input": "mean and maximum of the 120 features along a line"},
        classes=CLASSES,
        certain=SURE,
        data=DATA,
        seed=seed,
        metrics=figures(Scripts(weight * scale, bias * scale), held[~is_half], held_labels[~is_half]),
    )


def measure(data: Path, cache: Path, on_progress: OnProgress) -> list[Metric]:
    """Of the weights that are shipped, on lines of another seed in the fonts that were kept apart."""
    scripts = load_scripts(packaged_file(LATIN))
    if scripts is None:
        raise DataMissing("Nothing was learned for the reader that is installed.")
    on_progress(NAME)
    features, labels = features_of(data, MEASURED, HELD_OUT, True, cache, lambda report: None)
    return figures(scripts, features, labels)


def features_of(
    data: Path, seed: int, each: int, is_held_out: bool, cache: Path, watch: Watch
) -> tuple[Numbers, Labels]:
    latin, detector = load_latin(cache), onnx_session(packaged_file(TEXT_DETECTOR))
    found: list[Numbers] = []
    labels = []
    lines = chain(strips(data, seed, each, is_held_out), false_lines(data, is_held_out, detector))
    for place, (name, strip) in enumerate(lines):
        watch(Report(min(place / (each * len(CLASSES)), 0.99), f"{place} lines", seed=1, epochs=1, curves=[]))
        labels.append(CLASSES.index(name))
        found.append(latin.read(strip).features)
    return np.stack(found), np.array(labels)


def figures(scripts: Scripts, features: Numbers, labels: Labels) -> list[Metric]:
    """Of each class the share that is called so; of what is read, the share that would be lost to another script."""
    probabilities = softmax(features @ scripts.weight + scripts.bias, 1.0)
    said, sure = probabilities.argmax(1), probabilities.max(1) >= SURE
    rows: list[Metric] = []
    for label, name in enumerate(CLASSES):
        own = labels == label
        is_right = said[own] == label
        shares = {"called so": is_right.mean(), "surely called so": (sure[own] & is_right).mean()}
        shares["surely called something else"] = (sure[own] & ~is_right).mean()
        named = f"{name}: {own.sum()} lines in fonts and pictures that were kept apart"
        rows += metric_rows(named, {measure: float(share) for measure, share in shares.items()})
    return rows
