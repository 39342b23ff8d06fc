"""Training a generator or the encoder: one slice of its lesson, then weights in half precision with their card."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn

from ml.architectures import load_network
from ml.cards import Card, checked_weights, write_whole
from ml.faces import photographs
from ml.faces.encoder import EncoderConfig
from ml.faces.encoding import Encoding
from ml.faces.lesson import Lesson, lesson_for
from ml.faces.photographs import Pictures
from ml.faces.recipes import RECIPES, as_on_cards, config_of
from ml.faces.slices import Slices, Watch
from ml.faces.stylegan import Generator as StyleGenerator
from ml.network import parameter_count

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
    watch: Watch = lambda standing: None,
) -> Card:
    """A slice of `minutes`, or all that is left; writes <architecture>.safetensors and .json as they are then.

    <architecture>-<seed>.partial, from which the same call goes on, stays, and a sheet of samples beside it. Uses a GPU
    where there is one. The encoder learns from the stylegan in out_folder. Raises DataMissing where the photographs are
    not in data_folder, WeightsDamaged where there is no stylegan.
    """
    faces = photographs.load(data_folder).training
    out_folder.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    checkpoint = out_folder / f"{architecture}-{seed}.partial"
    if architecture == "encoder":
        encoding = encoding_for(out_folder, faces, seed, checkpoint, device)
        encoding.run(minutes, watch)
        return finish(encoding, architecture, encoding.encoder, as_on_cards(EncoderConfig()), out_folder)
    lesson: Lesson = lesson_for(RECIPES[architecture], faces, seed, checkpoint, device)
    lesson.run(minutes, watch)
    return finish(lesson, architecture, lesson.average.module, config_of(architecture), out_folder)


def encoding_for(folder: Path, faces: Pictures, seed: int, checkpoint: Path, device: str) -> Encoding:
    card = Card.load(folder, "stylegan")
    network = load_network(card, checked_weights(folder, card))
    assert isinstance(network, StyleGenerator)
    return Encoding(network, faces, seed, checkpoint, device, card.sha256)


def finish(lesson: Slices, name: str, network: nn.Module, config: dict[str, Any], out_folder: Path) -> Card:
    """Writes weights and card."""
    content = safetensors.torch.save(
        {name: tensor.half().contiguous().cpu() for name, tensor in network.state_dict().items()}
    )
    card = Card(
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
        data=[photographs.SOURCE | {"shown": f"{lesson.seen:,} photographs, {device_name(lesson.device)}"}],
        metrics=[],
        curves=lesson.curves,
        seed=lesson.seed,
        parameters=parameter_count(network),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )
    write_whole(out_folder / f"{card.name}.safetensors", content)
    card.save(out_folder)
    return card


def device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name() if device.type == "cuda" else f"{torch.get_num_threads()} CPU threads"
