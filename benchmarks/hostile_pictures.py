"""PNG, JPEG, BMP and what only calls itself a picture."""

import io
import struct
import zlib

import numpy as np
from PIL import Image

from benchmarks.hostile_files import mechanism

Rng = np.random.Generator
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    width: int,
    height: int,
    data: bytes,
    depth: int = 8,
    colour: int = 0,
    interlaced: int = 0,
    before: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """A PNG with this header, whatever its packed `data` hold. before, after: chunks around them."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return SIGNATURE + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + after + chunk(b"IEND")


def zeros(count: int) -> bytes:
    """So many, packed. Level 1 takes a fifth of the time of 9, and the file is four times as large."""
    return zlib.compress(bytes(count), 1)


def small_picture(rng: Rng, side: int = 64) -> Image.Image:
    return Image.fromarray(rng.integers(0, 256, (side, side, 3), np.uint8))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


# --- PNG


@mechanism("picture", "png")
def thin_png(rng: Rng, step: int) -> bytes:
    """One pixel wide, up to 99,000,000 high: two bytes a row, and as many pointers to rows."""
    height = (20_000, 29_999, 1_000_000, 10_000_000, 99_000_000)[step]
    return png(1, height, zeros(2 * height))


@mechanism("picture", "png")
def long_png(rng: Rng, step: int) -> bytes:
    width = (20_000, 29_999, 1_000_000, 10_000_000, 99_000_000)[step]
    return png(width, 1, zeros(width + 1))


@mechanism("picture", "png")
def flat_png(rng: Rng, step: int) -> bytes:
    """4 to 100 megapixels of nothing, in three colours: 300 MB once it is unpacked."""
    side = (2_000, 4_000, 6_000, 8_000, 9_999)[step]
    return png(side, side, zeros((side * 3 + 1) * side), colour=2)


@mechanism("picture", "png")
def deep_png(rng: Rng, step: int) -> bytes:
    """16 bits for each of four channels: eight bytes a pixel."""
    side = (1_000, 2_000, 4_000, 6_000, 8_000)[step]
    return png(side, side, zeros((side * 8 + 1) * side), depth=16, colour=6)


@mechanism("picture", "png")
def interlaced_png(rng: Rng, step: int) -> bytes:
    side = (1_000, 2_000, 4_000, 6_000, 8_000)[step]
    return png(side, side, zeros((side + 99) * side * 2), interlaced=1)


@mechanism("picture", "png")
def lying_header_png(rng: Rng, step: int) -> bytes:
    """Its size is none, or so large that it cannot be, and its data are of another."""
    sizes = ((0, 0), (2**31 - 1, 2**31 - 1), (30_000, 3_333), (0, 9), (2**32 - 1, 1))
    return png(*sizes[step], zeros(100))


@mechanism("picture", "png")
def odd_depth_png(rng: Rng, step: int) -> bytes:
    """Depths and kinds of colour that there are not."""
    depth, colour = ((3, 0), (16, 3), (1, 2), (0, 0), (255, 255))[step]
    return png(100, 100, zeros(100_000), depth=depth, colour=colour)


@mechanism("picture", "png")
def text_bomb_png(rng: Rng, step: int) -> bytes:
    """Packed notes of 20 to 100 MB each."""
    note = chunk(b"zTXt", b"nunbit\0\0" + zeros(20_000_000 * (step + 1)))
    return png(64, 64, zeros(65 * 64), before=note * 3)


@mechanism("picture", "png")
def profile_bomb_png(rng: Rng, step: int) -> bytes:
    """A colour profile that is unpacked to 20 to 100 MB."""
    profile = chunk(b"iCCP", b"a\0\0" + zeros(20_000_000 * (step + 1)))
    return png(64, 64, zeros(65 * 64), before=profile)


@mechanism("picture", "png")
def many_chunks_png(rng: Rng, step: int) -> bytes:
    """10^3 to 10^5 notes, or as many empty pieces of data."""
    count = 1_000 * 3**step
    notes = chunk(b"tEXt", b"a\0b") * count
    return png(64, 64, zeros(65 * 64), before=notes, after=chunk(b"IDAT") * count)


@mechanism("picture", "png")
def palette_png(rng: Rng, step: int) -> bytes:
    """A palette that is missing, of 1 to 255 colours, or larger than there are indices."""
    count = (0, 1, 255, 256, 20_000)[step]
    data = zlib.compress((b"\0" + bytes([255]) * 2_000) * 2_000, 1)
    return png(2_000, 2_000, data, colour=3, before=chunk(b"PLTE", rng.bytes(3 * count)) if count else b"")


@mechanism("picture", "png")
def moving_png(rng: Rng, step: int) -> bytes:
    """Says that it has 1 to 10^9 frames."""
    frames = struct.pack(">II", 10 ** (step * 2) + 1, 0)
    control = struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 10, 0, 0)
    return png(64, 64, zeros(65 * 64), before=chunk(b"acTL", frames) + chunk(b"fcTL", control))


@mechanism("picture", "png")
def cut_png(rng: Rng, step: int) -> bytes:
    whole = saved(small_picture(rng, 200), "PNG")
    return whole[: len(whole) * (step + 1) // 6]


@mechanism("picture", "png")
def scrambled_png(rng: Rng, step: int) -> bytes:
    """Some of its bytes are others, and its checksums wrong."""
    whole = bytearray(saved(small_picture(rng, 200), "PNG"))
    for place in rng.integers(8, len(whole), 2 * 4**step):
        whole[place] ^= 0xFF
    return bytes(whole)


# --- JPEG


def jpeg(rng: Rng, side: int = 64, **options: object) -> bytes:
    return saved(small_picture(rng, side), "JPEG", **options)


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_size(content: bytes, width: int, height: int) -> bytes:
    """The same JPEG with another size in the header of its frame."""
    marker = b"\xff\xc2" if b"\xff\xc2" in content else b"\xff\xc0"
    at = content.index(marker)
    return content[: at + 5] + struct.pack(">HH", height, width) + content[at + 9 :]


@mechanism("picture", "jpg")
def progressive_bomb(rng: Rng, step: int) -> bytes:
    """The last pass of a progressive picture of 65 megapixels, 10 to 25,000 times."""
    whole = with_size(jpeg(rng, 16, progressive=True), 8_000, 8_000)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * (10 * 7**step) + whole[-2:]


@mechanism("picture", "jpg")
def lying_size_jpeg(rng: Rng, step: int) -> bytes:
    """A frame much larger than its data."""
    width, height = ((8_000, 8_000), (30_000, 3_300), (65_535, 65_535), (1, 65_535), (65_535, 0))[step]
    return with_size(jpeg(rng), width, height)


@mechanism("picture", "jpg")
def restart_markers(rng: Rng, step: int) -> bytes:
    """A restart after each block, and many more of them than there are blocks."""
    whole = jpeg(rng, restart_marker_blocks=1)
    return whole[:-2] + b"\xff\xd0\xff\xd1" * 10 ** (step + 2) + whole[-2:]


@mechanism("picture", "jpg")
def preview_in_preview(rng: Rng, step: int) -> bytes:
    """EXIF whose directory is its own next one, or has thousands of entries, and a preview that is itself a JPEG."""
    count = 10**step
    entry = struct.pack("<HHII", 0x0112, 3, 1, 1 + step)
    exif = b"II*\0\x08\0\0\0" + struct.pack("<H", min(count, 5_000)) + entry * min(count, 5_000)
    note = segment(0xE1, b"Exif\0\0" + exif + struct.pack("<I", 8) + jpeg(rng, 8)[:500])
    whole = jpeg(rng)
    return whole[:2] + note + whole[2:]


@mechanism("picture", "jpg")
def arithmetic_jpeg(rng: Rng, step: int) -> bytes:
    """Says that it was packed in a way that few decoders know."""
    kinds = (b"\xff\xc9", b"\xff\xc3", b"\xff\xc5", b"\xff\xcb", b"\xff\xc1")
    return jpeg(rng).replace(b"\xff\xc0", kinds[step], 1)


@mechanism("picture", "jpg")
def four_inks_jpeg(rng: Rng, step: int) -> bytes:
    """CMYK, of one pixel to 64 megapixels, with Adobe's note turned upside down."""
    whole = saved(small_picture(rng).convert("CMYK"), "JPEG")
    return with_size(whole, 2_000 * step + 64, 2_000 * step + 64)


