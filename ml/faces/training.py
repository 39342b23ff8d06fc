"""Training a generator: one slice of its lesson, then the averaged weights in half precision with their card."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import safetensors.torch
import torch

from ml.cards import Card, write_whole
from ml.faces import photographs
from ml.faces.lesson import Lesson, lesson_for
from ml.faces.recipes import RECIPES, config_of
from ml.faces.slices import Watch
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
    where there is one. Raises DataMissing where the photographs are not in data_folder.
    """
    faces = photographs.load(data_folder)
    out_folder.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    checkpoint = out_folder / f"{architecture}-{seed}.partial"
    lesson = lesson_for(RECIPES[architecture], faces.training, seed, checkpoint, device)
    lesson.run(minutes, watch)
    return finish(lesson, out_folder)


def finish(lesson: Lesson, out_folder: Path) -> Card:
    """Writes weights and card."""
    network = lesson.average.module
    content = safetensors.torch.save(
        {name: tensor.half().contiguous().cpu() for name, tensor in network.state_dict().items()}
    )
    architecture = lesson.recipe.architecture
    card = Card(
        kind="faces",
        name=architecture,
        architecture=f"ml.faces.{architecture}",
        config=config_of(architecture),
        preprocessing=PREPROCESSING,
        classes=[],
        meanings={},
        temperature=1.0,
        shift=[],
        certain=0.0,
        data=[photographs.SOURCE | {"shown": f"{lesson.seen:,} photographs, {device_name(lesson)}"}],
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


def device_name(lesson: Lesson) -> str:
    if lesson.device.type == "cuda":
        return torch.cuda.get_device_name()
    return f"{torch.get_num_threads()} CPU threads"
