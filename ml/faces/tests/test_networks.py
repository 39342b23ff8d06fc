"""The three generators of faces, small, and how they are wished from."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from ml.core.cards import Card, config_on_card
from ml.faces import dcgan, gan, stylegan
from ml.faces.drawing import Drawer, FaceRequest, StyleDrawer

CONFIGS = {
    gan: gan.GanConfig(latent=16, hidden=(32,), judging=(32,)),
    dcgan: dcgan.DcganConfig(latent=16, width=4),
    stylegan: stylegan.StyleGanConfig(latent=16, channels=(16, 16, 8, 8, 8), edits=("smile", "age")),
}
STYLE = CONFIGS[stylegan]


def card_of(config) -> Card:
    fields = dict.fromkeys(Card.__dataclass_fields__) | {"config": config_on_card(config)}
    return Card(**fields)


def drawer_of(module) -> Drawer:
    torch.manual_seed(3)
    config = CONFIGS[module]
    drawer = StyleDrawer if module is stylegan else Drawer
    return drawer(card_of(config), module.Generator(config), "cpu")


@pytest.fixture(scope="module")
def style() -> StyleDrawer:
    drawer = drawer_of(stylegan)
    network = drawer.network
    for layer in network.synthesis.layers:
        layer.noise_strength.data.fill_(0.3)
    network.mapping.mean.copy_(network.mapping(torch.randn(500, 16)).mean(0))
    network.directions.copy_(torch.randn(2, 16) * 0.2)
    return drawer


@pytest.mark.parametrize("module", CONFIGS)
def test_a_generator_draws_what_its_discriminator_judges(module):
    config = CONFIGS[module]
    pictures = module.Generator(config)(torch.randn(4, config.latent))
    assert pictures.shape == (4, 3, 64, 64)
    assert module.Discriminator(config)(pictures).shape == (4,)


@pytest.mark.parametrize("module", CONFIGS)
def test_a_wish_is_the_same_picture_alone_and_among_others(module):
    drawer = drawer_of(module)
    alone = drawer.draw([FaceRequest(7)])
    assert (drawer.draw([FaceRequest(1), FaceRequest(7), FaceRequest(2)])[1] == alone[0]).all()
    assert not torch.equal(drawer.pictures([FaceRequest(8)]), drawer.pictures([FaceRequest(7)]))


@pytest.mark.parametrize("module", CONFIGS)
def test_a_wish_leads_from_one_seed_to_another(module):
    drawer = drawer_of(module)
    start, middle, end = (
        drawer.pictures([FaceRequest(1, towards=2, share=share)]) for share in (0.0, 0.5, 1.0)
    )
    assert torch.allclose(start, drawer.pictures([FaceRequest(1)]), atol=1e-5)
    assert (middle - start).abs().mean() < (end - start).abs().mean()
    if module is not stylegan:  # whose noise stays that of the first seed
        assert torch.allclose(end, drawer.pictures([FaceRequest(2)]), atol=1e-4)


def test_seeds_up_to_the_largest_are_drawn(style):
    assert style.draw([FaceRequest(0), FaceRequest(2**63 - 1)]).shape == (2, 64, 64, 3)


def test_to_modulate_maps_is_to_modulate_weights():
    """Karras et al., 2020, equations 1 and 3, as they stand there."""
    layer = stylegan.ModulatedConv2d(6, 5, 3, latent=4)
    maps, w = torch.randn(2, 6, 8, 8), torch.randn(2, 4)
    for one, style, found in zip(maps, layer.style(w), layer(maps, w), strict=True):
        weight = layer.convolution.weight * layer.convolution.scale * style[None, :, None, None]
        weight = weight / (weight.square().sum((1, 2, 3), keepdim=True) + 1e-8).sqrt()
        assert torch.allclose(F.conv2d(one[None], weight, padding=1)[0], found, atol=1e-5)


def test_no_truncation_left_is_the_average_face(style):
    styles = [style.styles(FaceRequest(seed, truncation=0.0)) for seed in (1, 2)]
    assert torch.allclose(styles[0], styles[1])
    assert torch.allclose(styles[0][0], style.network.mapping.mean)


def test_mixing_keeps_the_coarse_layers_and_takes_the_fine_ones(style):
    own, other = style.styles(FaceRequest(1)), style.styles(FaceRequest(2))
    mixed = style.styles(FaceRequest(1, mix_seed=2, mix_from=6))
    assert torch.equal(mixed[:6], own[:6])
    assert torch.equal(mixed[6:], other[6:])


def test_an_edit_is_a_step_along_its_direction(style):
    moved = style.styles(FaceRequest(1, edits={"age": -2.0})) - style.styles(FaceRequest(1))
    assert torch.allclose(moved[0], -2 * style.network.directions[1], atol=1e-5)


def test_a_code_takes_the_seeds_place_and_is_varied_by_it(style):
    code = style.styles(FaceRequest(5)).numpy()
    assert np.allclose(style.styles(FaceRequest(1, code=code)), code)
    one, other = (style.styles(FaceRequest(seed, code=code, variation=0.3)) for seed in (1, 2))
    assert not torch.allclose(one, other)


def test_a_discriminator_sees_that_all_pictures_are_alike():
    judge = stylegan.Discriminator(STYLE)
    same = torch.randn(1, 8, 4, 4).expand(4, -1, -1, -1)
    assert judge.minibatch_stddev(same).max() < 1e-3 < judge.minibatch_stddev(torch.randn(4, 8, 4, 4)).min()


def test_the_published_size_has_at_most_five_million_parameters():
    network = stylegan.Generator(replace(stylegan.StyleGanConfig()))
    assert sum(parameter.numel() for parameter in network.parameters()) <= 5_000_000
