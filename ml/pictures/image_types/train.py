"""Learns the types of images: multinomial logistic regression on the features of each network that comes along."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ml.core.arrays import Labels, Numbers, Picture
from ml.core.calibration import best_temperature, expected_calibration_error, softmax
from ml.core.cards import WEIGHTS_FOLDER, Card, collection
from ml.core.evaluation import Metric, OpenPicture
from ml.core.trainer import Report, Watch
from ml.pictures.backbone import Backbone, load_backbone
from ml.pictures.image_types.data import EACH, Sources, pictures
from ml.pictures.image_types.reader import NAME, NAMES, PHOTOGRAPH, ImageTypes
from ml.pictures.linear import fit, save_linear

NETWORKS = ("lite2", "lite0")
CLASSES = list(NAMES)
PICTURES = 10 * EACH  # about, to tell how far it is
ENOUGH = 0.85  # what is so surely none is called something else: rather a page with a pug than a photograph without

DATA = [
    collection("pictures drawn by ml.pictures.image_types", "this project's own", "training, calibration"),
    collection(
        "photographs among Debian's backgrounds of MATE, Lomiri, UKUI and Plasma",
        "CC BY-SA, CC0, LGPL",
        "training; one folder in five calibration",
    ),
    collection(
        "things cut out of photographs, of Debian's tuxpaint-stamps-default",
        "public domain, CC0, CC BY-SA, GPL",
        "training; one in five calibration",
    ),
    collection(
        "Open Clip Art Library, Debian's openclipart-png",
        "CC0",
        "training; one folder in five calibration",
    ),
]

Features = dict[str, Numbers]  # (n, 1280) by network


def train(data: Path, out: Path, seed: int, open_picture: OpenPicture, watch: Watch) -> Card:
    """data: folders `photographs` and `drawings`. Raises DataMissing; WeightsDamaged where a network is missing."""
    networks = {name: load_backbone(Card.load(WEIGHTS_FOLDER, name)) for name in NETWORKS}
    sources = Sources(data, open_picture)
    (learned, labels), (held, held_labels) = (
        features_of(networks, pictures(sources, seed, apart), watch) for apart in (False, True)
    )
    tensors: dict[str, Numbers] = {}
    temperatures = []
    for name in NETWORKS:
        weight, bias = fit(learned[name], labels, len(CLASSES))
        tensors |= {f"{name}.weight": weight, f"{name}.bias": bias}
        temperatures.append(best_temperature(held[name] @ weight + bias, held_labels))
    temperature = round(float(np.max(temperatures)), 4)
    return save_linear(
        out,
        NAME,
        tensors,
        temperature=temperature,
        config={"networks": {network.card.sha256: name for name, network in networks.items()}},
        preprocessing={"input": "the 1,280 features of the network"},
        classes=CLASSES,
        certain=ENOUGH,
        data=DATA,
        seed=seed,
        metrics=[
            row
            for name in NETWORKS
            for row in figures(
                f"of the makers that it learned from, other seeds and files, by {name}",
                head_of(tensors, name, temperature),
                held[name],
                held_labels,
            )
        ],
    )


def features_of(
    networks: dict[str, Backbone], labelled: Iterable[tuple[str, Picture]], watch: Watch
) -> tuple[Features, Labels]:
    found: dict[str, list[Numbers]] = {name: [] for name in networks}
    labels = []
    for place, (name, picture) in enumerate(labelled):
        watch(Report(min(place / PICTURES, 0.99), f"{place} pictures", seed=1, epochs=1, curves=[]))
        labels.append(CLASSES.index(name))
        for network_name, network in networks.items():
            found[network_name].append(network.features(network.prepare(picture)[None])[0])
    return {name: np.stack(rows) for name, rows in found.items()}, np.array(labels)


def head_of(tensors: dict[str, Numbers], name: str, temperature: float) -> ImageTypes:
    weight, bias = (tensors[f"{name}.{part}"] / temperature for part in ("weight", "bias"))
    return ImageTypes(CLASSES, weight, bias, ENOUGH)


def figures(test_set: str, head: ImageTypes, features: Numbers, labels: Labels) -> list[Metric]:
    said = np.array(
        [CLASSES.index(one["type"]) for one in head.of(features, [False] * len(labels), [True] * len(labels))]
    )
    is_photograph = labels == CLASSES.index(PHOTOGRAPH)
    probabilities = softmax(features @ head.weight + head.bias, 1.0)
    measured = {
        "accuracy": (said == labels).mean(),
        "photographs taken for something else": (said != labels)[is_photograph].mean(),
        "other pictures taken for photographs": (said == CLASSES.index(PHOTOGRAPH))[~is_photograph].mean(),
        "expected calibration error": expected_calibration_error(probabilities, labels),
    }
    name = f"{test_set} ({len(labels)})"
    return [
        {"set": name, "measure": measure, "value": round(float(value), 6)}
        for measure, value in measured.items()
    ]
