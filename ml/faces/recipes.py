"""What each generator is called, built of and taught by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from torch import nn

from ml.faces import dcgan, gan, stylegan


class Config(Protocol):
    @property
    def side(self) -> int: ...
    @property
    def latent(self) -> int: ...


@dataclass(frozen=True)
class GanRecipe:
    """photographs: how many are shown in all; averaging: of them after which half of the averaged weights is new;
    penalty: weight of R1 (Mescheder et al., 2018), 0 is none; augmented: share of the pictures that each change of
    ml.faces.augmentation is done to; rate and betas: of Adam (Kingma and Ba, 2014)."""

    architecture: str
    photographs: int
    batch: int
    rate: float
    betas: tuple[float, float]
    averaging: int = 20_000
    penalty: float = 0.0
    augmented: float = 0.0


RECIPES = {
    "gan": GanRecipe("gan", 2_000_000, batch=128, rate=2e-4, betas=(0.5, 0.999)),
    "dcgan": GanRecipe("dcgan", 2_000_000, batch=128, rate=2e-4, betas=(0.5, 0.999)),
    "stylegan": GanRecipe(
        "stylegan", 3_000_000, batch=256, rate=2.5e-3, betas=(0.0, 0.99), penalty=0.1, augmented=0.25
    ),
}
MODULES = {"gan": gan, "dcgan": dcgan, "stylegan": stylegan}
CONFIGS: dict[str, type[Any]] = {
    "gan": gan.GanConfig,
    "dcgan": dcgan.DcganConfig,
    "stylegan": stylegan.StyleGanConfig,
}


def generator(architecture: str, config: Mapping[str, Any] | None = None) -> nn.Module:
    return MODULES[architecture].Generator(CONFIGS[architecture](**(config or {})))


def discriminator(architecture: str, config: Mapping[str, Any] | None = None) -> nn.Module:
    return MODULES[architecture].Discriminator(CONFIGS[architecture](**(config or {})))


def config_of(architecture: str) -> dict[str, Any]:
    """The default one, as it stands on cards."""
    return as_on_cards(CONFIGS[architecture]())


def as_on_cards(config: Any) -> dict[str, Any]:
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(config).items()
    }
