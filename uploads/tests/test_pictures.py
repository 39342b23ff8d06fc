"""Whatever people upload becomes one upright opaque picture, or is refused with a sentence."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from uploads import pictures
from uploads.pictures import check_picture, open_rgb
from uploads.problems import PROBLEMS, BadFile


def drawing(ink: str = "black", ground: str = "white") -> Image.Image:
    """A bar in the upper left of a picture that is wider than high."""
    picture = Image.new("RGB", (60, 40), ground)
    ImageDraw.Draw(picture).rectangle((8, 6, 24, 12), fill=ink)
    return picture


def see_through(ink: tuple[int, int, int]) -> Image.Image:
    """The same bar with nothing around it."""
    picture = Image.new("RGBA", (60, 40), (90, 200, 30, 0))
    ImageDraw.Draw(picture).rectangle((8, 6, 24, 12), fill=(*ink, 255))
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def wide(picture: Image.Image, top: int) -> Image.Image:
    return Image.fromarray(np.round(np.asarray(picture.convert("L")) / 255.0 * top).astype(np.uint16))


def turned(picture: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(picture.transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif)


KINDS: dict[str, Callable[[], bytes]] = {
    "JPEG": lambda: saved(drawing(), "JPEG", quality=95),
    "grey JPEG": lambda: saved(drawing().convert("L"), "JPEG", quality=95),
    "CMYK JPEG": lambda: saved(drawing().convert("CMYK"), "JPEG", quality=95),
    "JPEG of a phone held sideways": lambda: turned(drawing()),
    "PNG": lambda: saved(drawing(), "PNG"),
    "PNG with a palette": lambda: saved(drawing().convert("P"), "PNG"),
    "1-bit PNG": lambda: saved(drawing().convert("1"), "PNG"),
    "16-bit PNG": lambda: saved(wide(drawing(), 65535), "PNG"),
    "12 bits in a 16-bit TIFF": lambda: saved(wide(drawing(), 4095), "TIFF"),
    "TIFF of fractions": lambda: saved(
        Image.fromarray(np.asarray(drawing().convert("L")).astype(np.float32) / 255), "TIFF"
    ),
    "PNG with dark ink on nothing": lambda: saved(see_through((0, 0, 0)), "PNG"),
    "grey PNG with alpha": lambda: saved(see_through((0, 0, 0)).convert("LA"), "PNG"),
    "palette with alpha": lambda: saved(see_through((0, 0, 0)).quantize(8), "PNG"),
    "GIF with transparent ground": lambda: saved(see_through((0, 0, 0)), "GIF"),
    "WebP": lambda: saved(drawing(), "WEBP", lossless=True),
    "BMP": lambda: saved(drawing(), "BMP"),
    "TIFF": lambda: saved(drawing(), "TIFF", compression="tiff_lzw"),
    "HEIC": lambda: saved(drawing(), "HEIF", quality=95),
    "AVIF": lambda: saved(drawing(), "AVIF", quality=95),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_picture_shows_the_same(kind: str) -> None:
    content = KINDS[kind]()
    check_picture(BytesIO(content))
    seen = open_rgb(content)
    assert seen.dtype == np.uint8 and seen.shape == (40, 60, 3)
    assert np.abs(seen.astype(int) - np.asarray(drawing())).mean() < 4


def test_light_ink_on_nothing_stands_on_black() -> None:
    seen = open_rgb(saved(see_through((255, 255, 240)), "PNG"))
    assert seen[9, 12].min() >= 240 and seen[30, 40].max() == 0


def test_round_corners_of_a_dark_picture_are_dark() -> None:
    picture = drawing("white", "black").convert("RGBA")
    picture.putpixel((0, 0), (0, 0, 0, 0))
    assert open_rgb(saved(picture, "PNG"))[0, 0].max() == 0


def test_a_large_picture_is_made_smaller_and_a_thin_one_survives() -> None:
    assert open_rgb(saved(Image.new("RGB", (5000, 2500)), "JPEG")).shape == (2000, 4000, 3)
    assert open_rgb(saved(Image.new("L", (1, 10_000)), "PNG")).shape == (4000, 1, 3)
    assert open_rgb(saved(Image.new("L", (300, 200)), "PNG"), longest=150).shape == (100, 150, 3)


def test_the_check_gives_the_file_back_at_its_start() -> None:
    file = BytesIO(saved(drawing(), "PNG"))
    check_picture(file)
    assert not file.closed and file.tell() == 0


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def pdf() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 100, "314")
    canvas.save()
    return out.getvalue()


def moving(kind: str) -> bytes:
    frames = [drawing(), drawing("red")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", "empty_file"),
    "a text": (lambda: b"314 is what I wrote\n" * 50, "not_a_picture"),
    "a PDF": (pdf, "pdf"),
    "a moving GIF": (lambda: moving("GIF"), "several_pictures"),
    "a moving PNG": (lambda: moving("PNG"), "several_pictures"),
    "a moving WebP": (lambda: moving("WEBP"), "several_pictures"),
    "a TIFF with pages": (lambda: moving("TIFF"), "several_pictures"),
    "more than 100 megapixels": (lambda: png_that_claims(12_000, 9_000), "too_many_pixels"),
    "a decompression bomb": (lambda: png_that_claims(60_000, 50_000), "too_long"),
    "a thread of 99 megapixels": (lambda: png_that_claims(1, 99_000_000), "too_long"),
    "rubbish after the mark of a PNG": (lambda: png_that_claims(9, 9)[:12] + b"x" * 900, "broken_picture"),
}


ONLY_WHEN_OPENED = ("a moving GIF", "a TIFF with pages")  # their bytes do not say it in one place


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_picture_is_refused_with_a_sentence_before_anything_is_decoded(case: str) -> None:
    make, reason = REFUSED[case]
    by_bytes = [check_picture] if case not in ONLY_WHEN_OPENED else []
    for reads in (*by_bytes, lambda file: open_rgb(file.read())):
        with pytest.raises(BadFile) as refused:
            reads(BytesIO(make()))
        assert refused.value.reason == reason
        assert str(refused.value) == PROBLEMS[reason]


def test_a_file_of_more_than_20_mb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    with pytest.raises(BadFile, match="100 MB"):
        check_picture(BytesIO(saved(drawing(), "PNG")))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "HEIF"])
def test_a_picture_that_was_cut_off_is_refused_when_it_is_read(kind: str) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (80, 90, 3), np.uint8)
    content = saved(Image.fromarray(noise), kind)
    with pytest.raises(BadFile) as refused:
        open_rgb(content[: len(content) * 2 // 3])
    assert refused.value.reason == "broken_picture"
