"""Training a generator or the encoder: one slice of its training, then weights in half precision with their card."""

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn

from ml.core.architectures import load_network, save_network
from ml.core.arrays import Pictures
from ml.core.cards import Card, checked_weights, config_on_card
from ml.core.evaluation import Metric, metric_rows
from ml.core.trainer import Report, Watch, unwatched
from ml.faces import data as photographs
from ml.faces import directions
from ml.faces.adversarial import training_for
from ml.faces.drawing import StyleDrawer, load_drawer
from ml.faces.encoder import EncoderConfig
from ml.faces.encoder_training import EncoderTraining
from ml.faces.entanglement import Judge, find_ranges
from ml.faces.recipes import RECIPES, config_of
from ml.faces.slices import SlicedTraining
from ml.faces.stylegan import Generator as StyleGenerator

AGREEMENT = "area under the ROC curve of the reader behind an edit"
PREPROCESSING = {
    "latent": "N(0, 1)",
    "output": "-1..1 is 0..255 RGB",
    "faces": f"CelebA's aligned faces in their true proportions, the middle {photographs.SIDE} of "
    f"{photographs.SIDE} x {photographs.TALL} pixels",
}


def train(
    architecture: str,
    data_folder: Path,
    out_folder: Path,
    seed: int = 1,
    minutes: float | None = None,
    watch: Watch = unwatched,
) -> Card:
    """A slice of `minutes`, or all that is left; writes <architecture>.safetensors and .json as they are then.

    <architecture>-<seed>.partial, from which the same call goes on, stays, and a sheet of samples beside it. Uses a GPU
    where there is one. For "encoder" and "directions" there must be a stylegan in out_folder, which the second of them
    writes anew. Raises DataMissing where the photographs are not in data_folder, WeightsDamaged without a stylegan.
    """
    if architecture == "directions":
        return steered(out_folder, data_folder, watch)
    faces = photographs.load(data_folder).training
    out_folder.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    checkpoint = out_folder / f"{architecture}-{seed}.partial"
    if architecture == "encoder":
        encoding = encoding_for(out_folder, faces, seed, checkpoint, device)
        encoding.run(minutes, watch)
        return finish(encoding, architecture, encoding.encoder, config_on_card(EncoderConfig()), out_folder)
    training = training_for(RECIPES[architecture], faces, seed, checkpoint, device)
    training.run(minutes, watch)
    return finish(training, architecture, training.average.module, config_of(architecture), out_folder)


def encoding_for(folder: Path, faces: Pictures, seed: int, checkpoint: Path, device: str) -> EncoderTraining:
    card = Card.load(folder, "stylegan")
    network = load_network(card, checked_weights(folder, card))
    assert isinstance(network, StyleGenerator)
    return EncoderTraining(network, faces, seed, checkpoint, device, card.sha256)


def steered(folder: Path, data_folder: Path, watch: Watch) -> Card:
    """The stylegan of that folder with directions in w; what drew before draws the same."""
    card = Card.load(folder, "stylegan")
    drawer = load_drawer(card, folder)
    assert isinstance(drawer, StyleDrawer)

    def on_progress(step: str) -> None:
        watch(Report(0.5, step, 1, 1, []))

    found = directions.find_directions(drawer, data_folder, on_progress)
    drawer.network.directions = torch.from_numpy(found.steps)
    drawer.network.config = replace(drawer.network.config, edits=found.names, steps_by_layer=True)
    ranges = find_ranges(drawer, found.names, Judge(data_folder, on_progress), on_progress)
    tensors = safetensors.torch.load(checked_weights(folder, card))
    content = safetensors.torch.save(tensors | {"directions": torch.from_numpy(found.steps).half()})
    card = replace(
        card,
        config=card.config
        | {"edits": list(found.names), "steps_by_layer": True, "ranges": [list(ends) for ends in ranges]},
        metrics=[*agreement_rows(found), *(row for row in card.metrics if AGREEMENT not in row["measure"])],
        sha256=hashlib.sha256(content).hexdigest(),
    )
    card.save(folder, content)
    return card


def agreement_rows(found: directions.Directions) -> list[Metric]:
    name = f"{found.photographs} labelled photographs of CelebA that the readers had not seen"
    return metric_rows(name, {f"{AGREEMENT}, {edit}": value for edit, value in found.agreements.items()})


def finish(
    training: SlicedTraining, name: str, network: nn.Module, config: dict[str, Any], out_folder: Path
) -> Card:
    """Writes weights and card."""
    return save_network(
        network,
        out_folder,
        halves=True,
        kind="encoder" if name == "encoder" else "faces",
        name=name,
        architecture=f"ml.faces.{name}",
        config=config,
        preprocessing=PREPROCESSING,
        classes=[],
        meanings={},
        temperature=1.0,
        shift=[],
        certain=0.0,
        data=[
            photographs.SOURCE | {"shown": f"{training.seen:,} photographs, {device_name(training.device)}"}
        ],
        metrics=[],
        curves=training.curves,
        seed=training.seed,
    )


def device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name() if device.type == "cuda" else f"{torch.get_num_threads()} CPU threads"
