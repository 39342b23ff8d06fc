"""From a card to its network, as PyTorch runs it: one place that knows which name means which file."""

from collections.abc import Callable
from functools import partial
from typing import Any

import safetensors
import safetensors.torch
from torch import nn

from ml import digits
from ml.cards import Card, WeightsDamaged
from ml.network import CellNet, CellNetConfig


def cell_net(config: dict[str, Any]) -> nn.Module:
    return CellNet(CellNetConfig(**config))


def digit_net(architecture: str, config: dict[str, Any]) -> nn.Module:
    return digits.plain(digits.build(architecture, config))


ARCHITECTURES: dict[str, Callable[[dict[str, Any]], nn.Module]] = {
    "ml.network.CellNet": cell_net,
    "ml.digits.cnn": partial(digit_net, "cnn"),
    "ml.digits.dense": partial(digit_net, "dense"),
}


def load_network(card: Card, content: bytes) -> nn.Module:
    """The network with the weights of a safetensors file, in evaluation mode. Raises WeightsDamaged."""
    try:
        network = ARCHITECTURES[card.architecture](_tuples(card.config))
        network.load_state_dict(safetensors.torch.load(content))
    except (KeyError, TypeError, RuntimeError, safetensors.SafetensorError) as problem:
        raise WeightsDamaged(
            f"The weights {card.name} do not fit the network on their card: {problem}"
        ) from problem
    return network.eval()


def _tuples(config: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in config.items()}
