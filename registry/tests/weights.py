"""Small networks of digits to upload, good ones and spoilt ones."""

import hashlib
import json
from functools import cache
from typing import Any

import safetensors.torch
import torch
from django.core.files.uploadedfile import SimpleUploadedFile
from torch import Tensor

from ml.digits.network import build_trainable, plain
from registry.models import BUILT_IN, ModelVersion
from registry.services import add_candidate, note_probe
from registry.tasks.versions import store_files

CONFIG = {"hidden": [8]}


@cache
def tensors(seed: int = 1) -> dict[str, Tensor]:
    torch.manual_seed(seed)
    return plain(build_trainable("dense", {"hidden": (8,)})).state_dict()


def packed(tensors: dict[str, Tensor]) -> bytes:
    return safetensors.torch.save({name: tensor.contiguous() for name, tensor in tensors.items()})


def card_of(content: bytes, **changes: Any) -> dict[str, Any]:
    """As the built-in baseline's, but of these weights."""
    card = dict(ModelVersion.objects.get(name="digits_dense").card)
    own = {"name": "small", "config": CONFIG, "sha256": hashlib.sha256(content).hexdigest(), "metrics": []}
    return card | own | changes


def files(content: bytes, card: dict[str, Any] | bytes) -> dict[str, SimpleUploadedFile]:
    about = card if isinstance(card, bytes) else json.dumps(card).encode()
    return {
        "weights": SimpleUploadedFile("small.safetensors", content),
        "card": SimpleUploadedFile("small.json", about),
    }


def kept(content: bytes, card: dict[str, Any]) -> ModelVersion:
    """A candidate with its files in the storage."""
    store_files(card, content)
    return add_candidate(card=card)


def mistaking(name: str, one: int, other: int) -> ModelVersion:
    """A candidate like the built-in version, but for two classes that it takes for one another."""
    version = ModelVersion.objects.get(name=name)
    tensors = safetensors.torch.load((BUILT_IN / f"{name}.safetensors").read_bytes())
    count = len(version.card["classes"])
    for tensor in (each for each in tensors.values() if each.ndim and len(each) == count):
        tensor[[one, other]] = tensor[[other, one]]
    content = packed(tensors)
    return kept(content, version.card | {"sha256": hashlib.sha256(content).hexdigest()})


def as_measured(*versions: ModelVersion, value: float = 0.99) -> None:
    """As if a worker had found this share of the same pictures right by each."""
    row = {"set": "probe (500)", "md5": "1", "measure": "accuracy", "value": value}
    for version in versions:
        note_probe(version=version, probe=row | {"count": 500}, rows=[row])
