"""Small networks with weights of chance: they draw no faces, but all that there is to draw."""

import hashlib
import json
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from django.conf import settings

from ml.core.architectures import builder
from registry.models import ModelVersion

SMALL: dict[str, dict[str, Any]] = {
    "gan": {"side": 16, "latent": 8, "hidden": (16,)},
    "dcgan": {"latent": 8, "width": 2},
    "stylegan": {
        "side": 16,
        "latent": 16,
        "mapping": 1,
        "channels": (8, 8, 8),
        "edits": ("smile", "glasses"),
        "steps_by_layer": True,
        "ranges": ((-3, 3), (-2.5, 2.5)),
    },
}
SLOW = {"side": 64, "latent": 256, "channels": (128, 128, 128, 64, 32), "edits": ("smile",)}
EMPTY = {"preprocessing": {}, "classes": [], "meanings": {}, "temperature": 1.0, "shift": [], "certain": 0.0}
DATA = [{"name": "Faces of chance", "licence": "non-commercial research", "use": "tests"}]


def version(name: str, config: dict[str, Any] | None = None, seed: int = 1) -> ModelVersion:
    """A network of that architecture; where one is called like it already, that one is replaced."""
    torch.manual_seed(seed)
    config = SMALL[name] if config is None else config
    network = builder(f"ml.faces.{name}")(config)
    if hasattr(network, "directions"):
        torch.nn.init.normal_(network.directions)
    content = safetensors.torch.save({key: value.half() for key, value in network.state_dict().items()})
    sha256 = hashlib.sha256(content).hexdigest()
    card = EMPTY | {"kind": "faces", "name": name, "architecture": f"ml.faces.{name}", "config": config}
    card |= {"data": DATA, "metrics": [], "seed": seed, "parameters": 1, "sha256": sha256, "trained_at": ""}
    folder = Path(settings.MODEL_CACHE_DIR) / sha256
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.safetensors").write_bytes(content)
    ModelVersion.objects.filter(kind="faces", name=name).update(state="retired", name="former")
    state = "active" if name == "stylegan" else "ready"
    row = {"kind": "faces", "name": name, "sha256": sha256, "state": state}
    return ModelVersion.objects.create(card=json.loads(json.dumps(card)), **row)


def slow() -> ModelVersion:
    """Nearly as large as the real one: an order of many faces takes seconds."""
    return version("stylegan", SLOW)


def slowest() -> ModelVersion:
    """Half a second of one core for each face: an order of many is never done while someone looks."""
    return version("stylegan", SLOW | {"channels": (128, 256, 256, 512, 512)})
