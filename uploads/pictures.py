"""Pictures that people upload: refused with a sentence, or upright, opaque, in eight bits and not too large.

What a file is, is told by its content. Web processes only look at bytes (`check_picture`); workers open small pictures
themselves and all others in a child (`Sandbox.open`).
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, BinaryIO, TypeAlias

import filetype
import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image, ImageOps

from .headers import check_size, is_moving, size_in
from .problems import BadFile

Rgb: TypeAlias = NDArray[Any]  # uint8 (h, w, 3)

MOST_BYTES = 100_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "HEIF")
MIMES = {f"image/{kind}" for kind in ("jpeg", "png", "apng", "webp", "avif", "gif", "bmp", "tiff", "heic")}
# JPEG and HEIC carry previews and depth maps beside the one picture
MAY_MOVE = ("PNG", "WEBP", "AVIF", "GIF", "TIFF")
LIGHT = 127.5
LARGE = 50_000_000  # pixels: decoders that run out of memory say of larger ones that they are damaged
STRIP = 16  # rows

pillow_heif.register_heif_opener()
Image.init()  # loads every format, which `formats=` below needs


@contextmanager
def decoding(reason: str) -> Iterator[None]:
    """Whatever a decoder raises within is BadFile of this reason.

    A file that was too large for this machine's memory is not the file's fault: that is raised as it is.
    """
    try:
        yield
    except (BadFile, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise BadFile("too_many_pixels") from error
    except Exception as error:  # eleven classes were seen with damaged files, and each decoder has its own
        raise BadFile(reason) from error


def check_picture(file: BinaryIO, *, may_move: bool = False) -> None:
    """Looks at bytes only; raises BadFile for what they say is no picture of a sensible size, or none alone unless it
    may_move. Leaves the file at 0. What only a parser can tell is told by whoever opens it."""
    try:
        _check_bytes(file, may_move)
    finally:
        file.seek(0)


def open_rgb(content: bytes, longest: int = 4000, *, may_move: bool = False) -> Rgb:
    """The picture, upright by its EXIF orientation, no side longer than `longest`; of several the first. Raises BadFile
    as `check_picture` does, where it holds several and may not, and where it is damaged behind its header. For files of
    people: by `Sandbox.open`."""
    file = BytesIO(content)
    _check_bytes(file, may_move)
    file.seek(0)
    picture = open_header(file, FORMATS)
    if not may_move and picture.format in MAY_MOVE and _holds_several(picture):
        raise BadFile("several_pictures")
    is_large = picture.width * picture.height > LARGE
    with decoding("too_demanding" if is_large else "broken_picture"):
        picture.draft(None, (longest, longest))  # a large JPEG is made smaller while it is decoded
        picture.load()
        ImageOps.exif_transpose(picture, in_place=True)
        upright = opaque(picture)
    upright.thumbnail((longest, longest), Image.Resampling.BOX)
    return as_array(upright)


def open_header(file: BinaryIO, formats: tuple[str, ...]) -> Image.Image:
    """The picture with nothing decoded yet. Raises BadFile where it is too large or cannot be opened."""
    with decoding("broken_picture"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow warns from 89 megapixels on; the limit here is our own
        picture = Image.open(file, formats=formats)
    check_size(picture.size)
    return picture


def opaque(picture: Image.Image) -> Image.Image:
    """Any mode to RGB. What is transparent is the ground: light around dark ink, dark around light ink."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return Image.fromarray(narrow(np.asarray(picture))).convert("RGB")
    if not picture.has_transparency_data:
        return picture if picture.mode == "RGB" else picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white" if _wants_white(np.asarray(layer)) else "black")
    return Image.alpha_composite(ground, layer).convert("RGB")


def as_array(picture: Image.Image) -> Rgb:
    """The pixels of an RGB picture. Strip by strip, for which Pillow takes half of the time that it takes for a large
    whole: what it copies on the way stays in the processor's cache."""
    array = np.empty((picture.height, picture.width, 3), np.uint8)
    for top in range(0, picture.height, STRIP):
        bottom = min(top + STRIP, picture.height)
        array[top:bottom] = np.asarray(picture.crop((0, top, picture.width, bottom)))
    return array


def encoded(picture: Image.Image, kind: str = "JPEG") -> bytes:
    """A file of it for people to see, without what a camera wrote into the one that it came from."""
    out = BytesIO()
    picture.save(out, kind, quality=88)
    return out.getvalue()


def narrow(wide: NDArray[Any]) -> NDArray[np.uint8]:
    """16 bits or fractions to 8. Some scanners write 12 bits into 16, so the largest value there is becomes white."""
    top = float(wide.max()) or 1.0
    white = next((known for known in (1, 255, 4095, 65535) if top <= known), top)
    is_fraction = wide.dtype.kind == "f"
    scale = 255 / (white if is_fraction else max(white, 255))
    return np.clip(wide.astype(np.float32) * scale, 0, 255).astype(np.uint8)


def _wants_white(rgba: NDArray[np.uint8]) -> bool:
    """Ink stands out from its ground; but where most is opaque, what is missing (a round corner) is like the rest."""
    alpha = rgba[..., 3].astype(np.float32)
    lightness = float((rgba[..., :3].mean(2) * alpha).sum() / max(float(alpha.sum()), 1.0))
    is_ink = float(alpha.mean()) < LIGHT
    return (lightness <= LIGHT) == is_ink


def _check_bytes(file: BinaryIO, may_move: bool) -> None:
    length = file.seek(0, 2)
    if length == 0:
        raise BadFile("empty_file")
    if length > MOST_BYTES:
        raise BadFile("picture_too_big")
    file.seek(0)
    head = file.read(8192)
    _check_kind(head, may_move)
    if size := size_in(file):
        check_size(size)


def _check_kind(head: bytes, may_move: bool) -> None:
    if b"%PDF-" in head[:1024]:  # readers allow some rubbish before it
        raise BadFile("pdf")
    if filetype.guess_mime(head) not in MIMES and not pillow_heif.is_supported(head):
        raise BadFile("not_a_picture")
    if is_moving(head) and not may_move:
        raise BadFile("several_pictures")


def _holds_several(picture: Image.Image) -> bool:
    with decoding("broken_picture"):
        return int(getattr(picture, "n_frames", 1)) > 1
