"""How well a network names the pictures of a folder, and at which temperature its probabilities hold."""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from ml.core.arrays import Labels, Numbers, Picture
from ml.core.calibration import TEMPERATURES, expected_calibration_error, log_loss, reliability_bins, softmax
from ml.core.cards import Card
from ml.core.characters import DataDamaged, DataMissing
from ml.core.trainer import OnProgress
from ml.pictures.backbone import Backbone
from ml.pictures.words import load_words

OpenPicture = Callable[[bytes], Picture]  # raises ValueError with a sentence

NAMED = re.compile(r"(n\d{8})_.*\.\w+", re.ASCII)
WANTED = "pictures are called <wnid>_name.JPEG, as n01440764_tench.JPEG, in the folder or in folders in it."


@dataclass(frozen=True)
class PictureTestSet:
    """A test set. labels: (n,) places among the 1,000 classes."""

    __test__: ClassVar[bool] = False  # pytest takes it for none of its classes

    name: str
    md5: str
    paths: list[Path]
    labels: Labels


@dataclass(frozen=True)
class PicturePredictions:
    """logits (n, 1000), probabilities (n, 1000), and the seconds from the first file to the last answer."""

    labels: Labels
    logits: Numbers
    probabilities: Numbers
    seconds: float

    def figures(self) -> dict[str, float]:
        """top1, top5: shares of pictures whose class is the first, or among the first five; ece: expected calibration
        error in 15 bins (Guo et al., 2017, section 2)."""
        best = np.argsort(-self.probabilities, 1, kind="stable")
        is_right = best == self.labels[:, None]
        figures = {
            "top1": float(is_right[:, 0].mean()),
            "top5": float(is_right[:, :5].any(1).mean()),
            "ece": expected_calibration_error(self.probabilities, self.labels),
        }
        return {name: round(value, 6) for name, value in figures.items()}


def from_folder(folder: Path) -> PictureTestSet:
    """Every picture in the folder that has its class in its name. Raises DataMissing where there is none, DataDamaged
    where a class is none of the 1,000; each with a sentence."""
    paths = sorted(path for path in folder.rglob("*") if NAMED.fullmatch(path.name) and path.is_file())
    if not paths:
        raise DataMissing(f"{folder} holds no labelled pictures: {WANTED}")
    checksum = hashlib.md5()
    for path in paths:
        checksum.update(path.read_bytes())
    labels = np.array([class_index(path) for path in paths], np.int64)
    return PictureTestSet(f"{folder.resolve().name} ({len(paths)})", checksum.hexdigest(), paths, labels)


def class_index(path: Path) -> int:
    wnid = path.name.partition("_")[0]
    try:
        return load_words().classes.index(wnid)
    except ValueError as problem:
        raise DataDamaged(f"{path}: {wnid} is none of the 1,000 classes of ImageNet.") from problem


def predict(
    backbone: Backbone,
    test_set: PictureTestSet,
    open_picture: OpenPicture,
    on_progress: OnProgress = lambda name: None,
) -> PicturePredictions:
    """The network's answers to a test set, picture by picture, read as an upload would be."""
    started = time.monotonic()
    logits = np.empty((len(test_set.paths), len(backbone.card.classes)), np.float32)
    for number, path in enumerate(test_set.paths):
        on_progress(f"{number} of {test_set.name}")
        logits[number] = backbone.logits(backbone.prepare(open_test_picture(path, open_picture))[None])[0]
    seconds = time.monotonic() - started
    return PicturePredictions(test_set.labels, logits, backbone.probabilities(logits), seconds)


def open_test_picture(path: Path, open_picture: OpenPicture) -> Picture:
    try:
        return open_picture(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise DataDamaged(f"{path}: {problem}") from problem


def metric_rows(test_set: PictureTestSet, result: PicturePredictions) -> list[dict[str, Any]]:
    """As they stand on cards: [{set, md5, measure, value}]."""
    return [
        {"set": test_set.name, "md5": test_set.md5, "measure": name, "value": value}
        for name, value in result.figures().items()
    ]


def calibrate_backbone(backbone: Backbone, test_set: PictureTestSet, open_picture: OpenPicture) -> Card:
    """The card with the temperature of the least log loss on the test set (Guo et al., 2017), and its figures there."""
    result, weights = predict(backbone, test_set, open_picture), np.ones(len(test_set.labels))
    losses = [log_loss(softmax(result.logits, float(t)), result.labels, weights) for t in TEMPERATURES]
    temperature = round(float(TEMPERATURES[int(np.argmin(losses))]), 4)
    tempered = replace(result, probabilities=softmax(result.logits, temperature))
    return replace(
        backbone.card,
        temperature=temperature,
        metrics=metric_rows(test_set, tempered),
        reliability=reliability_bins(tempered.probabilities, tempered.labels),
    )
