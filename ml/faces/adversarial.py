"""Two networks that learn from each other; the running average of the generator's weights is what draws faces."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ml.core.arrays import Pictures
from ml.faces.augmentation import augment
from ml.faces.drawing import to_pictures
from ml.faces.recipes import GanRecipe, config_of, discriminator, generator
from ml.faces.slices import SlicedTraining
from ml.faces.stylegan import Generator as StyleGenerator

R1_EVERY = 16  # steps of the discriminator, whose penalty counts as often as it was left out
PATH_LENGTH_EVERY = 8  # likewise of the generator
PATH_LENGTH_WEIGHT = 2.0  # weight of the path length's penalty
STYLE_MIXING = 0.5  # share of batches drawn with two styles
SHOWN = 64  # pictures on the sheet of samples


class AdversarialTraining(SlicedTraining):
    """Non-saturating losses (Goodfellow et al., 2014, section 3), one step of each network a batch."""

    kept = ("generator", "discriminator", "average", "generator_steps", "discriminator_steps")
    kept_tensors: tuple[str, ...] = ("shown",)
    losses = ("generator_loss", "discriminator_loss")

    def __init__(
        self, recipe: GanRecipe, photographs: Pictures, seed: int, checkpoint: Path, device: str
    ) -> None:
        plan = f"{recipe} {config_of(recipe.architecture)} {len(photographs)} {seed}"
        super().__init__(photographs, recipe.photographs, recipe.batch, seed, checkpoint, device, plan)
        self.recipe = recipe
        self.latent = int(config_of(recipe.architecture)["latent"])
        self.generator = self.placed(generator(recipe.architecture))
        self.discriminator = self.placed(discriminator(recipe.architecture))
        keep = 0.5 ** (recipe.batch / recipe.averaging)
        self.average = AveragedModel(self.generator, multi_avg_fn=get_ema_multi_avg_fn(keep))
        self.generator_steps, self.discriminator_steps = (
            torch.optim.Adam(
                network.parameters(), recipe.rate, recipe.betas, fused=self.device.type == "cuda"
            )
            for network in (self.generator, self.discriminator)
        )
        self.shown = torch.randn(SHOWN, self.latent, device=self.device)

    def learn(self) -> Tensor:
        discriminator_loss, generator_loss = self.train_discriminator(), self.train_generator()
        self.average.update_parameters(self.generator)
        return torch.stack([generator_loss, discriminator_loss])

    def train_discriminator(self) -> Tensor:
        self.discriminator.requires_grad_(True)
        with torch.no_grad():
            drawn = self.draw(self.batch)
        photographs = self.augmented(self.mirrored_batch())
        is_penalised = self.recipe.penalty > 0 and self.steps % R1_EVERY == 0
        photographs.requires_grad_(is_penalised)
        real, fake = self.discriminator(photographs), self.discriminator(self.augmented(drawn))
        loss = F.softplus(-real).mean() + F.softplus(fake).mean()
        penalty = self.r1_penalty(real, photographs) if is_penalised else 0.0
        step(self.discriminator_steps, loss + penalty)
        return loss.detach()

    def train_generator(self) -> Tensor:
        self.discriminator.requires_grad_(False)
        loss = F.softplus(-self.discriminator(self.augmented(self.draw(self.batch)))).mean()
        step(self.generator_steps, loss + self.path_length_penalty())
        return loss.detach()

    def r1_penalty(self, real: Tensor, photographs: Tensor) -> Tensor:
        """R1: how steep the discriminator is where the photographs are, lazily (Karras et al., 2020, section 3.1)."""
        gradients = torch.autograd.grad(real.sum(), photographs, create_graph=True)[0]
        steepness = gradients.float().square().sum((1, 2, 3)).mean()
        return steepness * (self.recipe.penalty / 2 * R1_EVERY)

    def path_length_penalty(self) -> Tensor | float:
        """What the generator pays besides."""
        return 0.0

    def draw(self, count: int) -> Tensor:
        pictures: Tensor = self.generator(torch.randn(count, self.latent, device=self.device))
        return pictures

    def mirrored_batch(self) -> Tensor:
        """(batch, 3, side, side) in -1..1, half of them mirrored."""
        pictures = self.photographs_batch(self.batch)
        is_mirrored = torch.rand(len(pictures), 1, 1, 1, device=self.device) < 0.5
        return torch.where(is_mirrored, pictures.flip(3), pictures)

    def augmented(self, pictures: Tensor) -> Tensor:
        """As the discriminator sees them."""
        return augment(pictures.float(), self.recipe.augmented).contiguous(memory_format=torch.channels_last)

    def samples(self) -> Pictures:
        """Of the same latents each time, by the averaged weights."""
        self.average.eval()
        with torch.no_grad():
            drawn = torch.cat([self.average(part) for part in self.shown.split(16)])
        return to_pictures(drawn)


class StyleGanTraining(AdversarialTraining):
    """A StyleGAN also mixes styles, keeps the average w, and is held to even steps: one of some length in w changes the
    picture by one amount, wherever one stands (path length; Karras et al., 2020, section 3.2)."""

    generator: StyleGenerator
    kept_tensors = ("shown", "path")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.path = torch.zeros((), device=self.device)  # the average length so far

    def draw(self, count: int) -> Tensor:
        z, mixed = torch.randn(2, count, self.latent, device=self.device)
        if torch.rand(()) < STYLE_MIXING:
            cut = int(torch.randint(1, self.generator.config.layers, ()))
            return self.generator(z, mixed, cut)  # type: ignore[no-any-return]
        return self.generator(z)  # type: ignore[no-any-return]

    def train_generator(self) -> Tensor:
        loss = super().train_generator()
        with torch.no_grad():
            w = self.generator.mapping(torch.randn(self.batch, self.latent, device=self.device))
            self.generator.mapping.mean.lerp_(w.float().mean(0), 0.005)
        return loss

    def path_length_penalty(self) -> Tensor | float:
        if self.steps % PATH_LENGTH_EVERY:
            return 0.0
        z = torch.randn(self.batch // 2, self.latent, device=self.device)
        ws = self.generator.styles(z).contiguous()
        pictures = self.generator.synthesis(ws, self.generator.fresh_noise(len(z))).float()
        pushed = torch.randn_like(pictures) / pictures.shape[2]
        gradients = torch.autograd.grad((pictures * pushed).sum(), ws, create_graph=True)[0]
        lengths = gradients.float().square().sum(2).mean(1).sqrt()
        self.path = self.path.lerp(lengths.detach().mean(), 0.01)
        return (lengths - self.path).square().mean() * (PATH_LENGTH_WEIGHT * PATH_LENGTH_EVERY)


def step(optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def training_for(
    recipe: GanRecipe, photographs: Pictures, seed: int, checkpoint: Path, device: str
) -> AdversarialTraining:
    chosen = StyleGanTraining if recipe.architecture == "stylegan" else AdversarialTraining
    return chosen(recipe, photographs, seed, checkpoint, device)
