"""StyleGAN2 (Karras et al., Analyzing and Improving the Image Quality of StyleGAN, 2020), small and in plain PyTorch.

    z (n, latent) -- mapping --> w (n, latent) -- per layer --> ws (n, layers, latent) -- synthesis --> pictures

A style scales the inputs of a convolution, demodulation brings its outputs back to unit variance; noise adds what is
left to chance; each resolution adds its own colours to the picture (skip generator), and the discriminator is residual.
Both modulation and demodulation are done to the maps, not the weights (section 2.2, the same numbers), so that one
plain convolution serves a whole batch. Weights are drawn from N(0, 1) and scaled where used (equalised learning rate;
Karras et al., 2018).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

GAIN = math.sqrt(2)  # makes up for what the leaky ReLU takes from the variance
Noise = Sequence[Tensor | None]  # for each layer (n, 1, side, side), None is none


@dataclass(frozen=True)
class StyleGanConfig:
    """channels: feature maps at 4 x 4, 8 x 8 and so on up to the side; mapping: its dense layers, which learn
    `mapping_rate` times as fast as the others; edits: names of the directions that were found in w afterwards;
    steps_by_layer: whether each layer has a step of its own; ranges: least and most steps of each edit between which
    faces do not break."""

    side: int = 64
    latent: int = 256
    mapping: int = 4
    mapping_rate: float = 0.01
    channels: tuple[int, ...] = (256, 256, 256, 128, 64)
    edits: tuple[str, ...] = ()
    steps_by_layer: bool = False
    ranges: tuple[tuple[float, float], ...] = ()

    @property
    def layers(self) -> int:
        """Styles that a picture takes: two for each resolution."""
        return 2 * len(self.channels)

    @property
    def noise_sides(self) -> list[int]:
        """Side of each convolution's noise: one at 4 x 4, two at every later resolution."""
        return [4] + [4 << level for level in range(1, len(self.channels)) for _ in range(2)]


def scaled_leaky_relu(maps: Tensor) -> Tensor:
    return F.leaky_relu(maps, 0.2) * GAIN


class EqualisedLinear(nn.Module):
    """A dense layer with equalised learning rate. (n, inputs) -> (n, outputs)."""

    def __init__(self, inputs: int, outputs: int, rate: float = 1.0, bias: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / rate)
        self.bias = nn.Parameter(torch.full((outputs,), bias / rate))
        self.rate, self.scale = rate, rate / math.sqrt(inputs)

    def forward(self, rows: Tensor) -> Tensor:
        return F.linear(rows, self.weight * self.scale, self.bias * self.rate)


class EqualisedConv2d(nn.Module):
    """A plain one with equalised learning rate, sides kept. (n, inputs, h, w) -> (n, outputs, h, w)."""

    def __init__(self, inputs: int, outputs: int, kernel: int = 3, bias: bool = True) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs)) if bias else None
        self.scale, self.padding = 1 / math.sqrt(inputs * kernel**2), kernel // 2

    def forward(self, maps: Tensor) -> Tensor:
        return F.conv2d(maps, self.weight * self.scale, self.bias, padding=self.padding)


class ModulatedConv2d(nn.Module):
    """A convolution under a style, without bias. (n, inputs, h, w) and w (n, latent) -> (n, outputs, h, w)."""

    def __init__(self, inputs: int, outputs: int, kernel: int, latent: int, demodulate: bool = True) -> None:
        super().__init__()
        self.style = EqualisedLinear(latent, inputs, bias=1.0)
        self.convolution = EqualisedConv2d(inputs, outputs, kernel, bias=False)
        self.demodulate = demodulate

    def forward(self, maps: Tensor, w: Tensor) -> Tensor:
        style = self.style(w)
        maps = self.convolution(maps * style[:, :, None, None])
        if not self.demodulate:
            return maps
        weight = self.convolution.weight * self.convolution.scale
        # of the modulated weights, equation 3
        squares = F.linear(style.square(), weight.square().sum((2, 3)))
        return maps * torch.rsqrt(squares + 1e-8)[:, :, None, None]


class StyledConv2d(nn.Module):
    """Upsampling where asked for, a modulated convolution, noise, bias and activation."""

    def __init__(self, inputs: int, outputs: int, latent: int, upsamples: bool) -> None:
        super().__init__()
        self.upsamples = upsamples
        self.modulated = ModulatedConv2d(inputs, outputs, 3, latent)
        self.noise_strength = nn.Parameter(torch.zeros(()))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, maps: Tensor, w: Tensor, noise: Tensor | None) -> Tensor:
        maps = self.modulated(upsample(maps) if self.upsamples else maps, w)
        if noise is not None:
            maps = maps + (noise * self.noise_strength).to(maps.dtype)
        return scaled_leaky_relu(maps + self.bias[:, None, None].to(maps.dtype))


class ToRGB(nn.Module):
    """Feature maps to red, green and blue, under a style but not demodulated. -> (n, 3, h, w)."""

    def __init__(self, inputs: int, latent: int) -> None:
        super().__init__()
        self.modulated = ModulatedConv2d(inputs, 3, 1, latent, demodulate=False)
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, maps: Tensor, w: Tensor) -> Tensor:
        return self.modulated(maps, w) + self.bias[:, None, None]


def upsample(maps: Tensor) -> Tensor:
    """Twice the side; bilinear is the filter 1, 3, 3, 1 of the paper."""
    return F.interpolate(maps, scale_factor=2.0, mode="bilinear", align_corners=False)


