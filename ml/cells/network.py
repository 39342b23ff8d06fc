"""The network that reads a cell: a small residual CNN, in three sizes for marks, digits and letters; digits and letters
are read by two, which vote."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class CellNetConfig:
    """classes: outputs; side: pixels of a cell, 32 or 64; inputs: its channels, 2 where its reference comes with it;
    stem: channels of the first layer; widths: channels of the three stages; blocks: residual blocks in each stage;
    dropout: share of features hidden while training; members: networks that vote."""

    classes: int
    stem: int = 16
    widths: tuple[int, int, int] = (24, 48, 96)
    blocks: tuple[int, int, int] = (1, 1, 1)
    dropout: float = 0.1
    inputs: int = 1
    side: int = 32
    members: int = 1


class CellNet(nn.Module):
    """A cell in, one logit a class out.

    Convolutions with shared weights come from LeNet (LeCun et al., 1998); batch normalisation from Ioffe and Szegedy
    (2015), folded into the convolutions when exported; residual blocks from ResNet (He et al., 2015); the global mean
    in place of a dense layer from Network in Network (Lin et al., 2013), here beside the mean of a 2 x 2 grid, since
    where a stroke lies matters for a mark.
    """

    def __init__(self, config: CellNetConfig) -> None:
        super().__init__()
        first, second, third = config.widths
        # (n, inputs, side, side) -> (n, stem, side / 2, side / 2)
        self.stem = conv_bn_relu(config.inputs, config.stem, size=5, stride=2)
        self.fine = stage(
            config.stem, first, config.blocks[0], stride=config.side // 32
        )  # -> (n, first, 16, 16)
        self.middle = stage(first, second, config.blocks[1], stride=2)  # -> (n, second, 8, 8)
        self.coarse = stage(second, third, config.blocks[2], stride=2)  # -> (n, third, 4, 4)
        self.pool = nn.AvgPool2d(2)  # -> (n, third, 2, 2)
        self.hide = nn.Dropout(config.dropout)
        self.answer = nn.Linear(third * 4, config.classes)  # -> (n, classes)

    def forward(self, cells: Tensor) -> Tensor:
        """cells: (n, inputs, side, side) float32, ink 1 and paper 0. Returns logits (n, classes)."""
        features = self.coarse(self.middle(self.fine(self.stem(cells))))
        answer: Tensor = self.answer(self.hide(self.pool(features).flatten(1)))
        return answer

    def votes(self, cells: Tensor) -> Tensor:
        """As CellVote's: of one member."""
        return self(cells)[None]


class CellVote(nn.Module):
    """Networks that differ by chance alone and so err at different cells: the mean of their logits (Lakshminarayanan,
    Pritzel, Blundell, Simple and scalable predictive uncertainty estimation using deep ensembles, 2017)."""

    def __init__(self, config: CellNetConfig) -> None:
        super().__init__()
        self.members = nn.ModuleList(CellNet(config) for _ in range(config.members))

    def votes(self, cells: Tensor) -> Tensor:
        """(n, inputs, side, side) -> logits (members, n, classes)."""
        return torch.stack([member(cells) for member in self.members])

    def forward(self, cells: Tensor) -> Tensor:
        """As CellNet's."""
        return self.votes(cells).mean(0)


def cell_network(config: CellNetConfig) -> CellNet | CellVote:
    return CellVote(config) if config.members > 1 else CellNet(config)


class Residual(nn.Module):
    """Two convolutions whose result is added to what came in; shapes stay (n, channels, h, w)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = conv_bn_relu(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, features: Tensor) -> Tensor:
        return torch.relu(features + self.second(self.first(features)))


def conv_bn_relu(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> nn.Sequential:
    """Convolution, batch normalisation, ReLU: (n, inputs, h, w) -> (n, outputs, h / stride, w / stride)."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def stage(inputs: int, outputs: int, blocks: int, stride: int) -> nn.Sequential:
    """A change of width and size, then residual blocks; nothing where neither is asked for."""
    is_same = inputs == outputs and stride == 1
    change = [] if is_same else [conv_bn_relu(inputs, outputs, stride=stride)]
    return nn.Sequential(*change, *(Residual(outputs) for _ in range(blocks)))
