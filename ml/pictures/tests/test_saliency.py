"""What spoke for an answer."""

import numpy as np
import pytest
import torch

from ml.pictures.backbone import middle
from ml.pictures.labeller import grad_cam, saliency_of


def test_the_closed_form_is_what_gradients_give():
    torch.manual_seed(3)
    maps, layer = torch.rand(1, 64, 7, 7, requires_grad=True), torch.nn.Linear(64, 10)
    layer(maps.mean((2, 3)))[0, 4].backward()
    importance = maps.grad[0].mean((1, 2))  # equations 1 and 2 of the paper
    expected = torch.relu((importance[:, None, None] * maps[0]).sum(0)).detach().numpy()
    found = grad_cam(maps[0].detach().numpy(), layer.weight[4].detach().numpy())
    assert expected.max() > 0
    assert np.abs(found - expected).max() < 1e-7


def test_where_the_network_did_not_look_nothing_spoke():
    maps = np.ones((4, 9, 9), np.float32)
    found = saliency_of(maps, np.ones(4, np.float32), (292, 584, 3), 260)
    left, _top, width, _height = (round(edge * 128 / 584) for edge in middle((292, 584), 260))
    assert found.shape == (64, 128)
    assert not found[:, :left].any() and not found[:, left + width :].any()
    assert found[32, left + width // 2] == 255


def test_what_spoke_against_it_is_left_dark():
    maps = np.zeros((2, 9, 9), np.float32)
    maps[0, :, :4], maps[1, :, 5:] = 1, 1
    found = saliency_of(maps, np.array([1, -1], np.float32), (128, 128, 3), 260)
    assert found[64, 30] == 255 and not found[:, 80:].any()


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (1, 4000), (4000, 1), (3000, 4000)])
def test_a_picture_of_any_shape_has_a_map(shape):
    found = saliency_of(np.ones((4, 9, 9), np.float32), np.ones(4, np.float32), (*shape, 3), 260)
    assert max(found.shape) == 128 and min(found.shape) >= 1 and found.dtype == np.uint8


def test_a_map_in_which_nothing_spoke_is_black():
    assert not saliency_of(np.ones((4, 9, 9), np.float32), -np.ones(4, np.float32), (64, 64, 3), 260).any()