class MappingNetwork(nn.Module):
    """z (n, latent) -> w (n, latent). `mean` is the w of the average face, to which truncation draws."""

    mean: Tensor

    def __init__(self, config: StyleGanConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            EqualisedLinear(config.latent, config.latent, config.mapping_rate) for _ in range(config.mapping)
        )
        self.register_buffer("mean", torch.zeros(config.latent))

    def forward(self, z: Tensor) -> Tensor:
        w = z * torch.rsqrt(z.square().mean(1, keepdim=True) + 1e-8)
        for layer in self.layers:
            w = scaled_leaky_relu(layer(w))
        return w


class SynthesisNetwork(nn.Module):
    """ws (n, layers, latent) -> pictures (n, 3, side, side)."""

    def __init__(self, config: StyleGanConfig) -> None:
        super().__init__()
        channels, latent = config.channels, config.latent
        self.constant = nn.Parameter(torch.randn(channels[0], 4, 4))
        first = StyledConv2d(channels[0], channels[0], latent, upsamples=False)
        later = [
            StyledConv2d(inputs, outputs, latent, upsamples)
            for before, after in zip(channels, channels[1:], strict=False)
            for inputs, outputs, upsamples in ((before, after, True), (after, after, False))
        ]
        self.layers = nn.ModuleList([first, *later])
        self.colours = nn.ModuleList(ToRGB(maps, latent) for maps in channels)

    def forward(self, ws: Tensor, noise: Noise) -> Tensor:
        maps = self.constant.expand(len(ws), -1, -1, -1)
        picture: Tensor | None = None
        for number, layer in enumerate(self.layers):
            maps = layer(maps, ws[:, number], noise[number])
            if number % 2 == 0:  # the last of its resolution
                colours = self.colours[number // 2](maps, ws[:, number + 1])
                picture = colours if picture is None else upsample(picture) + colours
        assert picture is not None
        return picture


class Generator(nn.Module):
    """Mapping and synthesis; `directions` (edits, latent), or (edits, layers, latent) where steps differ by layer, are
    steps in w, each of which changes one thing in a face."""

    directions: Tensor

    def __init__(self, config: StyleGanConfig) -> None:
        super().__init__()
        self.config = config
        self.mapping = MappingNetwork(config)
        self.synthesis = SynthesisNetwork(config)
        step = (config.layers, config.latent) if config.steps_by_layer else (config.latent,)
        self.register_buffer("directions", torch.zeros(len(config.edits), *step))

    def forward(self, latents: Tensor, mixed: Tensor | None = None, cut: int = 0) -> Tensor:
        """As it learns: fresh noise, and where `mixed` is given its styles from layer `cut` on (style mixing)."""
        return self.synthesis(self.styles(latents, mixed, cut), self.fresh_noise(len(latents)))

    def styles(self, latents: Tensor, mixed: Tensor | None = None, cut: int = 0) -> Tensor:
        """One w for every layer, (n, layers, latent)."""
        ws = self.mapping(latents)[:, None].expand(-1, self.config.layers, -1)
        if mixed is None:
            return ws
        others = self.mapping(mixed)[:, None].expand_as(ws)
        return torch.cat([ws[:, :cut], others[:, cut:]], 1)

    def fresh_noise(self, count: int) -> list[Tensor]:
        device = self.mapping.mean.device
        return [torch.randn(count, 1, side, side, device=device) for side in self.config.noise_sides]


class ResidualBlock(nn.Module):
    """Halves the side. (n, inputs, h, w) -> (n, outputs, h / 2, w / 2)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = EqualisedConv2d(inputs, inputs)
        self.second = EqualisedConv2d(inputs, outputs)
        self.skip = EqualisedConv2d(inputs, outputs, 1, bias=False)

    def forward(self, maps: Tensor) -> Tensor:
        straight = self.skip(F.avg_pool2d(maps, 2))
        maps = scaled_leaky_relu(self.second(F.avg_pool2d(scaled_leaky_relu(self.first(maps)), 2)))
        return (maps + straight) / GAIN


class Discriminator(nn.Module):
    """(n, 3, side, side) -> (n,), above 0 where it takes the picture for a photograph."""

    GROUP = 4  # pictures that are compared, so that a generator that always draws the same is found out

    def __init__(self, config: StyleGanConfig) -> None:
        super().__init__()
        channels = config.channels[::-1]
        self.colours = EqualisedConv2d(3, channels[0], 1)
        self.blocks = nn.Sequential(
            *(ResidualBlock(before, after) for before, after in zip(channels, channels[1:], strict=False))
        )
        self.last = EqualisedConv2d(channels[-1] + 1, channels[-1])
        self.dense = EqualisedLinear(channels[-1] * 16, channels[-1])
        self.answer = EqualisedLinear(channels[-1], 1)

    def forward(self, pictures: Tensor) -> Tensor:
        maps = self.blocks(scaled_leaky_relu(self.colours(pictures)))
        maps = scaled_leaky_relu(self.last(torch.cat([maps, self.minibatch_stddev(maps)], 1)))
        return self.answer(scaled_leaky_relu(self.dense(maps.flatten(1)))).squeeze(1)

    def minibatch_stddev(self, maps: Tensor) -> Tensor:
        """The minibatch's standard deviation as a map of its own (Karras et al., 2018, section 3). (n, 1, h, w)."""
        count, group = len(maps), min(self.GROUP, len(maps))
        grouped = maps.float().view(group, count // group, *maps.shape[1:])
        deviation = (grouped.var(0, unbiased=False) + 1e-8).sqrt().mean((1, 2, 3))
        return deviation.repeat(group).view(count, 1, 1, 1).expand(-1, 1, *maps.shape[2:]).to(maps.dtype)
