"""The first generative adversarial network (Goodfellow et al., 2014): two networks of dense layers, nothing else.

It has no notion of what is beside what in a picture; the baseline that shows why convolutions were worth inventing.
Sizes of tensors: n pictures of side 64 with three colours in -1..1, n latents of `latent` numbers drawn from N(0, 1).
"""

from dataclasses import dataclass

from torch import Tensor, nn


@dataclass(frozen=True)
class GanConfig:
    """hidden: neurons of the generator's hidden layers, the discriminator's are `judging`."""

    side: int = 64
    latent: int = 128
    hidden: tuple[int, ...] = (256, 512, 512)
    judging: tuple[int, ...] = (1024, 512, 256)
    dropout: float = 0.3


class Generator(nn.Module):
    """(n, latent) -> (n, 3, side, side)."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        self.config = config
        layers: list[nn.Module] = []
        inputs = config.latent
        for outputs in config.hidden:
            layers += [nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs), nn.LeakyReLU(0.2)]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Linear(inputs, 3 * config.side**2), nn.Tanh())

    def forward(self, latents: Tensor) -> Tensor:
        side = self.config.side
        return self.layers(latents).view(-1, 3, side, side)


class Discriminator(nn.Module):
    """(n, 3, side, side) -> (n,), above 0 where it takes the picture for a photograph."""

    def __init__(self, config: GanConfig) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        inputs = 3 * config.side**2
        for outputs in config.judging:
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2), nn.Dropout(config.dropout)]
            inputs = outputs
        self.layers = nn.Sequential(*layers, nn.Linear(inputs, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        return self.layers(pictures).squeeze(1)
