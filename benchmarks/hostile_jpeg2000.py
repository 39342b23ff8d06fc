"""JPEG 2000: code streams (ITU-T T.800, A.5.1) that lie about sizes and tiles, and boxes around them."""

import struct

import numpy as np

from benchmarks.hostile_files import mechanism
from benchmarks.hostile_pictures import saved, small_picture

Rng = np.random.Generator
SIZE, TILE = 8, 24  # where width and height of the picture and of its tiles stand in a code stream


def stream(rng: Rng, side: int = 64) -> bytes:
    return saved(small_picture(rng, side), "JPEG2000", no_jp2=True)


def with_pair(content: bytes, at: int, width: int, height: int) -> bytes:
    return content[:at] + struct.pack(">II", width, height) + content[at + 8 :]


@mechanism("picture", "jp2")
def lying_size_jp2(rng: Rng, step: int) -> bytes:
    """64 pixels a side that call themselves up to 10^9."""
    side = (5_000, 9_999, 30_000, 1_000_000, 2**30)[step]
    whole = with_pair(stream(rng), SIZE, side, side)
    return with_pair(whole, TILE, side, side)


@mechanism("picture", "jp2")
def small_tiles_jp2(rng: Rng, step: int) -> bytes:
    """Up to 10^8 tiles of a pixel."""
    side = 10 ** (step + 1) if step < 4 else 9_999
    return with_pair(with_pair(stream(rng), SIZE, side, side), TILE, 1, 1)


@mechanism("picture", "jp2")
def scrambled_jp2(rng: Rng, step: int) -> bytes:
    """Within its boxes, or cut off, or with bytes changed."""
    whole = bytearray(saved(small_picture(rng, 300), "JPEG2000"))
    if step == 0:
        return bytes(whole[: len(whole) // 3])
    for place in rng.integers(12, 2_000, 2 * 3**step):
        whole[place] = int(rng.integers(256))
    return bytes(whole)
