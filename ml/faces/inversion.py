"""The face of a photograph in the StyleGAN's w: an encoder's guess, then a descent of the latent itself.

One w for each layer (W+; Abdal et al., Image2StyleGAN, 2019) is moved until the picture looks alike: pixels at three
scales and features of a network that names pictures, as in LPIPS (Zhang et al., The Unreasonable Effectiveness of Deep
Features, 2018), but of EfficientNet-Lite2 and without learned weights, so that it is not called LPIPS.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ml.core.architectures import load_network
from ml.core.arrays import Picture
from ml.core.cards import Card, checked_weights
from ml.core.parts import gettext_noop
from ml.faces.alignment import NotAFace, align_face
from ml.faces.drawing import StyleDrawer, noise_of, to_pictures
from ml.faces.encoder import Encoder
from ml.faces.encoder_training import multiscale_difference
from ml.pictures.faces import FaceDetector, load_faces
from ml.pictures.network import EfficientNetLite

STEPS, RATE = 80, 0.04
FEATURE_SIDE = 128  # side of what the network is given
COMPARED_BLOCKS = (0, 3, 6)  # whose maps are at a half, a quarter and an eighth of that side
WEIGHT_OF_FEATURES = 1.0
WEIGHT_OF_MEAN = 0.002  # what strays from ordinary faces can no longer be edited
# Held-out photographs came to 0.29 to 0.43, drawn faces to 0.18, a cat to 0.59, coins to 0.69.
MOST_ERROR = 0.5

Report = Callable[[float], None]  # share done, 0..1


@dataclass(frozen=True)
class Inverted:
    """code: (layers, latent); aligned: what was cut out of the photo, picture: what the code draws, both (64, 64, 3);
    error: how unlike they are to the eye of the network, 0 is the same."""

    code: NDArray[np.float16]
    aligned: Picture
    picture: Picture
    error: float


class Features(nn.Module):
    """What the first stages of an EfficientNet-Lite see, each map of unit length at every place."""

    def __init__(self, network: EfficientNetLite) -> None:
        super().__init__()
        self.stem = nn.Sequential(network.conv_stem, network.bn0, network.clip)
        self.blocks = nn.ModuleList([*network.blocks.children()][: COMPARED_BLOCKS[-1] + 1])

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """(n, 3, h, w) in -1..1 -> the maps of COMPARED_BLOCKS."""
        maps = F.interpolate(pictures, (FEATURE_SIDE, FEATURE_SIDE), mode="bilinear", align_corners=False)
        maps = self.stem(maps)
        found = []
        for number, block in enumerate(self.blocks):
            maps = block(maps)
            if number in COMPARED_BLOCKS:
                found.append(F.normalize(maps, dim=1))
        return found


class Inverter:
    """A StyleGAN's drawer, its encoder and what judges likeness."""

    def __init__(
        self, drawer: StyleDrawer, encoder: Encoder, features: Features, faces: FaceDetector
    ) -> None:
        self.drawer, self.faces = drawer, faces
        self.encoder, self.features = (
            network.to(drawer.device).eval().requires_grad_(False) for network in (encoder, features)
        )

    def invert(self, picture: Picture, report: Report = lambda share: None) -> Inverted:
        """(h, w, 3) uint8 RGB. Raises NotAFace."""
        aligned = align_face(picture, self.faces)
        wanted = self.drawer.tensor(aligned.face).permute(2, 0, 1)[None].float() / 127.5 - 1
        code, drawn, error = self.descend(wanted, self.drawer.tensor(aligned.shown)[None, None], report)
        if error > MOST_ERROR:
            raise NotAFace(
                gettext_noop("This does not look like a photographed face; the model has learned no other.")
            )
        return Inverted(code.half().cpu().numpy(), aligned.face, to_pictures(drawn)[0], error)

    def descend(self, wanted: Tensor, shown: Tensor, report: Report) -> tuple[Tensor, Tensor, float]:
        """The code (layers, latent), its picture (1, 3, side, side) and its error. shown (1, 1, side, side): where it
        must be alike; the rest is the generator's own."""
        network = self.drawer.network
        mean, spread = self.encoder.mean, self.encoder.spread
        noise = [self.drawer.tensor(maps[None]) for maps in noise_of(0, network.config.noise_sides)]
        with torch.no_grad():
            steps = ((self.encoder(wanted) - mean) / spread)[:, None].repeat(1, network.config.layers, 1)
            targets = self.features(wanted)
        steps.requires_grad_(True)
        optimizer = torch.optim.Adam([steps], RATE, (0.9, 0.99))
        for number in range(STEPS + 1):
            drawn = network.synthesis(mean + spread * steps, noise)
            error = self.error(drawn, targets, shown)
            if number == STEPS:
                break
            loss = multiscale_difference(drawn * shown, wanted * shown) / shown.mean()
            loss = loss + WEIGHT_OF_FEATURES * error
            optimizer.zero_grad()
            (loss + WEIGHT_OF_MEAN * steps.square().mean()).backward()
            optimizer.step()
            report((number + 1) / STEPS)
        return (mean + spread * steps).detach()[0], drawn.detach(), float(error.detach())

    def error(self, drawn: Tensor, targets: list[Tensor], shown: Tensor) -> Tensor:
        unlike = []
        for own, target in zip(self.features(drawn), targets, strict=True):
            weights = F.adaptive_avg_pool2d(shown, own.shape[-2:])
            unlike.append(((own - target).square().sum(1, keepdim=True) * weights).sum() / weights.sum())
        return torch.stack(unlike).mean()


def load_inverter(drawer: StyleDrawer, folder: Path, backbone: EfficientNetLite) -> Inverter:
    """folder: of the encoder's weights. Raises WeightsDamaged, and what ml.pictures.faces.load_faces raises."""
    card = Card.load(folder, "encoder")
    encoder = load_network(card, checked_weights(folder, card))
    assert isinstance(encoder, Encoder)
    return Inverter(drawer, encoder, Features(backbone), load_faces())


__all__ = ["Inverted", "Inverter", "NotAFace", "load_inverter"]
