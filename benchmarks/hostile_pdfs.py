"""PDFs that are small to send and large, slow or endless to open. Each has a page that a reader would show."""

import io
import zlib
from collections.abc import Sequence

import numpy as np

from benchmarks.hostile_files import mechanism

A4 = b"[0 0 595 842]"
Rng = np.random.Generator


def pdf(objects: Sequence[bytes], trailer: bytes = b"/Root 1 0 R") -> bytes:
    """A file of these objects, numbered from 1, with its table of where they are."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<</Size %d%b>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, b" " + trailer, start))
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"", filters: bytes = b"/Filter/FlateDecode") -> bytes:
    data = zlib.compress(content, 9) if filters == b"/Filter/FlateDecode" else content
    return b"<<%b%b/Length %d>>stream\n%b\nendstream" % (entries, filters, len(data), data)


def one_page(
    content: bytes,
    resources: bytes = b"",
    more: Sequence[bytes] = (),
    box: bytes = A4,
    page: bytes = b"",
    catalog: bytes = b"",
) -> bytes:
    """Catalog, pages, page and its content are objects 1 to 4; `more` begins with 5."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R%b>>" % catalog,
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents 4 0 R/Resources<<%b>>%b>>"
            % (box, resources, page),
            content if content.startswith(b"<<") else stream(content),
            *more,
        ]
    )


def form(content: bytes, resources: bytes = b"", entries: bytes = b"") -> bytes:
    return stream(
        content, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%b>>%b" % (resources, entries)
    )


def image_page(width: int, height: int, data: bytes, entries: bytes, filters: bytes) -> bytes:
    """A page that shows an image, whose size is as it is said, whatever its data are."""
    image = stream(
        data, b"/Type/XObject/Subtype/Image/Width %d/Height %d%b" % (width, height, entries), filters
    )
    return one_page(b"595 0 0 842 0 0 cm /I Do", b"/XObject<</I 5 0 R>>", [image])


# --- what is drawn


@mechanism("pdf", "pdf")
def nested_forms(rng: Rng, step: int) -> bytes:
    """Each form draws the next one ten times: 10^6 to 10^10 drawings."""
    levels = 6 + step
    forms = [form(b"/F Do " * 10, b"/XObject<</F %d 0 R>>" % (number + 6)) for number in range(levels)]
    return one_page(b"/F Do", b"/XObject<</F 5 0 R>>", [*forms, form(b"0 0 9 9 re f")])


@mechanism("pdf", "pdf")
def form_draws_itself(rng: Rng, step: int) -> bytes:
    return one_page(
        b"/F Do", b"/XObject<</F 5 0 R>>", [form(b"/F Do " * (step + 1), b"/XObject<</F 5 0 R>>")]
    )


@mechanism("pdf", "pdf")
def millions_of_operators(rng: Rng, step: int) -> bytes:
    """20 to 180 MB of drawing in 20 to 180 KB."""
    return one_page(b"0 0 m 9 9 l S\n" * (1_400_000 + step * 2_800_000))


@mechanism("pdf", "pdf")
def flate_in_flate(rng: Rng, step: int) -> bytes:
    """A bomb whose packed form is packed once more: 200 bytes for 20 to 100 MB."""
    inner = zlib.compress(b"0 0 9 9 re f\n" * (1_500_000 * (step + 1)), 9)
    return one_page(stream(zlib.compress(inner, 9), filters=b"/Filter[/FlateDecode/FlateDecode]"))


@mechanism("pdf", "pdf")
def run_length_bomb(rng: Rng, step: int) -> bytes:
    """Run lengths within flate: 128 times each two bytes."""
    runs = zlib.compress(b"\x81 " * (200_000 * (step + 1)) + b"\x80", 9)
    return one_page(stream(runs, filters=b"/Filter[/FlateDecode/RunLengthDecode]"))


@mechanism("pdf", "pdf")
def millions_of_strokes(rng: Rng, step: int) -> bytes:
    """Wide curves over the whole page, one path each: PDFium holds its lock while it draws."""
    curve = b"0 0 m 595 0 0 842 595 842 c S\n"
    return one_page(b"40 w 1 J 1 j\n" + curve * (200_000 * (1 + 3 * step)))


