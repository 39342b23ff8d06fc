"""PDFs whose pages have odd sizes, and whose parts lead a reader in a circle, never end, or are too many."""

import io
import random

import numpy as np
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from benchmarks.hostile_files import mechanism
from benchmarks.hostile_pdfs import A4, one_page, pdf, stream

Rng = np.random.Generator


@mechanism("pdf", "pdf")
def thin_mediabox(rng: Rng, step: int) -> bytes:
    return one_page(b"", box=b"[0 0 %f %d]" % (10.0 ** (step - 3), 10 ** (6 - step // 2)))


@mechanism("pdf", "pdf")
def huge_mediabox(rng: Rng, step: int) -> bytes:
    return one_page(b"0 0 9 9 re f", box=b"[0 0 %d %d]" % (10 ** (step + 4), 10 ** (step + 4)))


@mechanism("pdf", "pdf")
def odd_mediabox(rng: Rng, step: int) -> bytes:
    boxes = [b"[0 0 0 0]", b"[595 842 -595 -842]", b"[0 0 (a) null]", b"[1e999 0 NaN 5]", b"[]"]
    return one_page(b"0 0 9 9 re f", box=boxes[step])


@mechanism("pdf", "pdf")
def user_unit(rng: Rng, step: int) -> bytes:
    return one_page(b"0 0 9 9 re f", page=b"/UserUnit %d" % 10 ** (step + 1))


@mechanism("pdf", "pdf")
def cyclic_page_tree(rng: Rng, step: int) -> bytes:
    """Pages whose children are themselves, over some generations."""
    last = 2 + step
    nodes = [
        b"<</Type/Pages/Count 3/Kids[%d 0 R]>>" % (number + 1 if number < last else 2)
        for number in range(2, last + 1)
    ]
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", *nodes])


@mechanism("pdf", "pdf")
def deep_page_tree(rng: Rng, step: int) -> bytes:
    depth = 100 * 6**step
    nodes = [b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % (number + 3) for number in range(depth)]
    page = b"<</Type/Page/MediaBox%b>>" % A4
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, page])


@mechanism("pdf", "pdf")
def cyclic_xref(rng: Rng, step: int) -> bytes:
    """A table of objects whose previous one is itself."""
    whole = one_page(b"0 0 9 9 re f")
    start = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R", b"/Prev %d/XRefStm %d/Root 1 0 R" % (start, start - step))


@mechanism("pdf", "pdf")
def xref_lies(rng: Rng, step: int) -> bytes:
    """Every object is said to lie somewhere else, in the last step all of 10^9 of them."""
    whole = one_page(b"0 0 9 9 re f")
    head, _, tail = whole.rpartition(b"xref\n0 5")
    return head + b"xref\n0 %d" % 10 ** (2 * step + 1) + tail.replace(b"00000 n", b"%05d n" % (step * 9))


@mechanism("pdf", "pdf")
def many_objects(rng: Rng, step: int) -> bytes:
    """10^4 to 10^6 objects of one byte."""
    count = (10_000, 50_000, 200_000, 500_000, 1_000_000)[step]
    return one_page(b"0 0 9 9 re f", more=[b"0"] * count)


@mechanism("pdf", "pdf")
def object_streams_in_a_circle(rng: Rng, step: int) -> bytes:
    inner = stream(b"5 0 6 2 1 1", b"/Type/ObjStm/N %d/First 8/Extends 5 0 R" % 10 ** (step * 2))
    return one_page(b"", more=[inner, b"<</Length 5 0 R>>"], catalog=b"/AcroForm 6 0 R")


@mechanism("pdf", "pdf")
def stream_of_its_own_length(rng: Rng, step: int) -> bytes:
    """A stream's length stands in that stream, or is negative or endless."""
    length = (b"4 0 R", b"-1", b"99999999999999999999", b"(a)", b"null")[step]
    return one_page(b"<</Length %b>>stream\n0 0 9 9 re f\nendstream" % length)


@mechanism("pdf", "pdf")
def huge_page_count(rng: Rng, step: int) -> bytes:
    """The tree says that it has up to 2^31 pages."""
    return one_page(b"0 0 9 9 re f").replace(b"/Count 1", b"/Count %d" % (2 ** (7 + 6 * step) - 1))


@mechanism("pdf", "pdf")
def one_page_many_times(rng: Rng, step: int) -> bytes:
    """200 to 10^6 pages, all the same object."""
    count = (30, 499, 501, 20_000, 1_000_000)[step]
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%b>>" % A4
    pages = b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, b"3 0 R " * count)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, page])


@mechanism("pdf", "pdf")
def outlines_in_a_circle(rng: Rng, step: int) -> bytes:
    outline = b"<</Type/Outlines/First 5 0 R/Last 5 0 R/Next 5 0 R/Prev 5 0 R/Parent 5 0 R/Title(%b)>>"
    return one_page(b"", more=[outline % (b"a" * 10**step)], catalog=b"/Outlines 5 0 R")


