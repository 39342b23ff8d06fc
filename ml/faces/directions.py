"""Steps in w that change one thing in a face: found from labels of photographs, without a face being labelled by hand.

A linear reader learns each attribute from photographs' features, reads it off drawn faces whose w is known, and w is
regressed on all readings together. The step of an attribute is where w goes, on average, when that reading rises by
one standard deviation and the others stay: with the covariance S of w and the readings' slopes B, S B (B' S B)^-1. The
normals that InterFaceGAN takes (Shen et al., 2020) are made independent of each other one by one; this does it at once.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.faces.distances import Features
from ml.faces.drawing import StyleDrawer, Wish
from ml.glyphs import DataMissing

LABELS = "faces/celeba64_attr40_subset.csv"
ATTRIBUTES = {  # what an edit adds, by CelebA's attributes
    "smile": {"smiling": 1.0},
    "glasses": {"eyeglasses": 1.0},
    "age": {"young": -1.0},
    "gender": {"male": 1.0},
    "beard": {"no_beard": -1.0},
    "bangs": {"bangs": 1.0},
    "blond": {"blond_hair": 1.0, "black_hair": -1.0},
    "curls": {"wavy_hair": 1.0, "straight_hair": -1.0},
    "makeup": {"heavy_makeup": 1.0},
}
POSE = "pose"  # is measured: how far the nose is right of the eyes' middle
DRAWN = 6_000
RIDGE = 300.0  # of the readers; features have unit variance
RIDGE_OF_W = 30.0

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Reader:
    """A linear reading of features, (n, d) -> (n,)."""

    mean: Numbers
    spread: Numbers
    weights: Numbers  # (d + 1,)

    def read(self, features: Features) -> Numbers:
        scaled = (features - self.mean) / self.spread
        return np.asarray(scaled @ self.weights[:-1] + self.weights[-1])


def labels(data_folder: Path) -> dict[int, dict[str, float]]:
    """Number of the photograph -> edit -> -1, 0 or 1. Raises DataMissing."""
    path = Path(data_folder) / LABELS
    if not path.exists():
        raise DataMissing(f"{path} is missing: CelebA's 40 attributes, one row for each photograph.")
    with path.open(encoding="utf-8", newline="") as file:
        return {int(Path(row["file"]).stem): meant(row) for row in csv.DictReader(file)}


def meant(row: dict[str, str]) -> dict[str, float]:
    """By the attributes that are there; 1 and -1 are the ends, where one attribute says nothing that is -1."""
    found = {}
    for edit, attributes in ATTRIBUTES.items():
        value = sum(sign * float(row[name]) for name, sign in attributes.items())
        found[edit] = value if len(attributes) > 1 else 2 * value - np.sign(sum(attributes.values()))
    return found


def reader(features: Features, targets: Numbers) -> Reader:
    """By ridge regression."""
    mean, spread = features.mean(0, dtype=np.float64), features.std(0, dtype=np.float64) + 1e-6
    scaled = (features - mean) / spread
    weights = np.linalg.solve(
        scaled.T @ scaled + RIDGE * np.eye(scaled.shape[1]), scaled.T @ (targets - targets.mean())
    )
    return Reader(mean, spread, np.append(weights, targets.mean()))


def agreement(one: Reader, features: Features, targets: Numbers) -> float:
    """Area under the ROC curve: how often a photograph that has it is read higher than one that has it not."""
    read = one.read(features)
    has, lacks = read[targets > 0], read[targets < 0]
    return float((has[:, None] > lacks).mean() + 0.5 * (has[:, None] == lacks).mean())


def steps(w: Features, readings: Numbers) -> NDArray[np.float32]:
    """w (n, latent) and standardised readings (n, edits) -> (edits, latent)."""
    centred = (w - w.mean(0)).astype(np.float64)
    covariance = centred.T @ centred / len(w)
    ridge = RIDGE_OF_W / len(w) * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    slopes = np.linalg.solve(covariance + ridge, centred.T @ readings / len(w))
    moved = covariance @ slopes
    return np.linalg.solve(slopes.T @ moved, moved.T).astype(np.float32)


def standardised(readings: Numbers) -> Numbers:
    return np.asarray((readings - readings.mean(0)) / readings.std(0))


def wishes() -> list[Wish]:
    return [Wish(seed, truncation=1.0) for seed in range(DRAWN)]


def latents(drawer: StyleDrawer) -> Features:
    """w of the wishes, (DRAWN, latent)."""
    return np.stack([drawer.of_seed(wish.seed, 1.0)[0].cpu().numpy() for wish in wishes()])
