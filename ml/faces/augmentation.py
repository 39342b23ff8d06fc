"""Differentiable augmentation (Zhao et al., 2020): what the discriminator sees of photographs and of drawn pictures
alike is coloured, moved and cut, so that few photographs last longer. Each is done to a share of the pictures only, or
the generator would learn to draw it (Karras et al., Training GANs with Limited Data, 2020, section 2.2).
Pictures (n, 3, h, w) in -1..1."""

import torch
from torch import Tensor
from torch.nn import functional as F

MOVED = 1 / 8  # of the side
CUT = 1 / 2


def augment(pictures: Tensor, share: float) -> Tensor:
    if share == 0:
        return pictures
    for change in (jitter_color, shift, cutout):
        is_changed = torch.rand(len(pictures), 1, 1, 1, device=pictures.device) < share
        pictures = torch.where(is_changed, change(pictures), pictures)
    return pictures


def jitter_color(pictures: Tensor) -> Tensor:
    """Brightness, saturation and contrast, each by a factor or an offset of its own for every picture."""
    brightness, saturation, contrast = torch.rand(3, len(pictures), 1, 1, 1, device=pictures.device)
    pictures = pictures + (brightness - 0.5)
    grey = pictures.mean(1, keepdim=True)
    pictures = grey + (pictures - grey) * (2 * saturation)
    mean = pictures.mean((1, 2, 3), keepdim=True)
    return mean + (pictures - mean) * (contrast + 0.5)


def shift(pictures: Tensor) -> Tensor:
    """By whole pixels, grey where nothing was."""
    count, side = len(pictures), pictures.shape[2]
    most = round(side * MOVED)
    padded = F.pad(pictures, [most] * 4)
    rows, columns = torch.randint(0, 2 * most + 1, (2, count, 1), device=pictures.device)
    places = torch.arange(side, device=pictures.device)
    picture = torch.arange(count, device=pictures.device)[:, None, None]
    chosen = padded.permute(0, 2, 3, 1)[picture, (rows + places)[:, :, None], (columns + places)[:, None]]
    return chosen.permute(0, 3, 1, 2)


def cutout(pictures: Tensor) -> Tensor:
    """A square of half the side turns grey."""
    count, side = len(pictures), pictures.shape[2]
    tops, lefts = torch.randint(0, side + 1, (2, count, 1), device=pictures.device)
    places = torch.arange(side, device=pictures.device)
    half = round(side * CUT / 2)
    hidden = ((places - tops).abs() < half)[:, :, None] & ((places - lefts).abs() < half)[:, None]
    return pictures * ~hidden[:, None]
