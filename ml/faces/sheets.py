"""From what a generator draws to pictures, and to sheets of many."""

import io

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from ml.core.arrays import Pictures


def to_pictures(drawn: Tensor) -> Pictures:
    """(n, 3, side, side) in -1..1 -> (n, side, side, 3) uint8."""
    levels = (drawn.float() + 1) * 127.5
    return levels.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()


def contact_sheet(pictures: Pictures, columns: int = 8) -> Pictures:
    """Row by row, black where pictures run out. (rows * side, columns * side, 3)."""
    count, side = len(pictures), pictures.shape[1]
    rows = -(-count // columns)
    places = np.zeros((rows * columns, *pictures.shape[1:]), np.uint8)
    places[:count] = pictures
    grid = places.reshape(rows, columns, side, side, 3).swapaxes(1, 2)
    return grid.reshape(rows * side, columns * side, 3)


def png(picture: Pictures) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    return out.getvalue()
