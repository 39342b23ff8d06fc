"""PNG files that say how they were made, and what is put together from them: a sheet, a film, a ZIP."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import starmap
from typing import Any, BinaryIO

import cv2
import numpy as np
from django.utils.translation import gettext_noop
from numpy.typing import NDArray
from PIL import Image

from generator.order_settings import MADE
from uploads.pictures import check_picture

KEY = "nunbit"  # of the text chunk
HEADER = 33  # bytes: the signature and the chunk IHDR
COLUMNS = 8
FRAME_MS = 80
LONGEST_NOTE = 100_000
NO_SETTINGS = gettext_noop(
    "This picture does not say how it was made. Only PNG files that were drawn here, and not saved anew, do."
)


class NoSettings(ValueError):
    """A picture without a word on how it was made; the text is a sentence."""


def face_png(picture: NDArray[np.uint8], note: str) -> bytes:
    """(h, w, 3) with its settings → a file; the same picture and note give the same bytes."""
    return png_of(picture, {"Description": MADE, KEY: note})


def png_of(picture: NDArray[np.uint8], texts: Mapping[str, str]) -> bytes:
    """(h, w, 3) with ASCII texts. OpenCV, unlike Pillow, lets other threads draw meanwhile, but it knows no texts."""
    _, encoded = cv2.imencode(".png", picture[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    content = encoded.tobytes()
    return content[:HEADER] + b"".join(starmap(text_chunk, texts.items())) + content[HEADER:]


def text_chunk(key: str, said: str) -> bytes:
    """A tEXt chunk (PNG, third edition, 11.3.3.2): length, kind, data, checksum."""
    chunk = b"tEXt" + f"{key}\0{said}".encode("ascii")
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))


def settings_in(file: BinaryIO) -> dict[str, Any]:
    """What `face_png` noted. Raises BadFile where it is no picture, NoSettings where it says nothing."""
    check_picture(file)
    try:
        found = json.loads(note_in(file))
    except (struct.error, ValueError, RecursionError) as problem:  # anyone can write into a file
        raise NoSettings(NO_SETTINGS) from problem
    if not isinstance(found, dict):
        raise NoSettings(NO_SETTINGS)
    return found


def note_in(file: BinaryIO) -> bytes:
    """Of a PNG, by its bytes: the text of this key among the first chunks; empty where there is none."""
    file.seek(0)
    head = file.read(LONGEST_NOTE)
    at = HEADER if head.startswith(b"\x89PNG") else len(head)
    while at + 8 <= len(head):
        length, kind = struct.unpack_from(">I4s", head, at)
        key, _, text = head[at + 8 : at + 8 + length].partition(b"\0")
        if kind == b"tEXt" and key == KEY.encode():
            return text
        at += length + 12
    return b""


def decoded_pngs(pngs: Iterable[bytes]) -> Iterator[Image.Image]:
    for png in pngs:
        yield Image.open(io.BytesIO(bytes(png)), formats=("PNG",)).convert("RGB")


def sheet_of(pngs: Iterable[bytes], columns: int = 0) -> bytes:
    """All on one picture, row by row. PNG. columns: 0 is as many as suit their number."""
    pictures = list(decoded_pngs(pngs))
    columns = columns or min(COLUMNS, max(1, round(len(pictures) ** 0.5)))
    width, height = pictures[0].size
    sheet = Image.new("RGB", (columns * width, -(-len(pictures) // columns) * height))
    for place, picture in enumerate(pictures):
        sheet.paste(picture, (place % columns * width, place // columns * height))
    return png_of(np.asarray(sheet), {"Description": MADE})


def film_of(pngs: Iterable[bytes]) -> bytes:
    """There and back again, for ever. Animated WebP."""
    frames = list(decoded_pngs(pngs))
    first, *others = [*frames, *frames[-2:0:-1]]
    out = io.BytesIO()
    first.save(out, "WEBP", save_all=True, append_images=others, duration=FRAME_MS, loop=0, quality=90)
    return out.getvalue()


def zip_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """PNG files hardly become smaller by packing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, content in files:
            packed.writestr(name, content)
    return out.getvalue()
