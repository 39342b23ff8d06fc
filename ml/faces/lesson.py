"""Two networks that learn from each other, in slices of minutes: the weights' running average is what draws faces."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ml.cards import write_whole
from ml.faces.augmentation import augmented
from ml.faces.photographs import Pictures
from ml.faces.recipes import Recipe, config_of, discriminator, generator
from ml.faces.sheets import png, sheet, to_pictures
from ml.faces.stylegan import Generator as StyleGenerator

PENALISED_EVERY = (
    16  # steps of the discriminator, whose penalty counts as often as it was left out (lazily, as there)
)
STRETCHED_EVERY = 8  # likewise of the generator
STRETCH = 2.0  # weight of the path length's penalty
MIXED = 0.5  # share of batches drawn with two styles
SHOWN = 64  # pictures on the sheet of samples
NOTED_EVERY = 30.0  # seconds

Point = dict[str, float]  # of the curves: photographs, seconds, generator_loss, discriminator_loss


@dataclass(frozen=True)
class Standing:
    """share: of all photographs that were to be shown, 0..1."""

    share: float
    step: str
    curves: list[Point]


Watch = Callable[[Standing], None]


class Lesson:
    """Non-saturating losses (Goodfellow et al., 2014, section 3), one step of each network a batch."""

    def __init__(
        self, recipe: Recipe, photographs: Pictures, seed: int, checkpoint: Path, device: str
    ) -> None:
        self.recipe, self.seed, self.checkpoint = recipe, seed, checkpoint
        self.device = torch.device(device)
        torch.manual_seed(seed)
        self.photographs = torch.from_numpy(photographs).permute(0, 3, 1, 2).to(self.device)
        self.generator = self.placed(generator(recipe.architecture))
        self.discriminator = self.placed(discriminator(recipe.architecture))
        keep = 0.5 ** (recipe.batch / recipe.averaging)
        self.average = AveragedModel(self.generator, multi_avg_fn=get_ema_multi_avg_fn(keep))
        self.optimizers = [
            torch.optim.Adam(
                network.parameters(), recipe.rate, recipe.betas, fused=self.device.type == "cuda"
            )
            for network in (self.generator, self.discriminator)
        ]
        self.shown = torch.randn(SHOWN, self.latent, device=self.device)
        self.seen, self.steps = 0, 0
        self.curves: list[Point] = []
        self.losses = torch.zeros(2, device=self.device)  # of generator and discriminator since the last note
        self.plan = f"{recipe} {config_of(recipe.architecture)} {len(photographs)} {seed}"

    def placed(self, network: nn.Module) -> nn.Module:
        return network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    @property
    def latent(self) -> int:
        return int(config_of(self.recipe.architecture)["latent"])

    def run(self, minutes: float | None, watch: Watch) -> None:
        """Goes on from the checkpoint until all was shown or the minutes are over, and leaves a checkpoint."""
        self.resume()
        torch.manual_seed(self.seed + self.seen)
        torch.backends.cudnn.benchmark = True
        began = noted = time.monotonic()
        steps = self.steps
        while self.seen < self.recipe.photographs and not is_over(began, minutes):
            self.learn()
            if time.monotonic() - noted > NOTED_EVERY:
                self.note(time.monotonic() - noted, self.steps - steps)
                watch(self.standing())
                noted, steps = time.monotonic(), self.steps
        if self.steps > steps:
            self.note(time.monotonic() - noted, self.steps - steps)
        watch(self.standing())

    def learn(self) -> None:
        """One batch."""
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            losses = self.teach_discriminator(), self.teach_generator()
        self.losses += torch.stack(losses[::-1])
        self.average.update_parameters(self.generator)
        self.seen += self.recipe.batch
        self.steps += 1

    def teach_discriminator(self) -> Tensor:
        self.discriminator.requires_grad_(True)
        with torch.no_grad():
            drawn = self.draw(self.recipe.batch)
        photographs = self.look(self.some_photographs())
        is_penalised = self.recipe.penalty > 0 and self.steps % PENALISED_EVERY == 0
        photographs.requires_grad_(is_penalised)
        real, fake = self.discriminator(photographs), self.discriminator(self.look(drawn))
        loss = F.softplus(-real).mean() + F.softplus(fake).mean()
        penalty = self.penalty(real, photographs) if is_penalised else 0.0
        self.step(1, loss + penalty)
        return loss.detach()

    def teach_generator(self) -> Tensor:
        self.discriminator.requires_grad_(False)
        loss = F.softplus(-self.discriminator(self.look(self.draw(self.recipe.batch)))).mean()
        self.step(0, loss + self.stretching())
        return loss.detach()

    def step(self, which: int, loss: Tensor) -> None:
        self.optimizers[which].zero_grad(set_to_none=True)
        loss.backward()
        self.optimizers[which].step()

    def penalty(self, real: Tensor, photographs: Tensor) -> Tensor:
        """R1: how steep the discriminator is where the photographs are."""
        slopes = torch.autograd.grad(real.sum(), photographs, create_graph=True)[0]
        steepness = slopes.float().square().sum((1, 2, 3)).mean()
        return steepness * (self.recipe.penalty / 2 * PENALISED_EVERY)

    def stretching(self) -> Tensor | float:
        """What the generator pays besides."""
        return 0.0

    def draw(self, count: int) -> Tensor:
        pictures: Tensor = self.generator(torch.randn(count, self.latent, device=self.device))
        return pictures

    def some_photographs(self) -> Tensor:
        """(batch, 3, side, side) in -1..1, half of them mirrored."""
        chosen = torch.randint(len(self.photographs), (self.recipe.batch,), device=self.device)
        pictures = self.photographs[chosen].float() / 127.5 - 1
        is_mirrored = torch.rand(len(pictures), 1, 1, 1, device=self.device) < 0.5
        return torch.where(is_mirrored, pictures.flip(3), pictures)

    def look(self, pictures: Tensor) -> Tensor:
        """As the discriminator sees them."""
        pictures = augmented(pictures.float()) if self.recipe.augments else pictures
        return pictures.contiguous(memory_format=torch.channels_last)

    def note(self, seconds: float, steps: int) -> None:
        generator_loss, discriminator_loss = (self.losses / steps).tolist()
        self.losses.zero_()
        point = {
            "photographs": self.seen,
            "seconds": seconds,
            "generator_loss": generator_loss,
            "discriminator_loss": discriminator_loss,
        }
        self.curves.append({name: round(value, 4) for name, value in point.items()})
        write_whole(self.checkpoint.with_suffix(".png"), png(sheet(self.samples())))
        self.save()

    def samples(self) -> Pictures:
        """Of the same latents each time, by the averaged weights."""
        self.average.eval()
        with torch.no_grad():
            drawn = torch.cat([self.average(part) for part in self.shown.split(16)])
        return to_pictures(drawn)

    def standing(self) -> Standing:
        share = min(1.0, self.seen / self.recipe.photographs)
        step = f"{self.seen:,} photographs"
        if self.curves:
            last = self.curves[-1]
            step += f", losses {last['generator_loss']:.2f} and {last['discriminator_loss']:.2f}"
        return Standing(share, step, list(self.curves))

    def save(self) -> None:
        draft = self.checkpoint.with_suffix(".draft")
        torch.save(self.state(), draft)
        draft.replace(self.checkpoint)

    def state(self) -> dict[str, Any]:
        networks = {
            name: getattr(self, name).state_dict() for name in ("generator", "discriminator", "average")
        }
        facts = {"plan": self.plan, "seen": self.seen, "steps": self.steps, "curves": self.curves}
        optimizers = [optimizer.state_dict() for optimizer in self.optimizers]
        return networks | facts | {"optimizers": optimizers, "shown": self.shown}

    def resume(self) -> None:
        """Goes on where the checkpoint ends, if it is one of the same plan."""
        if not self.checkpoint.exists():
            return
        kept = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        if kept["plan"] == self.plan:
            self.restore(kept)

    def restore(self, kept: dict[str, Any]) -> None:
        for name in ("generator", "discriminator", "average"):
            getattr(self, name).load_state_dict(kept[name])
        for optimizer, state in zip(self.optimizers, kept["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.seen, self.steps, self.curves, self.shown = (
            kept[n] for n in ("seen", "steps", "curves", "shown")
        )


class StyleLesson(Lesson):
    """A StyleGAN also mixes styles, keeps the average w, and is held to even steps: one of some length in w changes the
    picture by one amount, wherever one stands (path length; Karras et al., 2020, section 3.2)."""

    generator: StyleGenerator

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.path = torch.zeros((), device=self.device)  # the average length so far

    def draw(self, count: int) -> Tensor:
        z, mixed = torch.randn(2, count, self.latent, device=self.device)
        if torch.rand(()) < MIXED:
            cut = int(torch.randint(1, self.generator.config.layers, ()))
            return self.generator(z, mixed, cut)  # type: ignore[no-any-return]
        return self.generator(z)  # type: ignore[no-any-return]

    def teach_generator(self) -> Tensor:
        loss = super().teach_generator()
        with torch.no_grad():
            w = self.generator.mapping(torch.randn(self.recipe.batch, self.latent, device=self.device))
            self.generator.mapping.mean.lerp_(w.float().mean(0), 0.005)
        return loss

    def stretching(self) -> Tensor | float:
        if self.steps % STRETCHED_EVERY:
            return 0.0
        z = torch.randn(self.recipe.batch // 2, self.latent, device=self.device)
        ws = self.generator.styles(z).contiguous()
        pictures = self.generator.synthesis(ws, self.generator.fresh_noise(len(z))).float()
        pushed = torch.randn_like(pictures) / pictures.shape[2]
        slopes = torch.autograd.grad((pictures * pushed).sum(), ws, create_graph=True)[0]
        lengths = slopes.float().square().sum(2).mean(1).sqrt()
        self.path = self.path.lerp(lengths.detach().mean(), 0.01)
        return (lengths - self.path).square().mean() * (STRETCH * STRETCHED_EVERY)

    def state(self) -> dict[str, Any]:
        return super().state() | {"path": self.path}

    def restore(self, kept: dict[str, Any]) -> None:
        super().restore(kept)
        self.path = kept["path"]


def is_over(began: float, minutes: float | None) -> bool:
    return minutes is not None and time.monotonic() - began > 60 * minutes


def lesson_for(recipe: Recipe, photographs: Pictures, seed: int, checkpoint: Path, device: str) -> Lesson:
    chosen = StyleLesson if recipe.architecture == "stylegan" else Lesson
    return chosen(recipe, photographs, seed, checkpoint, device)