@mechanism("pdf", "pdf")
def one_long_path(rng: Rng, step: int) -> bytes:
    """A single path of very many points, filled by the even-odd rule."""
    points = rng.integers(0, 800, (20_000 * (step + 1), 2))
    return one_page(b"0 0 m\n" + b"".join(b"%d %d l\n" % (x, y) for x, y in points) + b"f*")


@mechanism("pdf", "pdf")
def tiny_dashes(rng: Rng, step: int) -> bytes:
    return one_page(b"[%f] 0 d 1 w\n" % (10.0 ** -(step + 1)) + b"0 0 m 590 840 l S\n" * 50)


@mechanism("pdf", "pdf")
def tiling_pattern(rng: Rng, step: int) -> bytes:
    """A tile so small that a page takes 10^6 to 10^14 of them."""
    side = 10.0**-step
    tile = stream(
        b"0 0 1 1 re f",
        b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep %f/YStep %f/Resources<<>>"
        % (side, side),
    )
    return one_page(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern<</P 5 0 R>>", [tile])


@mechanism("pdf", "pdf")
def mesh_shading(rng: Rng, step: int) -> bytes:
    """Free triangles over the whole page, 10^5 and more."""
    count = 100_000 * (step + 1)
    points = rng.integers(0, 256, (count, 6), np.uint8)
    points[:, 0] = 0  # each begins a triangle or goes on with the last
    mesh = stream(
        points.tobytes(),
        b"/ShadingType 4/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8"
        b"/Decode[0 595 0 842 0 1 0 1 0 1]",
    )
    return one_page(b"/S sh", b"/Shading<</S 5 0 R>>", [mesh])


@mechanism("pdf", "pdf")
def many_shadings(rng: Rng, step: int) -> bytes:
    """A gradient over the whole page, painted thousands of times."""
    shading = (
        b"<</ShadingType 3/ColorSpace/DeviceRGB/Coords[0 0 0 595 842 900]/Extend[true true]"
        b"/Function<</FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[1 1 1]/N 2>>>>"
    )
    return one_page(b"/S sh\n" * (500 * 4**step), b"/Shading<</S 5 0 R>>", [shading])


@mechanism("pdf", "pdf")
def functions_in_a_circle(rng: Rng, step: int) -> bytes:
    """A stitching function made of itself."""
    functions = b"5 0 R " * (step + 2)
    stitching = b"<</FunctionType 3/Domain[0 1]/Functions[%b]/Bounds[%b]/Encode[%b]>>" % (
        functions,
        b"0.5 " * (step + 1),
        b"0 1 " * (step + 2),
    )
    shading = b"<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 595 842]/Function 5 0 R>>"
    return one_page(b"/S sh", b"/Shading<</S 6 0 R>>", [stitching, shading])


@mechanism("pdf", "pdf")
def transparency_groups(rng: Rng, step: int) -> bytes:
    """Groups in groups, each of which wants a canvas of its own."""
    levels = 30 * 3**step
    group = b"/Group<</S/Transparency/I true/K true>>"
    deeper = [
        form(
            b"/G gs /F Do",
            b"/XObject<</F %d 0 R>>/ExtGState<</G<</ca 0.5/BM/Multiply>>>>" % (number + 6),
            group,
        )
        for number in range(levels)
    ]
    return one_page(b"/F Do", b"/XObject<</F 5 0 R>>", [*deeper, form(b"0 0 500 500 re f", b"", group)])


@mechanism("pdf", "pdf")
def soft_masks(rng: Rng, step: int) -> bytes:
    """Masks whose groups have masks; the last one has the first."""
    levels = 5 * 3**step
    masks = [
        form(
            b"/G gs 0 0 595 842 re f",
            b"/ExtGState<</G<</SMask<</S/Luminosity/G %d 0 R>>>>>>" % (5 + (number + 1) % levels),
            b"/Group<</S/Transparency/CS/DeviceGray>>",
        )
        for number in range(levels)
    ]
    return one_page(b"/F Do", b"/XObject<</F 5 0 R>>", masks)


@mechanism("pdf", "pdf")
def type3_font(rng: Rng, step: int) -> bytes:
    """A letter that is written with the same font, 10 times each."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 97/LastChar 97/Widths[9]"
        b"/Encoding<</Differences[97/a]>>/CharProcs<</a 6 0 R>>/Resources<</Font<</F 5 0 R>>>>>>"
    )
    letter = stream(b"9 0 d0 BT /F 1 Tf (aaaaaaaaaa) Tj ET 0 0 9 9 re f")
    text = b"BT /F 9 Tf (%b) Tj ET" % (b"a" * 10 ** (step + 1))
    return one_page(text, b"/Font<</F 5 0 R>>", [font, letter])


@mechanism("pdf", "pdf")
def endless_text(rng: Rng, step: int) -> bytes:
    """Letters of up to 10^9 points, by the million."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    text = b"(%b) Tj\n" % (b"W" * 10_000)
    return one_page(
        b"BT /F %d Tf 0 0 Td\n" % 10 ** (2 * step) + text * (30 * (step + 1)) + b"ET",
        b"/Font<</F 5 0 R>>",
        [font],
    )


@mechanism("pdf", "pdf")
def saved_states_and_clips(rng: Rng, step: int) -> bytes:
    """Every state is saved and none restored, each with a narrower clip."""
    return one_page(b"q 0 0 595 842 re W n\n" * (20_000 * 4**step) + b"0 0 9 9 re f")


@mechanism("pdf", "pdf")
def inline_images(rng: Rng, step: int) -> bytes:
    image = b"q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \0 EI Q\n"
    return one_page(image * (2_000 * 4**step))


# --- images whose sizes are not so


@mechanism("pdf", "pdf")
def jbig2_lies(rng: Rng, step: int) -> bytes:
    side = 4_000 * 2**step
    page = b"\0\0\0\0\x30\0\1\0\0\0\x13" + side.to_bytes(4) * 2 + bytes(11)
    return image_page(
        side,
        side,
        page + rng.bytes(500),
        b"/ColorSpace/DeviceGray/BitsPerComponent 1",
        b"/Filter/JBIG2Decode",
    )


@mechanism("pdf", "pdf")
def jpeg_2000_lies(rng: Rng, step: int) -> bytes:
    side = 10_000 * 2**step
    size = b"\xff\x51\0\x2f\0\0" + side.to_bytes(4) * 2 + bytes(8) + (1).to_bytes(4) * 2 + bytes(8)
    data = b"\xff\x4f" + size + b"\0\3" + b"\7\1\1" * 3 + rng.bytes(200)
    return image_page(side, side, data, b"/ColorSpace/DeviceRGB/BitsPerComponent 8", b"/Filter/JPXDecode")


@mechanism("pdf", "pdf")
def fax_bomb(rng: Rng, step: int) -> bytes:
    """A fax of some bytes that says it has 10^8 to 10^10 dots."""
    side = 10_000 * 2**step
    filters = b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns %d/Rows %d>>" % (side, side)
    return image_page(side, side, b"\xff" * 300, b"/ColorSpace/DeviceGray/BitsPerComponent 1", filters)


@mechanism("pdf", "pdf")
def raw_image_bomb(rng: Rng, step: int) -> bytes:
    """Zeros that are unpacked to 16 to 400 MB."""
    side = 4_000 * (step + 1)
    zeros = bytes(side * side)
    return image_page(side, side, zeros, b"/ColorSpace/DeviceGray/BitsPerComponent 8", b"/Filter/FlateDecode")


@mechanism("pdf", "pdf")
def image_masks_itself(rng: Rng, step: int) -> bytes:
    entries = b"/ColorSpace/DeviceGray/BitsPerComponent 8/SMask 5 0 R/Mask 5 0 R"
    return image_page(1_000 * (step + 1), 1_000, bytes(1_000_000), entries, b"/Filter/FlateDecode")
