"""Steps in w that change one thing in a face: found from labels of photographs, without a face being labelled by hand.

A linear reader learns each attribute from photographs' features, reads it off drawn faces whose w is known, and w is
regressed on all readings together. The step of an attribute is where w goes, on average, when that reading rises by
one standard deviation and the others nearly stay: with the covariance S of w and the readings' slopes B, close to
S B (B' S B)^-1. The normals that InterFaceGAN takes (Shen et al., 2020) are made independent of each other one by one;
this does it at once.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Pictures, rescale
from ml.core.characters import DataMissing
from ml.core.trainer import OnProgress
from ml.faces import data as photographs
from ml.faces.data import SIDE
from ml.faces.distances import Features
from ml.faces.drawing import FaceRequest, StyleDrawer
from ml.faces.evaluate import features_of
from ml.pictures.faces import FaceDetector, load_faces

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
DRAWN = 4_000
ENLARGED = 192  # side at which faces are found in them
RIDGE = 300.0  # of the readers; features have unit variance
RIDGE_OF_W = 30.0
SOFTENED = 0.3  # of what an edit explains of its own reading

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class LinearProbe:
    """A linear reading of features, (n, d) -> (n,)."""

    mean: Numbers
    spread: Numbers
    weights: Numbers  # (d + 1,)

    def read(self, features: Features) -> Numbers:
        scaled = (features - self.mean) / self.spread
        return np.asarray(scaled @ self.weights[:-1] + self.weights[-1])


def load_labels(data_folder: Path) -> dict[int, dict[str, float]]:
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


def reader(features: Features, targets: Numbers) -> LinearProbe:
    """By ridge regression."""
    mean, spread = features.mean(0, dtype=np.float64), features.std(0, dtype=np.float64) + 1e-6
    scaled = (features - mean) / spread
    weights = np.linalg.solve(
        scaled.T @ scaled + RIDGE * np.eye(scaled.shape[1]), scaled.T @ (targets - targets.mean())
    )
    return LinearProbe(mean, spread, np.append(weights, targets.mean()))


def agreement(probe: LinearProbe, features: Features, targets: Numbers) -> float:
    """Area under the ROC curve: how often a photograph that has it is read higher than one that has it not."""
    read = probe.read(features)
    has, lacks = read[targets > 0], read[targets < 0]
    return float((has[:, None] > lacks).mean() + 0.5 * (has[:, None] == lacks).mean())


def solve_steps(w: Features, readings: Numbers) -> NDArray[np.float32]:
    """w (n, latent) and standardised readings (n, edits) -> (edits, latent)."""
    centred = (w - w.mean(0)).astype(np.float64)
    covariance = centred.T @ centred / len(w)
    ridge = RIDGE_OF_W / len(w) * np.trace(covariance) / len(covariance) * np.eye(len(covariance))
    slopes = np.linalg.solve(covariance + ridge, centred.T @ readings / len(w))
    moved = covariance @ slopes
    return independent(slopes.T @ moved, moved.T).astype(np.float32)


def independent(together: Numbers, moved: Numbers) -> Numbers:
    """Of steps (edits, latent) that change each other's readings as `together` (edits, edits) says those that change
    their own by one and the others little. What hardly ever comes apart, as make-up and beards, stays together a bit:
    to part it wholly, a step would have to leave what the generator can draw."""
    softened = together + SOFTENED * np.diag(together).mean() * np.eye(len(together))
    effects = np.linalg.solve(softened, together)
    return np.asarray(np.linalg.solve(softened, moved) / np.diag(effects)[:, None])


def pose(faces: Pictures, finder: FaceDetector) -> Numbers:
    """How far the nose is right of the eyes' middle, in distances between the eyes; where no face is found, nan."""
    return np.array(
        [aside(finder.landmarks(rescale(face, ENLARGED / SIDE, cv2.INTER_CUBIC))) for face in faces]
    )


def aside(found: list[Numbers]) -> float:
    if not found:
        return float("nan")
    right, left, nose = found[0][:2].mean(0), found[0][2:4].mean(0), found[0][4]
    return float((nose - (right + left) / 2)[0] / np.linalg.norm(right - left))


@dataclass(frozen=True)
class Directions:
    """steps: (names, latent); agreements: of each edit's reader with so many photographs that it had not seen."""

    names: tuple[str, ...]
    steps: NDArray[np.float32]
    agreements: dict[str, float]
    photographs: int


def find_directions(drawer: StyleDrawer, data_folder: Path, on_progress: OnProgress) -> Directions:
    """Raises DataMissing, and what ml.pictures.faces.load_faces raises."""
    readers, agreements, count = trained_readers(data_folder, on_progress)
    seeds = range(DRAWN)
    faces = drawer.draw([FaceRequest(seed, truncation=1.0) for seed in seeds])
    w = np.stack([drawer.of_seed(seed, 1.0)[0].cpu().numpy() for seed in seeds])
    features = features_of(faces, on_progress, "drawn faces")
    on_progress("finding where they stand")
    turned = pose(faces, load_faces())
    is_found = np.isfinite(turned)
    readings = np.stack(
        [*(probe.read(features[is_found]) for probe in readers.values()), turned[is_found]], 1
    )
    standard = (readings - readings.mean(0)) / readings.std(0)
    return Directions((*readers, POSE), solve_steps(w[is_found], standard), agreements, count)


def trained_readers(
    data_folder: Path, on_progress: OnProgress
) -> tuple[dict[str, LinearProbe], dict[str, float], int]:
    """A reader for each edit by all labelled photographs; and how well one does that learned from four fifths."""
    marked = load_labels(data_folder)
    faces = photographs.numbered(data_folder, marked)
    numbers = np.array([number for number in sorted(marked) if number in faces])
    features = features_of([faces[number] for number in numbers], on_progress, "labelled photographs")
    part = len(numbers) * 4 // 5
    readers, agreements = {}, {}
    for edit in ATTRIBUTES:
        targets = np.array([marked[number][edit] for number in numbers])
        readers[edit] = reader(features, targets)
        agreements[edit] = agreement(reader(features[:part], targets[:part]), features[part:], targets[part:])
    return readers, agreements, len(numbers) - part
