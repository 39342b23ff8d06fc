"""HEIC and AVIF: boxes in boxes, and pictures that are made of other pictures in them."""

import struct

import numpy as np
import pillow_heif

from benchmarks.hostile_files import mechanism
from benchmarks.hostile_pictures import saved, small_picture

Rng = np.random.Generator
pillow_heif.register_heif_opener()


def box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data


def full(kind: bytes, data: bytes, version: int = 0) -> bytes:
    return box(kind, bytes([version, 0, 0, 0]) + data)


def heif(
    items: list[tuple[int, bytes]],
    references: list[tuple[bytes, int, list[int]]],
    size: tuple[int, int],
    data: bytes,
) -> bytes:
    """Items (id, kind), all with the same data and size; the first is the picture."""
    entries = b"".join(
        full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0", 2) for number, kind in items
    )
    told = b"".join(
        box(kind, struct.pack(">HH", source, len(to)) + b"".join(struct.pack(">H", one) for one in to))
        for kind, source, to in references
    )
    shown = full(b"ispe", struct.pack(">II", *size))
    linked = struct.pack(">I", len(items)) + b"".join(
        struct.pack(">HBB", number, 1, 1) for number, _ in items
    )
    places = b"".join(struct.pack(">HHHHHI", number, 1, 0, 1, 0, len(data)) for number, _ in items)
    parts = [
        full(b"hdlr", bytes(4) + b"pict" + bytes(13)),
        full(b"pitm", struct.pack(">H", items[0][0])),
        full(b"iloc", b"\x04\x40" + struct.pack(">H", len(items)) + places, 1),
        full(b"iinf", struct.pack(">H", len(items)) + entries),
        full(b"iref", told),
        box(b"iprp", box(b"ipco", shown) + full(b"ipma", linked)),
        box(b"idat", data),
    ]
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + full(b"meta", b"".join(parts))


def heic(rng: Rng, kind: str = "HEIF") -> bytes:
    return saved(small_picture(rng, 128), kind)


@mechanism("picture", "heic")
def grid_heic(rng: Rng, step: int) -> bytes:
    """A grid of 4 to 65,536 tiles, all the same, for a picture of up to 10^9 pixels."""
    side = (1, 15, 63, 127, 255)[step]
    grid = b"\0\1" + bytes([side, side]) + struct.pack(">II", 40_000, 40_000)
    tiles = [2] * min((side + 1) ** 2, 65_535)
    return heif([(1, b"grid"), (2, b"hvc1")], [(b"dimg", 1, tiles)], (40_000, 40_000), grid)


@mechanism("picture", "heic")
def items_in_a_circle_heic(rng: Rng, step: int) -> bytes:
    """Pictures that are made of each other."""
    kinds = (b"iden", b"grid", b"iovl", b"iden", b"grid")
    ids = list(range(1, step + 3))
    items = [(number, kinds[step]) for number in ids]
    made_of = [(b"dimg", number, [number % len(ids) + 1]) for number in ids]
    return heif(items, made_of, (64, 64), b"\0\0\0\0" + struct.pack(">HH", 64, 64))


@mechanism("picture", "heic")
def lying_size_heic(rng: Rng, step: int) -> bytes:
    """The size that stands before the picture is another."""
    width, height = ((9_999, 9_999), (40_000, 40_000), (0, 0), (2**32 - 1, 2**32 - 1), (29_999, 1))[step]
    whole = heic(rng)
    at = whole.index(b"ispe") + 8
    return whole[:at] + struct.pack(">II", width, height) + whole[at + 8 :]


@mechanism("picture", "heic")
def many_items_heic(rng: Rng, step: int) -> bytes:
    count = (10, 100, 1_000, 10_000, 60_000)[step]
    items = [(number + 1, b"iden") for number in range(count)]
    return heif(items, [(b"dimg", number, [number + 1]) for number in range(1, count)], (64, 64), b"\0" * 8)


@mechanism("picture", "heic")
def cut_heic(rng: Rng, step: int) -> bytes:
    whole = heic(rng)
    return whole[: len(whole) * (step + 1) // 6]


@mechanism("picture", "heic")
def scrambled_heic(rng: Rng, step: int) -> bytes:
    """Lengths and places among its boxes are others."""
    whole = bytearray(heic(rng))
    for place in rng.integers(30, min(400, len(whole)), 2 * 3**step):
        whole[place] = int(rng.integers(256))
    return bytes(whole)


@mechanism("picture", "avif")
def lying_size_avif(rng: Rng, step: int) -> bytes:
    width, height = ((9_999, 9_999), (40_000, 40_000), (0, 0), (2**32 - 1, 2**32 - 1), (29_999, 1))[step]
    whole = heic(rng, "AVIF")
    at = whole.index(b"ispe") + 8
    return whole[:at] + struct.pack(">II", width, height) + whole[at + 8 :]


@mechanism("picture", "avif")
def cut_avif(rng: Rng, step: int) -> bytes:
    whole = heic(rng, "AVIF")
    return whole[: len(whole) * (step + 1) // 6]


@mechanism("picture", "avif")
def frames_avif(rng: Rng, step: int) -> bytes:
    """A film of 2 to 30 pictures."""
    frames = [small_picture(rng) for _ in range(2 + 7 * step)]
    return saved(frames[0], "AVIF", save_all=True, append_images=frames[1:], speed=10)
