"""Pictures of many frames or directories: WebP, GIF, TIFF."""

import struct

import numpy as np
from PIL import Image

from benchmarks.hostile_files import mechanism
from benchmarks.hostile_pictures import saved, small_picture

Rng = np.random.Generator


# --- WebP


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def three(number: int) -> bytes:
    return number.to_bytes(3, "little")


def canvas(flags: int, width: int, height: int) -> tuple[bytes, bytes]:
    return b"VP8X", bytes([flags, 0, 0, 0]) + three(width - 1) + three(height - 1)


@mechanism("picture", "webp")
def lying_canvas_webp(rng: Rng, step: int) -> bytes:
    """The canvas has another size than the picture on it."""
    width, height = ((16_384, 6_000), (9_999, 9_999), (2**24, 1), (1, 1), (2**24, 2**24))[step]
    inner = saved(small_picture(rng), "WEBP", lossless=True)
    return riff(canvas(0, width, height), (inner[12:16], inner[20:]))


@mechanism("picture", "webp")
def flat_webp(rng: Rng, step: int) -> bytes:
    """Some KB without loss for 4 to 98 megapixels."""
    side = (2_000, 4_000, 6_000, 8_000, 9_899)[step]
    return saved(Image.new("RGB", (side, side)), "WEBP", lossless=True, method=0, quality=0)


