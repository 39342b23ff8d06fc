"""DCGAN (Radford, Metz, Chintala, 2015): convolutions all the way, batch normalisation, no pooling, no dense layers.

Strided convolutions shrink a picture and transposed ones grow it; weights begin at N(0, 0.02), as in the paper.
Sizes of tensors: n pictures of side 64 with three colours in -1..1, n latents of `latent` numbers drawn from N(0, 1).
"""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class DcganConfig:
    """width: feature maps beside the picture; each halving of the side doubles them."""

    side: int = 64
    latent: int = 100
    width: int = 64


class Generator(nn.Module):
    """(n, latent) -> (n, 8 width, 4, 4) -> 4 width, 8 -> 2 width, 16 -> width, 32 -> (n, 3, 64, 64)."""

    def __init__(self, config: DcganConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        layers: list[nn.Module] = [nn.ConvTranspose2d(config.latent, 8 * width, 4, bias=False)]
        for inputs in (8 * width, 4 * width, 2 * width):
            layers += [nn.BatchNorm2d(inputs), nn.ReLU()]
            layers += [nn.ConvTranspose2d(inputs, inputs // 2, 4, stride=2, padding=1, bias=False)]
        layers += [nn.BatchNorm2d(width), nn.ReLU(), nn.ConvTranspose2d(width, 3, 4, stride=2, padding=1)]
        self.layers = nn.Sequential(*layers, nn.Tanh())
        self.apply(init_weights)

    def forward(self, latents: Tensor) -> Tensor:
        return self.layers(latents[:, :, None, None])


class Discriminator(nn.Module):
    """(n, 3, 64, 64) -> (n, width, 32, 32) -> 2 width, 16 -> 4 width, 8 -> 8 width, 4 -> (n,)."""

    def __init__(self, config: DcganConfig) -> None:
        super().__init__()
        width = config.width
        layers: list[nn.Module] = [nn.Conv2d(3, width, 4, stride=2, padding=1), nn.LeakyReLU(0.2)]
        for inputs in (width, 2 * width, 4 * width):
            layers += [nn.Conv2d(inputs, 2 * inputs, 4, stride=2, padding=1, bias=False)]
            layers += [nn.BatchNorm2d(2 * inputs), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(8 * width, 1, 4))
        self.apply(init_weights)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.layers(pictures).flatten()


def init_weights(layer: nn.Module) -> None:
    """The paper's first weights."""
    if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, 0.02)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, 0.02)