@mechanism("picture", "jpg")
def many_segments(rng: Rng, step: int) -> bytes:
    """5 to 1,500 notes of 64 KB, or as many without a byte."""
    whole, count = jpeg(rng), (5, 50, 300, 999, 20_000)[step]
    return whole[:2] + segment(0xED, b"a" * (20_000 if step < 4 else 0)) * count + whole[2:]


@mechanism("picture", "jpg")
def number_of_lines_later(rng: Rng, step: int) -> bytes:
    """A height of 0, which a marker behind the picture brings (ITU-T T.81, B.2.5)."""
    whole = with_size(jpeg(rng), 64, 0)
    return whole[:-2] + segment(0xDC, struct.pack(">H", 64 * 4**step)) + whole[-2:]


@mechanism("picture", "jpg")
def no_frame_jpeg(rng: Rng, step: int) -> bytes:
    """Markers without a picture: cut before it, of length 0, or nothing but their first byte."""
    whole = jpeg(rng)
    ends = (
        whole[:20],
        b"\xff\xd8\xff\xe0\0\0",
        b"\xff\xd8" + b"\xff" * 200_000,
        whole[: len(whole) // 3],
        b"\xff\xd8\xff",
    )
    return ends[step]


@mechanism("picture", "jpg")
def scrambled_jpeg(rng: Rng, step: int) -> bytes:
    whole = bytearray(jpeg(rng, 300))
    for place in rng.integers(2, 1_000, 2 * 3**step):
        whole[place] = int(rng.integers(256))
    return bytes(whole)


# --- others


@mechanism("picture", "bmp")
def lying_bmp(rng: Rng, step: int) -> bytes:
    width, height = ((20_000, 4_900), (-5, 5), (2**31 - 1, -(2**31)), (0, 0), (30_000, 3_000))[step]
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54, 0, 0, 54) + header + rng.bytes(100)


