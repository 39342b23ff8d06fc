"""How well a network names the pictures of a folder, and at which temperature its probabilities hold."""

import re
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ml.core.arrays import Labels, Numbers
from ml.core.calibration import best_temperature, expected_calibration_error, reliability_bins, softmax
from ml.core.cards import Card
from ml.core.characters import DataDamaged, DataMissing
from ml.core.evaluation import OpenPicture, TestSet
from ml.core.trainer import OnProgress
from ml.pictures.backbone import Backbone
from ml.pictures.words import load_words

NAMED = re.compile(r"(n\d{8})_.*\.\w+", re.ASCII)
WANTED = "pictures are called <wnid>_name.JPEG, as n01440764_tench.JPEG, in the folder or in folders in it."


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
        return {
            "top1": float(is_right[:, 0].mean()),
            "top5": float(is_right[:, :5].any(1).mean()),
            "ece": expected_calibration_error(self.probabilities, self.labels),
        }


def from_folder(folder: Path, open_picture: OpenPicture) -> TestSet:
    """Every picture in the folder that has its class in its name. Raises DataMissing where there is none, DataDamaged
    where a class is none of the 1,000; each with a sentence."""
    paths = sorted(path for path in folder.rglob("*") if NAMED.fullmatch(path.name) and path.is_file())
    if not paths:
        raise DataMissing(f"{folder} holds no labelled pictures: {WANTED}")
    return TestSet.of_files(folder, paths, [class_index(path) for path in paths], open_picture)


def class_index(path: Path) -> int:
    wnid = path.name.partition("_")[0]
    try:
        return load_words().classes.index(wnid)
    except ValueError as problem:
        raise DataDamaged(f"{path}: {wnid} is none of the 1,000 classes of ImageNet.") from problem


def predict(
    backbone: Backbone, test_set: TestSet, on_progress: OnProgress = lambda name: None
) -> PicturePredictions:
    """The network's answers to a test set, picture by picture, read as an upload would be."""
    started = time.monotonic()
    logits = np.empty((len(test_set.labels), len(backbone.card.classes)), np.float32)
    for number, picture in enumerate(test_set.pictures):
        on_progress(f"{number} of {test_set.name}")
        logits[number] = backbone.logits(backbone.prepare(picture)[None])[0]
    seconds = time.monotonic() - started
    return PicturePredictions(test_set.labels, logits, backbone.probabilities(logits), seconds)


def calibrate_backbone(backbone: Backbone, test_set: TestSet) -> Card:
    """The card with the temperature of the least log loss on the test set (Guo et al., 2017), and its figures there."""
    result = predict(backbone, test_set)
    temperature = round(best_temperature(result.logits, result.labels), 4)
    tempered = replace(result, probabilities=softmax(result.logits, temperature))
    return replace(
        backbone.card,
        temperature=temperature,
        metrics=test_set.metric_rows(tempered.figures()),
        reliability=reliability_bins(tempered.probabilities, tempered.labels),
    )