@mechanism("picture", "webp")
def frames_webp(rng: Rng, step: int) -> bytes:
    """10 to 10^5 frames on one canvas, with and without the flag that says so."""
    inner = saved(Image.new("RGB", (8, 8)), "WEBP", lossless=True)[12:]
    frame = three(0) * 2 + three(7) * 2 + three(1) + b"\0" + inner
    count = 10 ** (step + 1)
    return riff(canvas(2 if step % 2 else 0, 1_000, 1_000), (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * count)


@mechanism("picture", "webp")
def cut_webp(rng: Rng, step: int) -> bytes:
    whole = saved(small_picture(rng, 200), "WEBP")
    return whole[: len(whole) * (step + 1) // 6]


# --- GIF


def gif(width: int, height: int, frame: bytes) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + frame + b";"


def gif_frame(width: int, height: int, disposal: int = 0) -> bytes:
    control = b"\x21\xf9\4" + bytes([disposal << 2]) + bytes(4)
    return control + b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\2\2\x44\1\0"


@mechanism("picture", "gif")
def frames_gif(rng: Rng, step: int) -> bytes:
    """1 to 10^5 frames, each of which is laid over or takes back the last."""
    return gif(1_000, 1_000, gif_frame(1, 1, step % 4) * (1 + 10 ** (step + 1)))


@mechanism("picture", "gif")
def lying_canvas_gif(rng: Rng, step: int) -> bytes:
    """A canvas or a frame of up to 65,535 on a side."""
    canvases = ((65_535, 65_535), (30_000, 3_333), (1, 1), (0, 0), (9_999, 9_999))
    frames = ((1, 1), (30_000, 3_333), (65_535, 65_535), (9, 9), (0, 0))
    return gif(*canvases[step], gif_frame(*frames[step]))


# --- TIFF


def tiff(entries: list[tuple[int, int, int, int]], following: int = 0, data: bytes = b"") -> bytes:
    """One directory at byte 8: (tag, type, count, value), then the place of the next one, then data."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in sorted(entries))
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following) + data


def plain(width: int, height: int, data: int, **more: int) -> list[tuple[int, int, int, int]]:
    """The tags of a grey picture whose data begin at `data`."""
    tags = {"compression": 1, "bits": 8, "photometric": 1, "rows": height, "bytes": width * height} | more
    return [
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, tags["bits"]),
        (259, 3, 1, tags["compression"]),
        (262, 3, 1, tags["photometric"]),
        (273, 4, 1, data),
        (277, 3, 1, 1),
        (278, 4, 1, min(tags["rows"], 2**32 - 1)),
        (279, 4, 1, min(tags["bytes"], 2**32 - 1)),
    ]


@mechanism("picture", "tif")
def cyclic_tiff(rng: Rng, step: int) -> bytes:
    """A directory whose next one is itself, or lies behind the end."""
    following = (8, 8, 2**32 - 1, 9, 0)[step]
    return tiff(plain(64, 64 * (step + 1), 200), following, bytes(99_999))


@mechanism("picture", "tif")
def many_directories_tiff(rng: Rng, step: int) -> bytes:
    """10 to 10^5 pages of one pixel each."""
    count, size = 10 ** (step + 1), 2 + 9 * 12 + 4
    pages = []
    for number in range(count):
        following = 8 + size * (number + 1) if number + 1 < count else 0
        pages.append(tiff(plain(1, 1, 4), following)[8:])
    return b"II*\0\x08\0\0\0" + b"".join(pages)


@mechanism("picture", "tif")
def lying_strips_tiff(rng: Rng, step: int) -> bytes:
    """Strips that lie behind the end, are of 4 GB, or are too many."""
    width, height, data = (
        (9_999, 9_999, 200),
        (64, 64, 2**31),
        (2**31, 1, 200),
        (30_000, 3_000, 8),
        (0, 0, 0),
    )[step]
    return tiff(plain(width, height, data, rows=1 if step % 2 else height), data=rng.bytes(300))


@mechanism("picture", "tif")
def tiles_tiff(rng: Rng, step: int) -> bytes:
    """Tiles of no side, or of sides of up to 2^30, on a picture of 64."""
    side = (0, 1, 16, 2**16, 2**30)[step]
    tags = [tag for tag in plain(64, 64, 300) if tag[0] not in (273, 278, 279)]
    tags += [(322, 4, 1, side), (323, 4, 1, side), (324, 4, 1, 300), (325, 4, 1, 4_096)]
    return tiff(tags, data=bytes(9_999))


@mechanism("picture", "tif")
def fax_tiff(rng: Rng, step: int) -> bytes:
    """A fax of some bytes for up to 100 megapixels."""
    side = (2_000, 4_000, 6_000, 8_000, 9_999)[step]
    tags = plain(side, side, 200, compression=(2, 3, 4, 4, 3)[step], bits=1, bytes=9_000)
    return tiff(tags, data=b"\xff\0" * 5_000)


@mechanism("picture", "tif")
def packed_tiff(rng: Rng, step: int) -> bytes:
    """Zeros in one strip, packed by Pillow: deflate, LZW, runs."""
    side = (2_000, 4_000, 6_000, 8_000, 9_999)[step]
    kinds = ("tiff_adobe_deflate", "tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_lzw")
    return saved(Image.new("L", (side, side)), "TIFF", compression=kinds[step])


@mechanism("picture", "tif")
def huge_tags_tiff(rng: Rng, step: int) -> bytes:
    """Tags that claim up to 2^32 values, and thousands of tags that no one knows."""
    tags = plain(64, 64, 200) + [(33_432, 2, 10 ** (2 * step + 1), 8), (270, 12, 2**31, 8), (34_665, 4, 1, 8)]
    tags += [(40_000 + number, 3, 1, number) for number in range(10**step)]
    return tiff(tags, data=bytes(9_999))


@mechanism("picture", "tif")
def big_tiff(rng: Rng, step: int) -> bytes:
    """The form for files beyond 4 GB, whose directory lies there, in a circle or nowhere."""
    place = (16, 2**40, 2**63, 0, 8)[step]
    entry = struct.pack("<HHQQ", 256, 16, 2 ** (step * 12), 64)
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", place, 1) + entry + struct.pack("<Q", place) + bytes(999)


@mechanism("picture", "tif")
def numbers_tiff(rng: Rng, step: int) -> bytes:
    """Pixels that are fractions, NaN, infinite, complex, or of 64 bits."""
    pixels = np.full((64, 64), np.nan if step % 2 else np.inf, np.float32).tobytes()
    bits = (32, 32, 64, 128, 16)[step]
    tags = [*plain(64, 64, 200, bits=bits, bytes=len(pixels)), (339, 3, 1, (3, 3, 6, 5, 2)[step])]
    return tiff(tags, data=bytes(200 - 8 - 2 - 12 * len(tags) - 4) + pixels * (bits // 32 or 1))
