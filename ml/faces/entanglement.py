"""What else changes where an edit changes a face, told by networks that had no part in finding the edits.

Readers of EfficientNet-Lite0's features judge steps that were found with Lite2's. Faces of the same seeds are drawn
with and without a step, to one side for every second of them, and all is counted in standard deviations of faces.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import dlib
import numpy as np
from numpy.typing import NDArray

from ml.core.arrays import Pictures
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.evaluation import Metric, metric_rows
from ml.core.trainer import OnProgress
from ml.faces import data as photographs
from ml.faces.colours import kept_colours
from ml.faces.directions import ATTRIBUTES, POSE, LinearProbe, landmarks_in, load_labels, pose, reader
from ml.faces.distances import Features, among
from ml.faces.drawing import FaceRequest, StyleDrawer, load_drawer
from ml.faces.evaluate import BATCH
from ml.pictures.backbone import Backbone, load_backbone
from ml.pictures.faces import load_faces

Numbers = NDArray[np.float64]

JUDGE = "lite0"
FIRST, FACES = 20_000, 48  # seeds; those of the directions are others
TRUNCATION, STEPS = 0.7, 1.5  # what an order and a word ask for
STEPS_OF = {"glasses": 2.0}
IDENTITY = (
    "face_recognition_models"  # a PyPI package with dlib's ResNet of 2017 that tells people apart (CC0)
)
CHIP = 150  # px that it looks at

MOST, RANGE_STEP = 3.0, 1.0
RANGE_FACES = 16
LEAST_FOUND = 0.85  # of the faces in which one is found without the edit; glasses hide eyes
LEAST_REAL = 0.5  # of those that lie among photographs without it


@dataclass(frozen=True)
class Judged:
    """Of n faces: readings (n, attributes and pose), colours (n, 6), features (n, d)."""

    readings: Numbers
    colours: Numbers
    features: Features


class Judge:
    """names: of the readings."""

    def __init__(self, data_folder: Path, on_progress: OnProgress) -> None:
        self.faces = load_faces()
        marked = load_labels(data_folder)
        pictures = photographs.numbered(data_folder, marked)
        on_progress("labelled photographs")
        self.photographs = features_of(np.stack(list(pictures.values())))
        self.readers: dict[str, LinearProbe] = {
            name: reader(self.photographs, np.array([marked[number][name] for number in pictures]))
            for name in ATTRIBUTES
        }
        self.names = (*self.readers, POSE)

    def judge(self, faces: Pictures) -> Judged:
        features = features_of(faces)
        readings = [probe.read(features) for probe in self.readers.values()]
        return Judged(np.column_stack([*readings, pose(faces, self.faces)]), kept_colours(faces), features)


@cache
def space() -> Backbone:
    return load_backbone(Card.load(WEIGHTS_FOLDER, JUDGE))


def features_of(faces: Pictures) -> Features:
    parts = [faces[first : first + BATCH] for first in range(0, len(faces), BATCH)]
    return np.concatenate(
        [space().features(np.stack([space().prepare(face) for face in part])) for part in parts]
    )


def edited(drawer: StyleDrawer, edit: str, steps: Sequence[float]) -> Pictures:
    """One face for each, of the seeds from FIRST on; 0 leaves it alone."""
    wanted = [
        FaceRequest(FIRST + place, TRUNCATION, {edit: step} if step else {})
        for place, step in enumerate(steps)
    ]
    return drawer.draw(wanted)


def measure(weights: Path, data_folder: Path, on_progress: OnProgress) -> list[Metric]:
    """Rows of each edit of the stylegan in that folder. Raises DataMissing, WeightsDamaged."""
    drawer = load_drawer(Card.load(weights, "stylegan"), weights)
    assert isinstance(drawer, StyleDrawer)
    judge = Judge(data_folder, on_progress)
    plain = edited(drawer, "", [0.0] * FACES)
    before, people = judge.judge(plain), embeddings(plain)
    spread = np.nanstd(before.readings, 0)
    rows: list[Metric] = []
    for edit in drawer.network.config.edits:
        on_progress(f"what {edit} changes")
        signs = np.where(np.arange(FACES) % 2, -1.0, 1.0)
        after = edited(drawer, edit, list(signs * STEPS_OF.get(edit, STEPS)))
        judged = judge.judge(after)
        moved = np.nanmean(signs[:, None] * (judged.readings - before.readings), 0) / spread
        figures = changes(moved, judge.names.index(edit))
        apart = np.linalg.norm((judged.colours - before.colours).reshape(FACES, 2, 3), axis=2).mean(0)
        figures |= {"skin colour, ΔE": apart[0], "background colour, ΔE": apart[1]}
        if people is not None:
            figures["distance from the same person"] = distance(people, embeddings(after))
        rows += rows_of(edit, figures)
    if people is not None:
        rows += rows_of("another seed", {"distance from the same person": distance(people, people[::-1])})
    return rows


def changes(moved: Numbers, own: int) -> dict[str, float]:
    """Of the means by which the readings moved, in standard deviations."""
    unwanted = np.delete(moved, own)
    usual = float(np.sqrt(np.square(unwanted).mean()))
    return {"wanted": moved[own], "unwanted": usual, "wanted to unwanted": moved[own] / usual}


def rows_of(edit: str, figures: dict[str, float]) -> list[Metric]:
    name = f"{edit}: {FACES} faces with and without"
    return [row | {"is_share": False} for row in metric_rows(name, {k: float(v) for k, v in figures.items()})]


# --- the same person


def embeddings(faces: Pictures) -> Numbers | None:
    """(n, 128), nan where no face is found; None where the package is not installed, which nothing else needs."""
    spec = find_spec(IDENTITY)
    if spec is None or not spec.origin:
        return None
    path = Path(spec.origin).parent / "models/dlib_face_recognition_resnet_model_v1.dat"
    network, finder = dlib.face_recognition_model_v1(str(path)), load_faces()
    return np.array(
        [embedding(network, enlarged, points) for enlarged, points in landmarks_in(faces, finder)]
    )


def embedding(network: "dlib.face_recognition_model_v1", face: Pictures, points: Numbers | None) -> Numbers:
    if points is None:
        return np.full(128, np.nan)
    box = dlib.rectangle(0, 0, face.shape[1], face.shape[0])
    parts = dlib.full_object_detection(box, [dlib.point(*map(round, point)) for point in points])
    return np.array(network.compute_face_descriptor(dlib.get_face_chip(face, parts, CHIP)))


def distance(people: Numbers, others: Numbers | None) -> float:
    """In the mean; of photographs of one person they are below 0.6."""
    assert others is not None
    return float(np.nanmean(np.linalg.norm(people - others, axis=1)))


# --- where faces break


def find_ranges(
    drawer: StyleDrawer, names: Sequence[str], judge: Judge, on_progress: OnProgress
) -> tuple[tuple[float, float], ...]:
    """Least and most steps of each edit: the last ones before fewer are faces, or look like photographs."""
    plain = soundness(edited(drawer, "", [0.0] * RANGE_FACES), judge)
    found = []
    for name in names:
        on_progress(f"how far {name} goes")
        ends = [max(sound_steps(drawer, name, sign, plain, judge), default=0.0) for sign in (-1, 1)]
        found.append((-ends[0], ends[1]))
    return tuple(found)


def sound_steps(
    drawer: StyleDrawer, name: str, sign: int, plain: tuple[float, float], judge: Judge
) -> Iterator[float]:
    """From the middle outwards, until the first that breaks faces."""
    for steps in np.arange(RANGE_STEP, MOST + RANGE_STEP / 2, RANGE_STEP):
        found, real = soundness(edited(drawer, name, [sign * float(steps)] * RANGE_FACES), judge)
        if found < LEAST_FOUND * plain[0] or real < LEAST_REAL * plain[1]:
            return
        yield float(steps)


def soundness(faces: Pictures, judge: Judge) -> tuple[float, float]:
    """The shares in which a face is found, and which lie among the labelled photographs."""
    found = np.isfinite(pose(faces, judge.faces)).mean()
    return float(found), among(features_of(faces), judge.photographs)
