"""Pictures from bytes: those of `FORMATS` become upright grey pages, of a GIF that moves its first frame.

The size is looked at before anything is decoded, and a picture that was cut off is refused, not read half grey.
"""

from io import BytesIO
from typing import Any, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from grading.sheet.colour import darkest_channel, has_bright_ink
from uploads import headers
from uploads.pictures import decoding, narrow, open_header
from uploads.problems import BadFile

Grey: TypeAlias = NDArray[Any]  # uint8 (h, w), paper high

LEAST_SIDE = 200  # px; what is readable at all is told by the print that is found, not here
ENOUGH = 6_400  # px: half of it still shows a sheet that fills 3/4 of the picture at 8 px/mm
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "HEIF", "AVIF", "BMP", "GIF", "JPEG2000")


class PictureFile:
    """The pages of a picture: one, but of a TIFF. Raises BadFile when it cannot be opened at all."""

    def __init__(self, data: bytes) -> None:
        self.data, self.picture = data, _open(data)
        self.count = _count_frames(self.picture)

    def page(self, index: int) -> Grey:
        """(h, w) uint8, upright by its EXIF orientation; 0 is the first. Raises BadFile for what is wrong with it."""
        return _decode_frame(self.data, self.picture, index)


def decode_jpeg(data: bytes, size: tuple[int, int], is_grey: bool) -> Grey:
    """One JPEG, of which this is known. More than enough pixels are left out while decoding, which costs less."""
    check_page_size(size)
    if not _is_whole(data, "JPEG"):
        _verify(data)
    half, packed = max(size) >= ENOUGH, np.frombuffer(data, np.uint8)
    small = (
        None if is_grey else cv2.imdecode(packed, cv2.IMREAD_REDUCED_COLOR_8)
    )  # half the cost of the whole
    if small is not None and has_bright_ink(small):
        way = cv2.IMREAD_REDUCED_COLOR_2 if half else cv2.IMREAD_COLOR
    else:
        way = cv2.IMREAD_REDUCED_GRAYSCALE_2 if half else cv2.IMREAD_GRAYSCALE
    picture = cv2.imdecode(packed, way)
    if picture is None:
        raise BadFile("broken_picture")
    return picture if picture.ndim == 2 else darkest_channel(picture)


def check_page_size(size: tuple[int, int]) -> None:
    headers.check_size(size)
    if max(size) < LEAST_SIDE:
        raise BadFile("too_small")


def _open(data: bytes) -> Image.Image:
    picture = open_header(BytesIO(data), FORMATS)
    check_page_size(picture.size)
    return picture


def _count_frames(picture: Image.Image) -> int:
    if picture.format != "TIFF":
        return 1
    try:
        with decoding("broken_picture"):
            return int(getattr(picture, "n_frames", 1))
    except BadFile:  # the chain of frames is broken; the first one may be whole
        return 1


def _decode_frame(data: bytes, picture: Image.Image, frame: int) -> Grey:
    if picture.format in ("JPEG", "MPO") and picture.mode in ("L", "RGB"):
        return decode_jpeg(data, picture.size, picture.mode == "L")
    if picture.format == "PNG" and picture.mode in ("L", "RGB", "1", "I;16"):
        return _decode_png(data)
    return _decode_slowly(picture, frame)


def _decode_png(data: bytes) -> Grey:
    if not _is_whole(data, "PNG"):
        _verify(data)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_ANYCOLOR)
    if picture is None:
        raise BadFile("broken_picture")
    return _grey_of(picture)


def _grey_of(picture: NDArray[Any]) -> Grey:
    """(h, w) of (h, w) or (h, w, 3)."""
    if picture.ndim == 2:
        return picture
    is_bright = has_bright_ink(np.ascontiguousarray(picture[::4, ::4]))
    return darkest_channel(picture) if is_bright else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def _is_whole(data: bytes, kind: str) -> bool:
    """Whether the end mark stands where it belongs: OpenCV paints what is missing grey and says nothing."""
    mark = b"\xff\xd9" if kind == "JPEG" else b"IEND"
    return mark in data.rstrip(b"\0")[-8:]


def _verify(data: bytes) -> None:
    """Decode strictly, for pictures with something after their end (phones append films). Raises BadFile."""
    with _open(data) as picture, decoding("broken_picture"):
        picture.load()


def _decode_slowly(picture: Image.Image, frame: int) -> Grey:
    with decoding("broken_picture"):
        if frame:
            picture.seek(frame)
        check_page_size(picture.size)
        picture.load()
        return _grey(ImageOps.exif_transpose(picture))


def _grey(picture: Image.Image) -> Grey:
    if picture.mode.startswith("I") or picture.mode == "F":
        return narrow(np.asarray(picture))
    if "A" in picture.mode or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")  # what is transparent is paper, not ink
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    if picture.mode in ("L", "1"):
        return np.asarray(picture.convert("L"))
    return _grey_of(np.ascontiguousarray(np.asarray(picture.convert("RGB"))[..., ::-1]))
