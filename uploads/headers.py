"""How large a picture is, by the first bytes of its file: nothing is decoded, whatever they say.

PNG (third edition, 11.2.1), JPEG (ITU-T T.81, B.2.2), WebP (RFC 9649, 2.5 to 2.7), GIF89a (18), BMP.
"""

import struct
from typing import BinaryIO

from .problems import BadFile

Size = tuple[int, int]

MOST_PIXELS = 100_000_000
LONGEST_SIDE = 30_000  # px: A4 at 1,200 dpi has 14,000
LIGHT_BYTES = 1_000_000
LIGHT_PIXELS = 2_000_000
LIGHT_SIDE = 4_096
LIGHT_PASSES = 16  # of a progressive JPEG, each over all pixels: cameras and programs write up to 10
MOST_SEGMENTS = 1_000  # of a JPEG before its size: notes, profiles, previews
START_OF_FRAME = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def size_in(file: BinaryIO) -> Size | None:
    """Width and height in px as they are stored; None of kinds that a parser must be asked for (HEIC, AVIF, TIFF).

    Raises BadFile where the header of one of the others says none. Leaves the file at 0.
    """
    file.seek(0)
    try:
        return _size(file.read(32), file)
    except (struct.error, ValueError, IndexError) as error:
        raise BadFile("broken_picture") from error
    finally:
        file.seek(0)


def check_size(size: Size) -> None:
    """Raises BadFile where nobody should decode such a picture."""
    if min(size) < 1:
        raise BadFile("broken_picture")
    if max(size) > LONGEST_SIDE:
        raise BadFile("too_long")
    if size[0] * size[1] > MOST_PIXELS:
        raise BadFile("too_many_pixels")


def is_light(file: BinaryIO) -> bool:
    """Whether a small PNG, JPEG or WebP, which takes milliseconds to decode, whatever is in it."""
    length = file.seek(0, 2)
    file.seek(0)
    if length > LIGHT_BYTES:
        return False
    content = file.read()
    file.seek(0)
    is_small_kind = content.startswith((b"\x89PNG", b"\xff\xd8\xff")) or content[8:12] == b"WEBP"
    if not is_small_kind or content.count(b"\xff\xda") > LIGHT_PASSES:
        return False
    size = size_in(file)
    return size is not None and max(size) <= LIGHT_SIDE and size[0] * size[1] <= LIGHT_PIXELS


def is_moving(head: bytes) -> bool:
    """Whether the first bytes say so: an animated WebP, or a PNG with frames (third edition, 11.3.6.1)."""
    is_webp = head[8:16] == b"WEBPVP8X" and bool(head[20] & 2)
    return is_webp or (head.startswith(b"\x89PNG") and b"acTL" in head.partition(b"IDAT")[0])


def _size(head: bytes, file: BinaryIO) -> Size | None:
    if head.startswith(b"\x89PNG"):
        return _pair(">II", head, 16 if head[12:16] == b"IHDR" else len(head))
    if head.startswith(b"\xff\xd8"):
        return _jpeg_size(file)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp_size(head)
    if head.startswith(b"GIF8"):
        return _pair("<HH", head, 6)
    if head.startswith(b"BM"):
        width, height = _pair("<ii", head, 18)
        return width, abs(height)
    return None


def _pair(layout: str, head: bytes, at: int) -> Size:
    width, height = struct.unpack_from(layout, head, at)
    return width, height


def _jpeg_size(file: BinaryIO) -> Size:
    """Goes from segment to segment until the one that begins the frame."""
    file.seek(2)
    for _ in range(MOST_SEGMENTS):
        while (marker := file.read(1)) == b"\xff":
            pass
        (length,) = struct.unpack(">H", file.read(2))
        if marker[0] in START_OF_FRAME:
            height, width = _pair(">HH", file.read(5), 1)
            return width, height
        file.seek(length - 2, 1)
    raise ValueError("No frame begins in this JPEG.")


def _webp_size(head: bytes) -> Size:
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = _pair("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (24, 27))
    return width, height