@mechanism("picture", "bmp")
def run_length_bmp(rng: Rng, step: int) -> bytes:
    """Runs of 255 that lead out of a picture of 4 to 64 megapixels."""
    side = 2_000 * (step + 1) - 1_000
    header = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, 1, 0, 0, 0, 256, 0)
    runs = b"\xff\x01" * (20_000 * (step + 1)) + b"\0\2\xff\xff" * 100
    return b"BM" + struct.pack("<IHHI", 54 + 1024, 0, 0, 54 + 1024) + header + bytes(1024) + runs


@mechanism("picture", "png")
def drawing_called_png(rng: Rng, step: int) -> bytes:
    """SVG: with a script, with entities in entities, with a file of the server's, with itself, with 10^5 groups."""
    entity = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    said = (
        "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        f"<?xml version='1.0'?>{entity}<svg><text>&b;</text></svg>",
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg><text>&a;</text></svg>",
        "<svg id='a' xmlns='http://www.w3.org/2000/svg'><use href='#a'/></svg>",
        "<svg>" + "<g>" * 100_000,
    )
    return said[step].encode()


@mechanism("picture", "png")
def page_in_picture(rng: Rng, step: int) -> bytes:
    """A web page in the notes of a PNG, behind its end, before its beginning, instead of it, and as its name."""
    page = b"<html><script>alert(document.cookie)</script></html>"
    whole = png(64, 64, zeros(65 * 64))
    noted = png(64, 64, zeros(65 * 64), before=chunk(b"tEXt", b"Comment\0" + page))
    return (noted, whole + page, page + whole, page, SIGNATURE + page)[step]


@mechanism("picture", "gif")
def cut_header(rng: Rng, step: int) -> bytes:
    """The first bytes of a kind and no more."""
    heads = (b"GIF89a\1", b"\x89PNG\r\n\x1a\n\0\0\0\rIHD", b"RIFF\4\0\0\0WEBPVP8 ", b"BM\0", b"II*\0\x08")
    return heads[step]
