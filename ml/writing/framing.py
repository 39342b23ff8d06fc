"""Ink laid out as in MNIST: the longer side 20 pixels, the centre of mass in the middle of 28 x 28.

LeCun, Bottou, Bengio, Haffner, Gradient-based learning applied to document recognition (1998), section III.A.
"""

import numpy as np

from ml.core.arrays import Picture, crop_to_ink, rescale

SIDE = 28
INNER = 20
INK = 32  # of 255: fainter than this is ground


def framed(ink: Picture) -> Picture:
    """(h, w) uint8 with ink high, of any size -> (28, 28) uint8. A picture without ink gives one without ink.

    What is laid out this way already comes back as it is.
    """
    if is_framed(ink):
        return ink
    cut = crop_to_ink(ink, INK)
    if cut is None:
        return np.zeros((SIDE, SIDE), np.uint8)
    return centred(resize_to_frame(cut))


def is_framed(ink: Picture) -> bool:
    """Whether a picture is laid out as MNIST's are, within a pixel."""
    if ink.shape != (SIDE, SIDE):
        return False
    cut = crop_to_ink(ink, INK)
    if cut is None:
        return False
    moves = offset(ink)
    return abs(max(cut.shape) - INNER) <= 1 and max(abs(moves[0]), abs(moves[1])) <= 1


def resize_to_frame(cut: Picture) -> Picture:
    """The longer side made 20 pixels. Thin strokes of large drawings keep their darkness: MNIST's are dark too."""
    scale = INNER / max(cut.shape)
    small = rescale(cut, scale)
    if scale >= 1:
        return small
    small = small.astype(np.float32)
    return np.clip(small * (255 / max(float(small.max()), 1.0)), 0, 255).astype(np.uint8)


def centred(small: Picture) -> Picture:
    """On 28 x 28 with the centre of mass in the middle, as far as the edges allow."""
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    high, wide = small.shape
    top, left = (SIDE - high) // 2, (SIDE - wide) // 2
    canvas[top : top + high, left : left + wide] = small
    down, right = offset(canvas)
    top, left = np.clip(top - down, 0, SIDE - high), np.clip(left - right, 0, SIDE - wide)
    canvas[:] = 0
    canvas[top : top + high, left : left + wide] = small
    return canvas


def offset(ink: Picture) -> tuple[int, int]:
    """How far the centre of mass lies below and to the right of the middle, in whole pixels."""
    mass = ink.astype(np.float32)
    total = float(mass.sum()) or 1.0
    middle = (SIDE - 1) / 2
    rows = float((mass.sum(1) * np.arange(SIDE)).sum()) / total
    columns = float((mass.sum(0) * np.arange(SIDE)).sum()) / total
    return round(rows - middle), round(columns - middle)
