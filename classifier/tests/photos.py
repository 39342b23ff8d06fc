"""Pictures as people send them, good and bad: photographs that scikit-image carries, and made ones."""

import io
import struct
import zlib
from functools import cache
from typing import Any
from zipfile import ZipFile

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from skimage import data

MAKER = 0x010F  # the EXIF tag of who made the camera
GPS = 0x8825


def as_file(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@cache
def photo(name: str = "chelsea") -> Image.Image:
    """chelsea (a cat), coffee, astronaut, rocket, …"""
    return Image.fromarray(getattr(data, name)())


def upload(content: bytes | None = None, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, as_file(photo()) if content is None else content)


def packed(files: dict[str, bytes]) -> bytes:
    """A ZIP."""
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def located() -> bytes:
    """A JPEG that says where and with what it was taken."""
    exif = Image.Exif()
    exif[MAKER], exif[0x0110] = "Canon", "EOS R6"
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 33.0, 59.0), 3: "E", 4: (126.0, 58.0, 41.0)})
    exif.get_ifd(0x8769)[0x9003] = "2026:05:04 12:30:00"
    return as_file(photo(), exif=exif)


def on_its_side() -> bytes:
    """Stored turned by a quarter; its EXIF data say how it was held."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return as_file(photo().rotate(90, expand=True), exif=exif, quality=95)


def cmyk() -> bytes:
    return as_file(photo().convert("CMYK"), quality=95)


def sixteen_bit() -> bytes:
    return as_file(Image.fromarray(np.asarray(photo().convert("L")).astype(np.uint16) * 257), "PNG")


def with_alpha() -> bytes:
    layer = photo().convert("RGBA")
    layer.putalpha(Image.linear_gradient("L").resize(layer.size).point(lambda value: 255 - value // 4))
    return as_file(layer, "PNG")


def ribbon() -> bytes:
    """1 x 10000 pixels."""
    return as_file(Image.new("L", (10_000, 1), 255), "PNG")


def one_colour() -> bytes:
    return as_file(Image.new("RGB", (320, 240), (40, 90, 160)), "PNG")


def animated() -> bytes:
    return as_file(
        Image.new("RGB", (9, 9)), "WEBP", save_all=True, append_images=[Image.new("RGB", (9, 9), "red")]
    )


def too_many_pixels() -> bytes:
    """300 megapixels that say so in their header; nothing of them is there."""
    whole = as_file(Image.new("L", (1, 1)), "PNG")
    at = whole.index(b"IHDR")
    chunk = whole[at : at + 4] + struct.pack(">II", 20_000, 15_000) + whole[at + 12 : at + 17]
    return whole[:at] + chunk + zlib.crc32(chunk).to_bytes(4, "big") + whole[at + 21 :]
