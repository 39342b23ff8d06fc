"""Steps in w that change one thing in a face: found from labels of photographs, without a face being labelled by hand.

A linear reader learns each attribute from photographs' features and reads it off drawn faces whose w is known, and w is
regressed on all readings together. The step of an attribute is where w goes, on average, when that reading rises by
one standard deviation and the others nearly stay: with the covariance S of w and the readings' slopes B, close to
S B (B' S B)^-1. The normals that InterFaceGAN takes (Shen et al., 2020) are made independent of each other one by one;
this does it at once. What no edit may change is read as well: the colours of skin and background.

Coarse, middle and fine layers are given ws of their own (style mixing), so that the regression finds where an attribute
lives: a smile in layers that paint no background. Glasses, which mixed faces hardly wear, are found in whole ones, and
parted from the rest in `ml.faces.untangling`.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ml.core.arrays import Pictures, rescale
from ml.core.characters import DataMissing
from ml.core.trainer import OnProgress
from ml.faces import data as photographs
from ml.faces.colours import kept_colours
from ml.faces.data import SIDE
from ml.faces.distances import Features
from ml.faces.drawing import StyleDrawer, to_pictures
from ml.faces.evaluate import features_of
from ml.faces.untangling import Ruler, parted
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
RARE = ("glasses",)  # two in a thousand mixed faces wear any: found in whole ones, which are not truncated
DRAWN = 8_000
DRAWN_WHOLE = 4_000
TRUNCATION = 0.85  # mixed faces are odder than others, and most people order them at 0.7
GROUPS = (3, 2, 5)  # layers that share a w: up to 8 x 8, 16 x 16, larger
BATCH = 16
ENLARGED = 192  # side at which faces are found in them
RIDGE = 300.0  # of the readers; features have unit variance
RIDGE_OF_W = 0.04  # for each number in w
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
    ridge = RIDGE_OF_W / len(w) * np.trace(covariance) * np.eye(len(covariance))
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
    return np.array([aside(points) for _face, points in landmarks_in(faces, finder)])


def landmarks_in(faces: Pictures, finder: FaceDetector) -> Iterator[tuple[Pictures, Numbers | None]]:
    """Each face enlarged, and the five points of the surest face in it."""
    for face in faces:
        enlarged = rescale(face, ENLARGED / SIDE, cv2.INTER_CUBIC)
        yield enlarged, next(iter(finder.landmarks(enlarged)), None)


def aside(points: Numbers | None) -> float:
    if points is None:
        return float("nan")
    right, left, nose = points[:2].mean(0), points[2:4].mean(0), points[4]
    return float((nose - (right + left) / 2)[0] / np.linalg.norm(right - left))


@dataclass(frozen=True)
class Directions:
    """steps: (names, layers, latent); agreements: of each edit's reader with so many photographs that it had not
    seen."""

    names: tuple[str, ...]
    steps: NDArray[np.float32]
    agreements: dict[str, float]
    photographs: int


def find_directions(drawer: StyleDrawer, data_folder: Path, on_progress: OnProgress) -> Directions:
    """Raises DataMissing, and what ml.pictures.faces.load_faces raises."""
    readers, agreements, count = trained_readers(data_folder, on_progress)
    finder = load_faces()

    def read(faces: Pictures) -> Numbers:
        features = features_of(faces, on_progress, "drawn faces")
        readings = [probe.read(features) for probe in readers.values()]
        return np.column_stack([*readings, pose(faces, finder), kept_colours(faces)])

    names = (*readers, POSE)
    steps = found_steps(drawer, read, groups=len(GROUPS), count=DRAWN, truncation=TRUNCATION)
    whole = found_steps(drawer, read, groups=1, count=DRAWN_WHOLE, truncation=1.0)
    rare = [names.index(name) for name in RARE]
    steps[rare] = whole[rare]
    on_progress("measuring what the steps do")
    steps[rare] = parted(Ruler(drawer, read).effects(steps), steps)[rare]
    return Directions(names, steps[: len(names)].astype(np.float32), agreements, count)


def found_steps(
    drawer: StyleDrawer, read: Callable[[Pictures], Numbers], groups: int, count: int, truncation: float
) -> Numbers:
    """(readings, layers, latent)."""
    sizes = GROUPS if groups > 1 else (sum(GROUPS),)
    mixed = list(mixed_faces(drawer, sizes, count, truncation))
    w, faces = (np.concatenate(part) for part in zip(*mixed, strict=True))
    readings = read(faces)
    is_read = np.isfinite(readings).all(1)
    flat, readings = w[is_read].reshape(int(is_read.sum()), -1), readings[is_read]
    standard = (readings - readings.mean(0)) / readings.std(0)
    steps = solve_steps(flat, standard).reshape(readings.shape[1], groups, -1)
    return np.repeat(steps, sizes, axis=1).astype(np.float64)


def mixed_faces(
    drawer: StyleDrawer, sizes: Sequence[int], count: int, truncation: float
) -> Iterator[tuple[Features, Pictures]]:
    """The ws of the groups (n, groups, latent) and the faces that they draw, batch by batch. sizes: layers of each."""
    for first in range(0, count, BATCH):
        seeds = range(first, min(first + BATCH, count))
        w = torch.stack(
            [torch.stack([w_of(drawer, seed, at, truncation) for at in range(len(sizes))]) for seed in seeds]
        )
        with torch.inference_mode():
            drawn = drawer.of_styles(w.repeat_interleave(torch.tensor(sizes), 1), seeds)
        yield w.cpu().numpy(), to_pictures(drawn)


def w_of(drawer: StyleDrawer, seed: int, group: int, truncation: float) -> Tensor:
    """Seeds of the groups lie far apart."""
    return drawer.of_seed((group + 1) * 10_000_000 + seed, truncation)[0]


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
