"""Pictures of digits as people send them, good and bad."""

import io
from typing import Any

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.support.strokes import written


def as_file(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def upload(content: bytes, name: str = "picture.png") -> dict[str, SimpleUploadedFile]:
    return {"image": SimpleUploadedFile(name, content)}


def grey(*rows: str, **how: Any) -> Image.Image:
    return Image.fromarray(written(*(rows or ("47",)), **how))


def cmyk() -> bytes:
    return as_file(grey().convert("CMYK"), "JPEG", quality=95)


def sixteen_bit() -> bytes:
    return as_file(Image.fromarray(np.asarray(grey()).astype(np.uint16) * 257))


def palette_with_alpha() -> bytes:
    """Dark strokes on a ground that is transparent, and black where it is not shown."""
    ink = 255 - np.asarray(grey(paper=255))
    layer = np.zeros((*ink.shape, 4), np.uint8)
    layer[..., 3] = ink
    return as_file(Image.fromarray(layer).quantize(16))


def on_its_side() -> bytes:
    """Stored turned by a quarter; its EXIF data say how it was held."""
    exif = Image.Exif()
    exif[0x0112] = 6
    return as_file(grey().rotate(90, expand=True), "JPEG", exif=exif, quality=95)


def ribbon() -> bytes:
    """1 x 10000 pixels."""
    return as_file(Image.new("L", (10_000, 1), 255))


def animated() -> bytes:
    return as_file(grey(), "WEBP", save_all=True, append_images=[grey("12")])
