"""Training the encoder: faces that the generator draws, whose w is known, and photographs, whose w is not."""

from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from ml.core.arrays import Pictures
from ml.faces.adversarial import step
from ml.faces.drawing import to_pictures
from ml.faces.encoder import Encoder, EncoderConfig
from ml.faces.slices import SlicedTraining
from ml.faces.stylegan import Generator

PLANNED, BATCH, RATE = 400_000, 64, 1e-3
MEASURED = 4096  # draws from which the mean and the spread of w are found
LIKENESS = 4.0  # weight of pictures that look alike, beside that of the right w
SHOWN = 32


class EncoderTraining(SlicedTraining):
    """Half of each batch is drawn, half photographed; of both the picture drawn anew should look alike."""

    kept = ("encoder", "steps_taken")
    losses = ("w_loss", "likeness_loss")

    def __init__(
        self, generator: Generator, photographs: Pictures, seed: int, checkpoint: Path, device: str, plan: str
    ) -> None:
        super().__init__(photographs, PLANNED, BATCH, seed, checkpoint, device, f"{EncoderConfig()} {plan}")
        self.generator = generator.to(self.device).eval().requires_grad_(False)
        self.encoder = Encoder(EncoderConfig()).to(self.device)
        self.steps_taken = torch.optim.Adam(self.encoder.parameters(), RATE, (0.9, 0.99))
        w = self.generator.mapping(self.latents(MEASURED))
        self.encoder.mean.copy_(w.mean(0))
        self.encoder.spread.copy_(w.std(0))

    def latents(self, count: int) -> Tensor:
        return torch.randn(count, self.generator.config.latent, device=self.device)

    def learn(self) -> Tensor:
        half = self.batch // 2
        w = self.generator.mapping(self.latents(half)).float()
        pictures = torch.cat([self.drawn(w), self.photographs_batch(half)])
        found = self.encoder(pictures).float()
        w_loss = ((found[:half] - w) / self.encoder.spread).square().mean()
        alike = multiscale_difference(self.drawn(found), pictures)
        step(self.steps_taken, w_loss + LIKENESS * alike)
        return torch.stack([w_loss.detach(), alike.detach()])

    def drawn(self, w: Tensor) -> Tensor:
        """Without noise. (n, 3, side, side)."""
        config = self.generator.config
        pictures = self.generator.synthesis(w[:, None].expand(-1, config.layers, -1), [None] * config.layers)
        return pictures.float()

    def samples(self) -> Pictures:
        """Photographs, and what the generator makes of them."""
        photographs = self.photographs[:SHOWN].float() / 127.5 - 1
        with torch.no_grad():
            pairs = torch.stack([photographs, self.drawn(self.encoder(photographs))], 1)
        return to_pictures(pairs.flatten(0, 1))


def multiscale_difference(drawn: Tensor, wanted: Tensor) -> Tensor:
    """Mean difference at the full side, a half and a quarter of it: shapes count before their edges. A scalar."""
    scales = [(F.avg_pool2d(drawn, side), F.avg_pool2d(wanted, side)) for side in (1, 2, 4)]
    return torch.stack([F.l1_loss(pooled, target) for pooled, target in scales]).mean()