@mechanism("pdf", "pdf")
def giant_strings(rng: Rng, step: int) -> bytes:
    """Strings of 1 to 25 MB, with parentheses in parentheses."""
    nested = b"(" * 10 ** (step + 1) + b")" * 10 ** (step + 1)
    return one_page(b"", more=[b"<" + b"41" * (500_000 * (step + 1)) + b">", nested])


@mechanism("pdf", "pdf")
def deep_arrays(rng: Rng, step: int) -> bytes:
    depth = 10 ** (step + 2)
    return one_page(b"", page=b"/Annots " + b"[" * depth + b"]" * depth)


@mechanism("pdf", "pdf")
def deep_dictionaries(rng: Rng, step: int) -> bytes:
    depth = 10 ** (step + 2)
    return one_page(b"", catalog=b"/A" + b"<</A" * depth + b" 0" + b">>" * depth)


@mechanism("pdf", "pdf")
def encrypted_pdf(rng: Rng, step: int) -> bytes:
    """A password to open it, of 40 and of 128 bits, with and without rights."""
    random.seed(int(rng.integers(2**31)))  # of which reportlab makes the file's id
    out = io.BytesIO()
    locked = StandardEncryption("secret", strength=40 if step % 2 else 128, canPrint=step // 2)
    canvas = Canvas(out, encrypt=locked, invariant=True)
    canvas.drawString(99, 99, "secret")
    canvas.save()
    return out.getvalue()


@mechanism("pdf", "pdf")
def encryption_lies(rng: Rng, step: int) -> bytes:
    """An unknown handler, keys of no length or of 10^9 bits."""
    locks = (
        b"/Filter/Unknown/V 1",
        b"/Filter/Standard/V 99/R 99/Length 1000000000/P -1/O()/U()",
        b"/Filter/Standard/V 4/R 4/Length 128/P -1/O(a)/U(b)/CF<</StdCF<</CFM/AESV2>>>>/StmF/StdCF",
        b"/Filter/Standard/V 5/R 6/Length 256/P -1/O(a)/U(b)/OE(c)/UE(d)/Perms(e)",
        b"/Filter 1 0 R/V 1 0 R",
    )
    return one_page(b"0 0 9 9 re f").replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt<<%b>>" % locks[step])


@mechanism("pdf", "pdf")
def javascript(rng: Rng, step: int) -> bytes:
    script = b"<</S/JavaScript/JS(while(true){app.alert(%b)})>>" % (b"1" * 10**step)
    return one_page(b"", more=[script], catalog=b"/OpenAction 5 0 R/AA<</WC 5 0 R>>")


@mechanism("pdf", "pdf")
def embedded_files(rng: Rng, step: int) -> bytes:
    """Bombs that lie in the file beside its page."""
    bomb = stream(bytes(5_000_000 * (step + 1)), b"/Type/EmbeddedFile")
    spec = b"<</Type/Filespec/F(a.pdf)/EF<</F 5 0 R>>>>"
    names = b"(a) 6 0 R " * (10 * 8**step)
    return one_page(
        b"0 0 9 9 re f", more=[bomb, spec], catalog=b"/Names<</EmbeddedFiles<</Names[%b]>>>>" % names
    )


@mechanism("pdf", "pdf")
def contents_many_times(rng: Rng, step: int) -> bytes:
    """A page whose content is the same stream, 10^2 to 10^6 times."""
    content = stream(b"0 0 m 9 9 l S\n" * 100)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox%b/Contents[%b]>>" % (A4, b"4 0 R " * 10 ** (step + 2))
    pages = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, content])


@mechanism("pdf", "pdf")
def widgets(rng: Rng, step: int) -> bytes:
    """Fields of a form by the thousand, each with an appearance over the whole page."""
    look = stream(b"0 0 595 842 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]")
    widget = b"<</Type/Annot/Subtype/Widget/FT/Tx/F 4/Rect[0 0 595 842]/AP<</N 5 0 R>>>>"
    return one_page(b"", more=[look, widget], page=b"/Annots[%b]" % (b"6 0 R " * 10 ** (step + 2)))


@mechanism("pdf", "pdf")
def cut_pdf(rng: Rng, step: int) -> bytes:
    whole = one_page(b"0 0 9 9 re f\n" * 1_000)
    return whole[: len(whole) * (step + 1) // 6]


@mechanism("pdf", "pdf")
def scrambled_pdf(rng: Rng, step: int) -> bytes:
    """Some of its bytes are others."""
    whole = np.frombuffer(one_page(b"0 0 9 9 re f\n" * 1_000), np.uint8).copy()
    places = rng.integers(9, len(whole), 3 * 4**step)
    whole[places] = rng.integers(0, 256, len(places))
    return whole.tobytes()


@mechanism("pdf", "pdf")
def rubbish_before_pdf(rng: Rng, step: int) -> bytes:
    """A web page or rubbish stands before it."""
    return b"<html><script>alert(1)</script>" + b" " * (step * 200) + one_page(b"0 0 9 9 re f")
