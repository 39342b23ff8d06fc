"""From a face to its place in w: the trunk of a residual discriminator, with a w where that gives its verdict."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ml.faces.stylegan import EqualisedConv2d, EqualisedLinear, ResidualBlock, scaled_leaky_relu


@dataclass(frozen=True)
class EncoderConfig:
    """channels: feature maps at the picture's side, at half of it and so on down to 4 x 4."""

    side: int = 64
    latent: int = 256
    channels: tuple[int, ...] = (32, 64, 128, 256, 256)


class Encoder(nn.Module):
    """(n, 3, side, side) in -1..1 -> w (n, latent), as steps of `spread` away from `mean`, those of the generator."""

    mean: Tensor
    spread: Tensor

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        channels = config.channels
        self.colours = EqualisedConv2d(3, channels[0], 1)
        self.blocks = nn.Sequential(
            *(ResidualBlock(before, after) for before, after in zip(channels, channels[1:], strict=False))
        )
        self.dense = EqualisedLinear(channels[-1] * 16, config.latent)
        self.answer = EqualisedLinear(config.latent, config.latent)
        self.register_buffer("mean", torch.zeros(config.latent))
        self.register_buffer("spread", torch.ones(config.latent))

    def forward(self, pictures: Tensor) -> Tensor:
        maps = self.blocks(scaled_leaky_relu(self.colours(pictures)))
        return self.mean + self.spread * self.answer(scaled_leaky_relu(self.dense(maps.flatten(1))))
