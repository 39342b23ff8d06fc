"""Small files that ask for much."""

import io
import zipfile


def laughing_xlsx() -> bytes:
    """A workbook whose entities unfold to 10⁹ letters."""
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    sheet = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{laughs}]><worksheet><sheetData><row r="1">'
    sheet += '<c r="A1" t="inlineStr"><is><t>&e9;</t></is></c></row></sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(
            "xl/workbook.xml", '<workbook><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'
        )
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def pdf(pages: list[tuple[str, bytes]], others: list[bytes] = ()) -> bytes:
    """A PDF of pages, each its entries and its content, and of other objects from number 100 on."""
    kids = " ".join(f"{10 + 2 * place} 0 R" for place in range(len(pages)))
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
    }
    for place, (entries, content) in enumerate(pages):
        number = 10 + 2 * place
        objects[number] = f"<</Type/Page/Parent 2 0 R/Contents {number + 1} 0 R{entries}>>".encode()
        objects[number + 1] = stream(content)
    objects |= {100 + place: body for place, body in enumerate(others)}
    body = b"".join(b"%d 0 obj\n%b\nendobj\n" % each for each in objects.items())
    return b"%PDF-1.7\n" + body + b"trailer\n<</Root 1 0 R>>\n%%EOF\n"


def stream(content: bytes, entries: str = "") -> bytes:
    return f"<</Length {len(content)}{entries}>>stream\n".encode() + content + b"\nendstream"


A4 = "/MediaBox[0 0 595 842]"
GOOD = (A4, b"0 0 300 400 re f")
THIN = ("/MediaBox[0 0 0.001 1000000]", b"0 0 1 1 re f")
LAUGH = (A4 + "/Resources<</XObject<</X 100 0 R>>>>", b"/X Do")


def laughing_pdf(levels: int = 9) -> bytes:
    """Three pages, of which the second draws a form that draws ten forms that draw ten …"""
    forms = [form(100 + level + 1) for level in range(levels)]
    return pdf(
        [GOOD, LAUGH, GOOD], [*forms, stream(b"0 0 1 1 re f", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]")]
    )


def form(inner: int) -> bytes:
    entries = f"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X {inner} 0 R>>>>"
    return stream(b"/X Do " * 10, entries)


def strokes_pdf(count: int) -> bytes:
    """One page of so many lines, each across all of it."""
    lines = b"".join(b"%d 0 m %d 842 l S " % (at % 595, at * 7 % 595) for at in range(count))
    return pdf([(A4, lines)])
