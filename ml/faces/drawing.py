"""Drawing faces: the same request to the same weights is the same picture, whatever else is drawn beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ml.core.architectures import load_network
from ml.core.arrays import Numbers, Pictures
from ml.core.cards import Card, checked_weights
from ml.faces.stylegan import Generator as StyleGenerator

GPU_BATCH = 16  # always filled up: what else is in a batch may change a picture's last bits


@dataclass(frozen=True)
class FaceRequest:
    """One face. seed: 0 to 2^63 - 1; truncation: 0 is the average face, 1 as it was learned; edits: steps along named
    directions; mix_seed: another face, whose styles count from layer `mix_from` on; towards: a third, by the `share`
    of the way to it; code: a face found by inversion, (layers, latent), in place of the seed's, from which the seed
    then leads away by `variation`. A network without styles knows only seed, truncation, towards and share."""

    seed: int
    truncation: float = 0.7
    edits: Mapping[str, float] = field(default_factory=dict)
    mix_seed: int | None = None
    mix_from: int = 4
    towards: int | None = None
    share: float = 0.0
    code: Numbers | None = None
    variation: float = 0.0


class Drawer:
    """The network of one card. `batch`: how many faces are drawn at once."""

    def __init__(self, card: Card, network: nn.Module, device: str = "") -> None:
        self.card = card
        self.device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self.network = network.to(self.device).eval().requires_grad_(False)
        self.latent_size = int(card.config["latent"])
        self.batch = GPU_BATCH if self.device.type == "cuda" else 1

    def draw(self, requests: Sequence[FaceRequest]) -> Pictures:
        """(n, side, side, 3) uint8."""
        filled = [*requests, *[requests[-1]] * (-len(requests) % self.batch)]
        parts = [filled[first : first + self.batch] for first in range(0, len(filled), self.batch)]
        with torch.inference_mode(), torch.autocast(self.device.type, torch.bfloat16, enabled=self.batch > 1):
            return np.concatenate([to_pictures(self.pictures(part)) for part in parts])[: len(requests)]

    def pictures(self, requests: Sequence[FaceRequest]) -> Tensor:
        """(n, 3, side, side) in -1..1. Without styles a face is its latent; truncation draws that towards zero."""
        latents = np.stack([request.truncation * self.latent(request) for request in requests])
        drawn: Tensor = self.network(self.tensor(latents))
        return drawn

    def latent(self, request: FaceRequest) -> Numbers:
        """On the way to another seed along the sphere of latents (White, Sampling Generative Networks, 2016)."""
        own = latent_of(request.seed, self.latent_size)
        if request.towards is None:
            return own
        return along_sphere(own, latent_of(request.towards, len(own)), request.share)

    def tensor(self, numbers: Numbers) -> Tensor:
        return torch.from_numpy(numbers).to(self.device)


class StyleDrawer(Drawer):
    """A StyleGAN: all that is asked for is done to its styles."""

    network: StyleGenerator

    def pictures(self, requests: Sequence[FaceRequest]) -> Tensor:
        ws = torch.stack([self.styles(request) for request in requests])
        return self.of_styles(ws, [request.seed for request in requests])

    def of_styles(self, ws: Tensor, seeds: Sequence[int]) -> Tensor:
        """ws (n, layers, latent) and the seeds of their noise."""
        noise = [noise_of(seed, self.network.config.noise_sides) for seed in seeds]
        layers = [self.tensor(np.stack(maps)) for maps in zip(*noise, strict=True)]
        return self.network.synthesis(ws, layers)

    def styles(self, request: FaceRequest) -> Tensor:
        """(layers, latent)."""
        ws = self.of_seed(request.seed, request.truncation)
        if request.code is not None:
            ws = self.tensor(request.code) + request.variation * (ws - self.network.mapping.mean)
        if request.towards is not None:
            ws = torch.lerp(ws, self.of_seed(request.towards, request.truncation), request.share)
        if request.mix_seed is not None:
            other = self.of_seed(request.mix_seed, request.truncation)
            ws = torch.cat([ws[: request.mix_from], other[request.mix_from :]])
        for name, steps in sorted(request.edits.items()):
            ws = ws + steps * self.network.directions[self.network.config.edits.index(name)]
        return ws

    def of_seed(self, seed: int, truncation: float) -> Tensor:
        latent = self.tensor(latent_of(seed, self.latent_size)[None])
        mean = self.network.mapping.mean
        return torch.lerp(mean, self.network.styles(latent)[0].float(), truncation)


def to_pictures(drawn: Tensor) -> Pictures:
    """(n, 3, side, side) in -1..1 -> (n, side, side, 3) uint8."""
    levels = (drawn.float() + 1) * 127.5
    return levels.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def latent_of(seed: int, size: int) -> Numbers:
    """N(0, 1), (size,); NumPy draws the same on every machine."""
    return np.random.Generator(np.random.PCG64(seed)).standard_normal(size, np.float32)


def noise_of(seed: int, sides: Sequence[int]) -> list[Numbers]:
    """For each layer (1, side, side), from a stream of its own."""
    numbers = np.random.Generator(np.random.PCG64([seed, 1]))
    return [numbers.standard_normal((1, side, side), np.float32) for side in sides]


def along_sphere(start: Numbers, end: Numbers, share: float) -> Numbers:
    cosine = np.dot(start, end) / (np.linalg.norm(start) * np.linalg.norm(end))
    angle = np.arccos(np.clip(cosine, -1, 1))
    if angle < 1e-4:
        return start
    mixed = np.sin((1 - share) * angle) * start + np.sin(share * angle) * end
    return (mixed / np.sin(angle)).astype(np.float32)


def load_drawer(card: Card, folder: Path, device: str = "") -> Drawer:
    """Raises WeightsDamaged."""
    network = load_network(card, checked_weights(folder, card))
    return (StyleDrawer if isinstance(network, StyleGenerator) else Drawer)(card, network, device)
