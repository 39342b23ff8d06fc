"""From a card to its network, as PyTorch runs it: one place that knows which name means which file."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pickle import UnpicklingError
from typing import Any

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from ml import digits
from ml.cards import Card, WeightsDamaged
from ml.faces import recipes as faces
from ml.faces.encoder import Encoder, EncoderConfig
from ml.network import CellNet, CellNetConfig
from ml.pictures.network import EfficientNetLite, LiteConfig, published


def cell_net(config: dict[str, Any]) -> nn.Module:
    return CellNet(CellNetConfig(**config))


def digit_net(architecture: str, config: dict[str, Any]) -> nn.Module:
    return digits.plain(digits.build(architecture, config))


def lite(config: dict[str, Any]) -> nn.Module:
    return EfficientNetLite(LiteConfig(**config))


def encoder(config: dict[str, Any]) -> nn.Module:
    return Encoder(EncoderConfig(**config))


ARCHITECTURES: dict[str, Callable[[dict[str, Any]], nn.Module]] = {
    "ml.network.CellNet": cell_net,
    "ml.digits.cnn": partial(digit_net, "cnn"),
    "ml.digits.dense": partial(digit_net, "dense"),
    "ml.pictures.network.EfficientNetLite": lite,
    "ml.faces.encoder": encoder,
    **{f"ml.faces.{name}": partial(faces.generator, name) for name in faces.RECIPES},
}


def build(card: Card) -> nn.Module:
    """The network as its card describes it, with random weights."""
    return ARCHITECTURES[card.architecture](_tuples(card.config))


def load_network(card: Card, content: bytes) -> nn.Module:
    """The network with the weights of that content, in evaluation mode, and fit for gradients even where it is loaded
    while nothing is learned. Raises WeightsDamaged."""
    try:
        with torch.inference_mode(False):
            network = build(card)
            network.load_state_dict(tensors_of(card, content))
    except (KeyError, TypeError, RuntimeError, UnpicklingError, safetensors.SafetensorError) as problem:
        raise WeightsDamaged(
            f"The weights {card.name} do not fit the network on their card: {problem}"
        ) from problem
    return network.eval()


def tensors_of(card: Card, content: bytes) -> dict[str, Tensor]:
    """By the names of the network's parameters: from safetensors, or where a package holds them from PyTorch's own
    format, of which only tensors are read."""
    if not card.packaged:
        return safetensors.torch.load(content)
    return published(torch.load(BytesIO(content), map_location="cpu", weights_only=True))


def _tuples(config: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in config.items()}
