"""Other hands and scanners for the same digit: turned, slanted, stretched, moved, bent, thicker, thinner, coarser."""

import math

import torch
from torch import Tensor, nn

KNOTS = 5  # the bending is drawn at 5 x 5 points and smooth between them
PLAIN = 0.2  # this share of every batch is only moved a little
COARSE = 0.2  # this share is seen as if it had been scanned or written small
COARSEST, FINEST = 14, 26  # pixels of the side of such a scan


def varied(pictures: Tensor, strength: float = 1.0) -> Tensor:
    """(n, 1, h, w) in 0..1 -> the same shape. At strength 1: turned by 8 degrees and slanted by 0.12 (standard
    deviations), each side 0.82 to 1.18, moved by up to 2 pixels, bent by 0.6 pixels (elastic distortion; Simard,
    Steinkraus, Platt, 2003), one in two with other strokes, and one in five coarse."""
    strengths = torch.where(torch.rand(len(pictures)) < PLAIN, 0.3, 1.0) * strength
    grid = places(strengths, pictures.shape[2], pictures.shape[3])
    moved = nn.functional.grid_sample(pictures, grid, align_corners=False)
    return coarsened(vary_strokes(moved, strengths), round(COARSE * len(pictures) * min(strength, 1.0)))


def places(strengths: Tensor, high: int, wide: int) -> Tensor:
    """Where each pixel (n, h, w, 2) is taken from, -1..1 from edge to edge."""
    count = len(strengths)
    turn = torch.randn(count) * math.radians(8) * strengths
    slant = torch.randn(count) * 0.12 * strengths
    stretch = torch.exp((torch.rand(count, 2) - 0.5) * 0.36 * strengths[:, None])
    move = (torch.rand(count, 2) - 0.5) * 4 * (2 / high) * strengths[:, None]
    cos, sin = torch.cos(turn), torch.sin(turn)
    across = torch.stack([cos * stretch[:, 0], (slant * cos - sin) * stretch[:, 0], move[:, 0]], 1)
    down = torch.stack([sin * stretch[:, 1], (slant * sin + cos) * stretch[:, 1], move[:, 1]], 1)
    grid = nn.functional.affine_grid(torch.stack([across, down], 1), [count, 1, high, wide], False)
    knots = torch.randn(count, 2, KNOTS, KNOTS) * 0.6 * (2 / high) * strengths[:, None, None, None]
    bend = nn.functional.interpolate(knots, (high, wide), mode="bicubic", align_corners=True)
    return grid + bend.permute(0, 2, 3, 1)


def vary_strokes(pictures: Tensor, strengths: Tensor) -> Tensor:
    """Strokes up to about a pixel thicker (a quarter of the pictures) or thinner (a quarter)."""
    way = torch.rand(len(pictures))
    amount = (torch.rand(len(pictures)) * strengths)[:, None, None, None]
    thick = nn.functional.max_pool2d(pictures, 3, 1, 1)
    thin = -nn.functional.max_pool2d(-pictures, 3, 1, 1)
    is_thick, is_thin = (way < 0.25)[:, None, None, None], (way > 0.75)[:, None, None, None]
    thicker = pictures + amount * (thick - pictures) * is_thick
    return thicker + 0.6 * amount * (thin - pictures) * is_thin


def coarsened(pictures: Tensor, count: int) -> Tensor:
    """The first `count` of them (batches are in no order) scanned with few pixels, 14 to 26 a side, and with edges from
    as soft as that makes them to as hard as black and white."""
    side = int(torch.randint(COARSEST, FINEST + 1, ()))
    small = nn.functional.interpolate(pictures[:count], (side, side), mode="area")
    soft = nn.functional.interpolate(small, pictures.shape[2:], mode="bilinear", align_corners=False)
    hardness = 1 + 4 * torch.rand(count, 1, 1, 1) ** 2
    hard = torch.clamp((soft - 0.5) * hardness + 0.5, 0, 1)
    return torch.cat([hard, pictures[count:]])
