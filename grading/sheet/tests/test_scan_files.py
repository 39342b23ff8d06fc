"""Files become pages; whatever is wrong with one is named, and stops nothing else."""

import struct
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import cv2
import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from grading.sheet import pdf_pages, scan_files
from grading.sheet.scan_files import PageImage, check_scan_file, open_pages
from uploads import archive, sandbox
from uploads.problems import BadFile
from uploads.sandbox import Sandbox

from ..problems import PROBLEMS
from . import bombs
from .photographs import exam, flat, jpeg, noisy, pdf_of, printed

STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_BYTES = 273, 278, 279  # of a TIFF
TOO_LARGE = (20_000, 15_000)


@pytest.fixture(scope="module")
def scan() -> Image.Image:
    """A printed sheet at 150 dpi."""
    _, page = printed()
    return Image.fromarray(cv2.resize(noisy(flat(page)).grey, (1240, 1754), interpolation=cv2.INTER_AREA))


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def zipped(*members: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose header promises more."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def zip_that_claims(size: int) -> bytes:
    """A ZIP of a few hundred bytes whose directory promises a file of `size` bytes."""
    data = bytearray(zipped(("1.jpg", bytes(1_000_000))))
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = data[22:26] = struct.pack("<I", size)
    return bytes(data)


def scanned_pdf(pages: int, page: bytes, broken: tuple[int, ...] = ()) -> bytes:
    """One JPEG a page, as scanners write it; in broken pages the second half of the picture is gone."""
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        leaf, image = document.new_page(595, 842), pdfium.PdfImage.new(document)
        image.load_jpeg(BytesIO(page), inline=True)
        image.set_matrix(pdfium.PdfMatrix().scale(595, 842))
        leaf.insert_obj(image)
        leaf.gen_content()
    out = BytesIO()
    document.save(out)
    data, places, at = bytearray(out.getvalue()), [], 0
    while (at := data.find(page[:200], at)) >= 0:
        places.append(at)
        at += 200
    assert len(places) == pages
    for number in broken:
        start, end = places[number - 1] + len(page) // 2, places[number - 1] + len(page)
        data[start:end] = bytes(end - start)
    return bytes(data)


def pdf_of_picture(scan: Image.Image, data: bytes, entries: str) -> bytes:
    """A page that a scanner wrote: nothing but one picture, in the code of these entries."""
    size = f"/Type/XObject/Subtype/Image/Width {scan.width}/Height {scan.height}{entries}"
    page = "/MediaBox[0 0 595 842]/Resources<</XObject<</I 100 0 R>>>>"
    return bombs.pdf([(page, b"595 0 0 842 0 0 cm /I Do")], [bombs.stream(data, size)])


def ccitt(scan: Image.Image) -> bytes:
    """In fax code (ITU-T T.6), as it lies in a TIFF of one strip."""
    ink = scan.point(lambda v: 255 * (v <= 160), "1")
    data = saved(ink, "TIFF", compression="group4", tiffinfo={ROWS_PER_STRIP: scan.height})
    with Image.open(BytesIO(data)) as tiff:
        (start,), (count,) = tiff.tag_v2[STRIP_OFFSETS], tiff.tag_v2[STRIP_BYTES]
    return data[start : start + count]


def jbig2(scan: Image.Image) -> bytes:
    """As PDFs hold it (ITU-T T.88): the page, and on it one region in fax code."""
    size = struct.pack(">II", scan.width, scan.height)
    page = size + struct.pack(">IIBH", 0, 0, 0, 0)
    region = size + struct.pack(">IIBB", 0, 0, 0, 1) + ccitt(scan)
    segments = ((0, 48, page), (1, 38, region))
    return b"".join(
        struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data for number, kind, data in segments
    )


def pages_of(data: bytes, name: str = "upload") -> list[PageImage]:
    with NamedTemporaryFile() as stored:
        stored.write(data)
        stored.flush()
        return [page for page in open_pages(Sandbox(), Path(stored.name), name) if page.opened is not None]


def only(data: bytes) -> PageImage:
    (page,) = pages_of(data)
    return page


# --- what can be read ---------------------------------------------------------------------------------------------


KINDS = {
    "JPEG": lambda scan: saved(scan, "JPEG", quality=85),
    "progressive JPEG in colour": lambda scan: saved(scan.convert("RGB"), "JPEG", progressive=True),
    "CMYK JPEG": lambda scan: saved(scan.convert("CMYK"), "JPEG", quality=90),
    "PNG": lambda scan: saved(scan, "PNG"),
    "1-bit PNG": lambda scan: saved(scan.point(lambda v: 255 * (v > 160), "1"), "PNG"),
    "palette PNG": lambda scan: saved(scan.convert("P"), "PNG"),
    "16-bit PNG": lambda scan: saved(Image.fromarray(np.asarray(scan).astype(np.uint16) * 257), "PNG"),
    "LZW TIFF in CMYK": lambda scan: saved(scan.convert("CMYK"), "TIFF", compression="tiff_lzw"),
    "16-bit TIFF": lambda scan: saved(Image.fromarray(np.asarray(scan).astype(np.uint16) * 257), "TIFF"),
    "fax TIFF": lambda scan: saved(scan.point(lambda v: 255 * (v > 160), "1"), "TIFF", compression="group4"),
    "HEIC": lambda scan: saved(scan.convert("RGB").resize((620, 877)), "HEIF"),
    "WebP": lambda scan: saved(scan, "WEBP", quality=90),
    "GIF": lambda scan: saved(scan, "GIF"),
    "GIF that moves": lambda scan: saved(
        scan, "GIF", save_all=True, append_images=[scan.point(lambda v: 255 - v)]
    ),
    "JPEG 2000": lambda scan: saved(scan, "JPEG2000"),
    "JPEG 2000 in colour": lambda scan: saved(scan.convert("RGB"), "JPEG2000", irreversible=True),
    "JPEG 2000 without boxes": lambda scan: saved(scan, "JPEG2000", no_jp2=True),
    "AVIF": lambda scan: saved(scan.convert("RGB").resize((620, 877)), "AVIF"),
    "BMP": lambda scan: saved(scan, "BMP"),
    "PDF of a JPEG 2000": lambda scan: pdf_of_picture(
        scan, saved(scan, "JPEG2000"), "/Filter/JPXDecode/ColorSpace/DeviceGray/BitsPerComponent 8"
    ),
    "PDF of a JBIG2": lambda scan: pdf_of_picture(
        scan, jbig2(scan), "/Filter/JBIG2Decode/ColorSpace/DeviceGray/BitsPerComponent 1"
    ),
    "PDF of a CCITT": lambda scan: pdf_of_picture(
        scan,
        ccitt(scan),
        f"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns {scan.width}>>/ColorSpace/DeviceGray/BitsPerComponent 1",
    ),
    "PDF of a JPEG": lambda scan: saved(scan, "PDF", resolution=150, quality=90),
    "PDF of a CMYK JPEG": lambda scan: saved(scan.convert("CMYK"), "PDF", resolution=150),
    "PDF of a fax": lambda scan: saved(scan.point(lambda v: 255 * (v > 160), "1"), "PDF", resolution=150),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_scan_shows_the_same_page(kind: str, scan: Image.Image) -> None:
    data = KINDS[kind](scan)
    assert check_scan_file(BytesIO(data))[1] == 1
    page = only(data)
    assert page.problem is None and page.grey is not None and page.grey.dtype == np.uint8
    seen = cv2.resize(page.grey, (124, 175), interpolation=cv2.INTER_AREA).astype(int)
    truth = cv2.resize(np.asarray(scan), (124, 175), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(seen - truth).mean() < 6


@pytest.mark.parametrize("name", scan_files.NAMES.split(", "))
def test_every_kind_that_is_taken_is_named_where_it_is_said(name: str) -> None:
    assert name in PROBLEMS["unknown_kind"]
    assert name in (Path(__file__).parents[3] / "docs" / "omrchecker.md").read_text()
    assert name in (Path(__file__).parents[3] / "docs" / "api.md").read_text()


def test_a_printed_pdf_is_rendered_at_300_dpi() -> None:
    page = only(pdf_of(exam()))
    assert page.grey is not None and page.grey.shape == (3508, 2481)
    _, truth = printed()
    assert np.abs(page.grey.astype(int) - truth).mean() < 1


def test_a_scan_with_notes_on_top_is_rendered_with_its_notes(scan: Image.Image) -> None:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.drawInlineImage(scan.convert("RGB"), 0, 0, 595, 842)
    canvas.rect(100, 100, 300, 300, fill=1)
    canvas.save()
    page = only(out.getvalue())
    assert page.grey is not None
    height, width = page.grey.shape
    assert page.grey[round(height * (1 - 250 / 842)), round(width * 250 / 595)] < 20


def test_a_mirrored_picture_in_a_pdf_comes_out_as_the_page_shows_it(scan: Image.Image) -> None:
    document = pdfium.PdfDocument.new()
    leaf, image = document.new_page(595, 842), pdfium.PdfImage.new(document)
    image.load_jpeg(BytesIO(saved(scan, "JPEG")), inline=True)
    image.set_matrix(pdfium.PdfMatrix(-595, 0, 0, 842, 595, 0))
    leaf.insert_obj(image)
    leaf.gen_content()
    out = BytesIO()
    document.save(out)
    page = only(out.getvalue())
    assert page.grey is not None
    assert np.abs(page.grey.astype(int) - np.asarray(scan)[:, ::-1]).mean() < 4


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "TIFF"])
def test_a_phone_held_sideways_gives_an_upright_page(kind: str, scan: Image.Image) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page = only(saved(scan.convert("RGB").transpose(Image.Transpose.ROTATE_90), kind, exif=exif))
    assert page.grey is not None and page.grey.shape == (1754, 1240)
    assert np.abs(page.grey.astype(int) - np.asarray(scan)).mean() < 8


def test_what_is_transparent_is_paper(scan: Image.Image) -> None:
    ink = Image.new("RGBA", scan.size)
    ink.putalpha(Image.fromarray(255 - np.asarray(scan)))
    page = only(saved(ink, "PNG"))
    assert page.grey is not None
    assert np.abs(page.grey.astype(int) - np.asarray(scan)).mean() < 2


def test_a_tiff_gives_its_pages_in_order(scan: Image.Image) -> None:
    others = [scan.transpose(Image.Transpose.ROTATE_180), scan.resize((620, 877))]
    pages = pages_of(saved(scan, "TIFF", save_all=True, append_images=others))
    assert [page.number for page in pages] == [1, 2, 3]
    shapes = [page.grey.shape for page in pages if page.grey is not None]
    assert shapes == [(1754, 1240), (1754, 1240), (877, 620)]


def test_a_zip_gives_its_scans_in_natural_order_and_skips_what_systems_leave_there(scan: Image.Image) -> None:
    page = saved(scan, "JPEG")
    data = zipped(
        ("class/10.jpg", page),
        ("class/2.jpg", page),
        ("__MACOSX/class/._2.jpg", b"junk"),
        ("class/.DS_Store", b"junk"),
        ("class/Thumbs.db", b"junk"),
        ("class/3.pdf", scanned_pdf(2, page)),
    )
    assert check_scan_file(BytesIO(data)) == ("zip", 3)
    names = [(page.number, page.name, page.problem) for page in pages_of(data, "class.zip")]
    assert names == [
        (1, "class/2.jpg", None),
        (2, "class/3.pdf", None),
        (3, "class/3.pdf", None),
        (4, "class/10.jpg", None),
    ]


def test_korean_names_of_a_windows_zip_are_readable(scan: Image.Image) -> None:
    page, name = saved(scan, "JPEG"), "답안지.jpg"
    stand_in = name.encode("cp949").decode("latin-1").encode("ascii", "replace").decode()
    data = zipped((stand_in, page)).replace(stand_in.encode(), name.encode("cp949"))
    assert only(data).name == name


def test_pages_are_decoded_only_when_they_are_asked_for(
    scan: Image.Image, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen = []
    before = Sandbox.run
    monkeypatch.setattr(Sandbox, "run", lambda *args: seen.append(args[1].__name__) or before(*args))
    path = tmp_path / "scan.pdf"
    path.write_bytes(scanned_pdf(9, saved(scan, "JPEG")))
    pages = [*open_pages(Sandbox(), path, "scan.pdf")]
    assert [page.problem for page in pages[4:6]] == [None, None]
    assert seen == ["_count", "_read_page", "_read_page"]


def test_a_scan_denser_than_is_needed_is_decoded_at_half_its_size() -> None:
    page = only(saved(Image.new("L", (4960, 7016), 240), "JPEG"))
    assert page.grey is not None and page.grey.shape == (3508, 2480)


# --- what cannot --------------------------------------------------------------------------------------------------


def encrypted_pdf() -> bytes:
    out = BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "hidden")
    canvas.save()
    return out.getvalue()


def encrypted_member(data: bytes) -> bytes:
    """The flag that says a member needs a password, set in both headers."""
    raw = bytearray(zipped(("1.jpg", data), compression=zipfile.ZIP_STORED))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


BAD = {
    "a text file named .pdf": (lambda page: b"I am not a PDF at all.\n" * 9, "unknown_kind"),
    "an empty file": (lambda page: b"", "empty_file"),
    "an encrypted PDF": (lambda page: encrypted_pdf(), "encrypted"),
    "a PDF of rubbish": (lambda page: b"%PDF-1.7\n" + bytes(range(256)) * 40, "broken_file"),
    "a JPEG cut in half": (lambda page: page[: len(page) // 2], "broken_picture"),
    "a JPEG without its last bytes": (lambda page: page[:-3000], "broken_picture"),
    "a JPEG of rubbish": (lambda page: page[:3] + bytes(range(256)) * 40, "broken_picture"),
    "a picture of one pixel": (lambda page: saved(Image.new("L", (1, 1)), "PNG"), "too_small"),
    "a PNG of 300 megapixels": (lambda page: png_that_claims(*TOO_LARGE), "too_many_pixels"),
    "a PNG that promises 99 megapixels": (lambda page: png_that_claims(9_999, 9_900), "broken_picture"),
    "a fax TIFF of 300 megapixels": (
        lambda page: saved(Image.new("1", TOO_LARGE), "TIFF", compression="group4"),
        "too_many_pixels",
    ),
    "a TGA": (lambda page: saved(Image.new("L", (900, 900)), "TGA"), "unknown_kind"),
    "a ZIP that leads outside": (lambda page: zipped(("../evil.jpg", page)), "zip_outside"),
    "a ZIP with an absolute path": (lambda page: zipped(("/etc/evil.jpg", page)), "zip_outside"),
    "a ZIP with a Windows drive": (lambda page: zipped(("C:\\evil.jpg", page)), "zip_outside"),
    "a ZIP of nothing": (lambda page: zipped(), "no_pages"),
    "a ZIP of rubbish": (lambda page: b"PK\x03\x04" + bytes(range(256)) * 9, "broken_file"),
    "a ZIP of 2,001 files": (
        lambda page: zipped(*((f"{number}.jpg", b"") for number in range(2_001))),
        "zip_too_many_files",
    ),
    "a ZIP bomb": (
        lambda page: zip_that_claims(1_000_000_001),
        "zip_too_big",
    ),
    "a ZIP in a ZIP": (lambda page: zipped(("in.zip", zipped(("1.jpg", page)))), "zip_in_zip"),
    "a member that needs a password": (encrypted_member, "encrypted"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_page_with_a_sentence(case: str, scan: Image.Image) -> None:
    make, problem = BAD[case]
    page = only(make(saved(scan, "JPEG", quality=90)))
    assert (page.problem, page.grey) == (problem, None)
    assert PROBLEMS[problem].endswith(".")


@pytest.mark.parametrize(
    "case",
    ["a text file named .pdf", "an empty file", "a ZIP bomb", "a PNG of 300 megapixels"],
)
def test_the_check_at_upload_refuses_it_at_once(case: str, scan: Image.Image) -> None:
    make, problem = BAD[case]
    with pytest.raises(BadFile) as refused:
        check_scan_file(BytesIO(make(saved(scan, "JPEG"))))
    assert refused.value.reason == problem


def test_a_file_of_more_than_100_mb_is_refused(monkeypatch: pytest.MonkeyPatch, scan: Image.Image) -> None:
    monkeypatch.setattr(scan_files, "MOST_BYTES", 1_000)
    assert only(saved(scan, "JPEG")).problem == "too_big"


def test_a_pdf_of_501_pages_is_refused_before_one_is_read() -> None:
    document = pdfium.PdfDocument.new()
    for _ in range(501):
        document.new_page(595, 842)
    out = BytesIO()
    document.save(out)
    assert only(out.getvalue()).problem == "too_many_pages"


def test_a_tiff_in_a_zip_cannot_go_past_500_pages_in_all(
    monkeypatch: pytest.MonkeyPatch, scan: Image.Image
) -> None:
    monkeypatch.setattr(scan_files, "MOST_PAGES", 5)
    small = scan.resize((620, 877))
    tiff = saved(small, "TIFF", save_all=True, append_images=[small] * 3)
    pages = pages_of(zipped(("1.tif", tiff), ("2.tif", tiff)))
    assert [page.problem for page in pages] == [None] * 5 + ["too_many_pages"]


def test_a_directory_that_lies_about_sizes_gains_nothing(
    monkeypatch: pytest.MonkeyPatch, scan: Image.Image
) -> None:
    data = bytearray(zipped(("1.jpg", bytes(5_000_000))))
    central = data.index(b"PK\x01\x02")
    data[22:26] = data[central + 24 : central + 28] = struct.pack("<I", 1_000)
    assert only(bytes(data)).problem in ("broken_file", "too_small", "unknown_kind")
    monkeypatch.setattr(archive, "MOST_ENTRY", 1_000)
    with pytest.raises(BadFile, match="100 MB"):
        archive.Archive(BytesIO(zipped(("1.jpg", bytes(5_000_000))))).read(0)


def test_of_200_pages_the_three_broken_ones_are_named_and_197_are_read(scan: Image.Image) -> None:
    page = jpeg(np.asarray(scan.resize((620, 877))), 70)
    pages = pages_of(scanned_pdf(200, page, broken=(3, 77, 200)))
    assert [page.number for page in pages if page.problem == "broken_page"] == [3, 77, 200]
    assert sum(page.grey is not None and page.problem is None for page in pages) == 197


def test_a_broken_file_in_a_zip_is_named_and_the_others_are_read(scan: Image.Image) -> None:
    page = saved(scan, "JPEG", quality=90)
    data = zipped(
        ("1.jpg", page), ("2.jpg", page[:9000]), ("3.txt", b"notes"), ("4.jpg", b""), ("5.jpg", page)
    )
    problems = [(page.name, page.problem) for page in pages_of(data, "class.zip")]
    assert problems == [
        ("1.jpg", None),
        ("2.jpg", "broken_picture"),
        ("3.txt", "unknown_kind"),
        ("4.jpg", "empty_file"),
        ("5.jpg", None),
    ]


def test_a_page_that_asks_for_a_thousand_million_drawings_is_named_and_its_siblings_are_read(
    monkeypatch,
) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE", 120)  # seconds, of which a machine at work has fewer to give
    assert [page.problem for page in pages_of(bombs.laughing_pdf())] == [None, "too_demanding", None]


def test_a_page_as_thin_as_a_hair_is_named_and_its_siblings_are_read() -> None:
    pages = pages_of(bombs.pdf([bombs.GOOD, bombs.THIN, bombs.GOOD]))
    assert [page.problem for page in pages] == [None, "odd_page", None]


@pytest.mark.full
def test_a_page_of_strokes_without_end_is_given_up() -> None:
    assert only(bombs.strokes_pdf(400_000)).problem == "too_demanding"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "HEIF", "PDF"])
def test_no_damage_makes_it_crash(kind: str, scan: Image.Image) -> None:
    data = saved(scan.convert("RGB").resize((620, 877)), kind)
    rng = np.random.default_rng(5)
    refused = 0
    for _ in range(25):
        hurt = bytearray(data[: int(rng.uniform(0.3, 1) * len(data))])
        for at in rng.integers(0, min(len(hurt), 2_000), 6):
            hurt[at] = rng.integers(256)
        refused += any(page.problem in PROBLEMS for page in pages_of(bytes(hurt)))
    assert refused > 5


def test_many_threads_may_render_and_read_pdfs_at_once():
    """PDFium kills the process where two threads are in it."""
    sheet = pdf_of(exam("A4", 40))
    expected = pdf_pages.render_page(sheet, 0, 60)

    def look(turn: int) -> bool:
        if turn % 3 == 0:
            return all(page.problem is None for page in pages_of(sheet))
        return np.array_equal(pdf_pages.render_page(sheet, 0, 60), expected)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(look, range(24)))


def test_a_file_without_a_name_in_a_zip_is_left_out():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(zipfile.ZipInfo("x"), b"content")
        packed.writestr("page.png", b"content")
    content = bytearray(out.getvalue())
    start = content.index(b"PK\1\2")
    content[start + 28 : start + 32] = struct.pack("<HH", 0, 1)  # its name becomes an extra field
    assert archive.Archive(BytesIO(bytes(content))).names() == ["page.png"]
