"""The networks that read a digit: the dense one of the tutorial and a CNN, each of plain layers in reading order.

A picture of 28 x 28, ink 1 and ground 0, laid out as MNIST's are, becomes ten logits. Two probabilities follow:

    softmax    which of the ten it is, if it is one:  e^z_k / sum e^z
    is_digit   whether it is one at all:              sum e^z / (1 + sum e^z)

The second is the softmax with an eleventh logit, "none of them", that is held at 0: the networks learn from letters and
blobs too (outlier exposure; Hendrycks, Mazeika, Dietterich, 2019) and keep ten outputs. Both are calibrated: the
temperature found on held-out digits is folded into the last layer.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from ml.core.arrays import Numbers, Picture
from ml.writing.framing import SIDE

DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class DenseConfig:
    """hidden: neurons of the hidden layers; dropout: share of them hidden while training."""

    hidden: tuple[int, ...] = (800, 500)
    dropout: float = 0.4


@dataclass(frozen=True)
class CnnConfig:
    """channels: feature maps in each stage of two 3 x 3 convolutions; dense: neurons before the answer."""

    channels: tuple[int, ...] = (32, 96, 192)
    dense: int = 128
    dropout: float = 0.4


def dense(config: DenseConfig) -> nn.Sequential:
    """784 - 800 - 500 - 10, as in the tutorial (LeCun et al., 1998, section III.C compare such networks)."""
    widths = (SIDE * SIDE, *config.hidden)
    layers: list[tuple[str, nn.Module]] = [("flatten", nn.Flatten())]
    for number, (inputs, outputs) in enumerate(zip(widths, widths[1:], strict=False), 1):
        layers += [(f"dense{number}", nn.Linear(inputs, outputs)), (f"relu{number}", nn.ReLU())]
        layers += [(f"dropout{number}", nn.Dropout(config.dropout))]
    return nn.Sequential(OrderedDict([*layers, ("answer", nn.Linear(widths[-1], len(DIGITS)))]))


def cnn(config: CnnConfig) -> nn.Sequential:
    """Pairs of 3 x 3 convolutions between poolings (VGG; Simonyan and Zisserman, 2014), batch normalisation (Ioffe and
    Szegedy, 2015) while it learns. (n, 1, 28, 28) -> 14 -> 7 -> 3 -> (n, dense) -> (n, 10)."""
    layers: list[tuple[str, nn.Module]] = []
    inputs, number = 1, 0
    for stage, outputs in enumerate(config.channels, 1):
        for _ in range(2):
            number += 1
            layers += [
                (f"convolution{number}", nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)),
                (f"norm{number}", nn.BatchNorm2d(outputs)),
                (f"relu{number}", nn.ReLU()),
            ]
            inputs = outputs
        layers.append((f"pool{stage}", nn.MaxPool2d(2)))
    side = SIDE // 2 ** len(config.channels)
    layers += [
        ("flatten", nn.Flatten()),
        ("dropout1", nn.Dropout(config.dropout)),
        ("dense1", nn.Linear(inputs * side * side, config.dense)),
        (f"relu{number + 1}", nn.ReLU()),
        ("dropout2", nn.Dropout(config.dropout)),
        ("answer", nn.Linear(config.dense, len(DIGITS))),
    ]
    return nn.Sequential(OrderedDict(layers))


BUILDERS = {"dense": (dense, DenseConfig), "cnn": (cnn, CnnConfig)}


def build_trainable(architecture: str, config: Mapping[str, Any] | None = None) -> nn.Sequential:
    """The network as it learns: with batch normalisation and dropout. config is a card's; None gives the defaults."""
    builder, config_class = BUILDERS[architecture]
    network: nn.Sequential = builder(config_class(**(config or {})))  # type: ignore[operator]
    return network


def plain(network: nn.Sequential) -> nn.Sequential:
    """The same function as it answers: normalisation folded into the convolutions before it, no dropout."""
    return nn.Sequential(OrderedDict(_folded(network.eval())))


def answering(config: CnnConfig | DenseConfig) -> nn.Sequential:
    build = next(builder for builder, known in BUILDERS.values() if isinstance(config, known))
    return plain(build(config))  # type: ignore[operator]


def _folded(network: nn.Sequential) -> Iterator[tuple[str, nn.Module]]:
    layers = dict(network.named_children())
    for name, layer in layers.items():
        norm = layers.get(name.replace("convolution", "norm"))
        if isinstance(layer, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
            yield name, fuse_conv_bn_eval(layer, norm)
        elif not isinstance(layer, nn.BatchNorm2d | nn.Dropout):
            yield name, layer


def unfold(answering: nn.Sequential, learning: nn.Sequential, pictures: Tensor) -> None:
    """The way back from `plain`: `learning` starts as the same function, normalised as these (n, 1, 28, 28) want it."""
    norms = {name: norm for name, norm in learning.named_children() if isinstance(norm, nn.BatchNorm2d)}
    with torch.no_grad():
        for name, layer in answering.named_children():
            pictures = layer(pictures)
            if not isinstance(layer, nn.Conv2d | nn.Linear):
                continue
            norm = norms.get(name.replace("convolution", "norm"))
            learning.get_submodule(name).load_state_dict(layer.state_dict(), strict=norm is None)
            if norm is not None:
                take_over(norm, pictures, layer.bias)


def take_over(norm: nn.BatchNorm2d, outputs: Tensor, bias: Tensor | None) -> None:
    """The normalisation after a convolution that adds its bias and changes nothing else; outputs: with the bias."""
    assert bias is not None and norm.running_mean is not None and norm.running_var is not None
    variance, mean = torch.var_mean(outputs, (0, 2, 3))
    norm.running_mean.copy_(mean - bias)
    norm.running_var.copy_(variance)
    norm.weight.copy_((variance + norm.eps).sqrt())
    norm.bias.copy_(mean)


def with_none(logits: Tensor) -> Tensor:
    """(n, 10) -> (n, 11): beside the ten, the logit 0 of "none of them"."""
    return nn.functional.pad(logits, (0, 1))


def network_input(pictures: Picture) -> Numbers:
    """(n, 28, 28) uint8, ink high -> (n, 1, 28, 28) float32 in 0..1."""
    return (pictures[:, None] / np.float32(255)).astype(np.float32)


def to_tensor(pictures: Picture) -> Tensor:
    return torch.from_numpy(network_input(pictures))
