"""How good the generators are: 10,000 faces of each beside photographs that none has learned from.

All is measured in a named space, the pooled features of EfficientNet-Lite2: its Fréchet distance is no FID, whose
features are Inception's, and must not be compared with one.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from ml.core.arrays import Pictures
from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.evaluation import Metric, metric_rows
from ml.core.trainer import OnProgress
from ml.faces import data as photographs
from ml.faces import distances
from ml.faces.distances import Features
from ml.faces.drawing import FaceRequest, load_drawer, to_pictures
from ml.faces.recipes import generator
from ml.pictures.backbone import Backbone, load_backbone

SAMPLES = 10_000
SPACE = "EfficientNet-Lite2's features"
BATCH = 16
CLOSEST = 16
OUTSIDE = "gan_face_generate"  # a PyPI package with a DCGAN of its own, learned from drawn faces


@dataclass(frozen=True)
class PhotographFeatures:
    """Features of photographs. md5: of the archive they come from."""

    training: Features
    held_out: Features
    md5: str


def measure(names: list[str], data_folder: Path, weights: Path, on_progress: OnProgress) -> list[Metric]:
    """Rows of each generator, and of the outside one where its package is installed. Raises DataMissing."""
    photographed = photograph_features(data_folder, on_progress)
    rows: list[Metric] = []
    for name in names:
        rows += feature_metrics(name, features_of(drawn_by(name, weights), on_progress, name), photographed)
    outside = outsider() if len(names) > 1 else None
    return rows + (
        feature_metrics(OUTSIDE, features_of(outside, on_progress, OUTSIDE), photographed) if outside else []
    )


def photograph_features(data_folder: Path, on_progress: OnProgress) -> PhotographFeatures:
    faces = photographs.load(data_folder)
    archive = (Path(data_folder) / photographs.FOLDER / photographs.ARCHIVE).read_bytes()
    return PhotographFeatures(
        features_of(faces.training, on_progress, "photographs learned from"),
        features_of(faces.held_out, on_progress, "held-out photographs"),
        hashlib.md5(archive, usedforsecurity=False).hexdigest(),
    )


@cache
def space() -> Backbone:
    """The network whose features are compared, loaded once for all the sets."""
    return load_backbone(Card.load(WEIGHTS_FOLDER, "lite2"))


def features_of(pictures: Iterable[Pictures], on_progress: OnProgress, name: str) -> Features:
    """(n, 1280)."""
    found: list[Features] = []
    prepared = (space().prepare(picture) for picture in pictures)
    while batch := list(islice(prepared, BATCH)):
        found.append(space().features(np.stack(batch)))
        on_progress(f"{name}: {len(found) * BATCH}")
    return np.concatenate(found)


def drawn_by(name: str, weights: Path) -> Iterator[Pictures]:
    """Of the seeds 0 to 9,999, not truncated."""
    drawer = load_drawer(Card.load(weights, name), weights)
    for first in range(0, SAMPLES, BATCH):
        yield from drawer.draw([FaceRequest(seed, truncation=1.0) for seed in range(first, first + BATCH)])


def outsider() -> Iterator[Pictures] | None:
    """The same network as our DCGAN but for the last layer's bias."""
    spec = find_spec(OUTSIDE)
    if spec is None or not spec.origin:
        return None
    content = (Path(spec.origin).parent / "weights.tar").read_bytes()
    tensors = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)["netG_state_dict"]
    network = generator("dcgan")
    network.load_state_dict(
        {"layers.12.bias": torch.zeros(3)}
        | {name.replace("main", "layers"): t for name, t in tensors.items()}
    )
    return drawn_with(network.eval())


def drawn_with(network: torch.nn.Module) -> Iterator[Pictures]:
    torch.manual_seed(1)
    for _ in range(0, SAMPLES, BATCH):
        with torch.inference_mode():
            yield from to_pictures(network(torch.randn(BATCH, 100)))


def feature_metrics(name: str, drawn: Features, photographed: PhotographFeatures) -> list[Metric]:
    """Precision and recall of as many faces as there are held-out photographs."""
    count = min(len(drawn), len(photographed.held_out))
    precision, recall = distances.precision_recall(drawn[:count], photographed.held_out[:count])
    closest = np.sort(distances.nearest(drawn, photographed.training)[:, 0])[:CLOSEST]
    usual = np.sort(distances.nearest(photographed.held_out, photographed.training)[:, 0])[:CLOSEST]
    figures = {
        f"Fréchet distance of {SPACE}": distances.frechet(drawn, photographed.held_out),
        f"kernel distance (KID) of {SPACE}": distances.kernel_distance(drawn, photographed.held_out),
        f"precision by {SPACE}": precision,
        f"recall by {SPACE}": recall,
        f"{CLOSEST} faces closest to one learned from, least distance": float(closest[0]),
        f"{CLOSEST} faces closest to one learned from, mean distance": float(closest.mean()),
        f"the same of {CLOSEST} held-out photographs, mean distance": float(usual.mean()),
    }
    shares = ("precision", "recall")
    name = f"{name}: {len(drawn):,} faces beside {len(photographed.held_out):,} held-out photographs"
    rows = metric_rows(name, figures, md5=photographed.md5)
    return [row if row["measure"].startswith(shares) else row | {"is_share": False} for row in rows]
