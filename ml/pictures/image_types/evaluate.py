"""How well the types are told on pictures of a folder, one folder in it for each type."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ml.core.cards import WEIGHTS_FOLDER, Card
from ml.core.characters import DataMissing
from ml.core.evaluation import Metric, OpenPicture, TestSet, metric_rows
from ml.core.trainer import OnProgress
from ml.pictures.backbone import load_backbone
from ml.pictures.image_types.data import SUFFIXES
from ml.pictures.image_types.reader import NAMES, PHOTOGRAPH
from ml.pictures.labeller import Labeller


def measure(network: str, folder: Path, open_picture: OpenPicture, on_progress: OnProgress) -> list[Metric]:
    """Of each type the share that is called so, or a photograph, and the share of all that is right. Raises
    DataMissing, WeightsDamaged."""
    labeller = Labeller(load_backbone(Card.load(WEIGHTS_FOLDER, network)))
    if labeller.image_types is None:
        raise DataMissing(f"Nothing was learned for {network}.")
    rows: list[Metric] = []
    counts = []
    for name, test_set in test_sets(folder, open_picture):
        on_progress(name)
        said = [labeller.label([picture])[0].found["image_type"]["type"] for picture in test_set.pictures]
        counts.append((said.count(name), len(said)))
        shares = {"called so": name, "called a photograph": PHOTOGRAPH}
        rows += test_set.metric_rows(
            {measure: said.count(wanted) / len(said) for measure, wanted in shares.items()}
        )
    right, whole = np.sum(counts, 0)
    return rows + metric_rows(f"{folder.name}: all ({whole})", {"right": right / whole})


def test_sets(folder: Path, open_picture: OpenPicture) -> Iterator[tuple[str, TestSet]]:
    places = [(name, folder / name) for name in NAMES if (folder / name).is_dir()]
    if not places:
        raise DataMissing(
            f"{folder} holds none of the folders {', '.join(NAMES)}, each with pictures of its type."
        )
    for name, place in places:
        paths = sorted(path for path in place.iterdir() if path.suffix.lower() in SUFFIXES)
        yield name, TestSet.of_files(place, paths, [0] * len(paths), open_picture)
