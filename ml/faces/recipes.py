"""What each generator is called, built of and taught by."""

from dataclasses import dataclass
from typing import Any

from torch import nn

from ml.core.cards import config_on_card
from ml.faces import dcgan, gan, stylegan


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
NETWORKS: dict[
    str, tuple[type[Any], type[nn.Module], type[nn.Module]]
] = {  # config, generator, discriminator
    "gan": (gan.GanConfig, gan.Generator, gan.Discriminator),
    "dcgan": (dcgan.DcganConfig, dcgan.Generator, dcgan.Discriminator),
    "stylegan": (stylegan.StyleGanConfig, stylegan.Generator, stylegan.Discriminator),
}


def generator(architecture: str) -> nn.Module:
    config, network, _ = NETWORKS[architecture]
    return network(config())


def discriminator(architecture: str) -> nn.Module:
    config, _, network = NETWORKS[architecture]
    return network(config())


def config_of(architecture: str) -> dict[str, Any]:
    """The default one, as it stands on cards."""
    return config_on_card(NETWORKS[architecture][0]())
