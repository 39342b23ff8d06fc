"""Tables of students that no one wrote: XLSX, ODS, XLS and CSV."""

import struct
from collections.abc import Mapping

import numpy as np

from benchmarks.hostile_files import mechanism, packed

Rng = np.random.Generator
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
GOOD = "number,name,class\n1001,Kim,1\n1002,Lee,1\n"


def xlsx(cells: str, more: Mapping[str, str | bytes] = {}, head: str = HEAD, workbook: str = "") -> bytes:
    """A workbook of one sheet with this content. more: parts in place of the usual ones, or beside them."""
    types = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    related = '<Relationship Id="a" Type="{}/{}" Target="{}"/>'
    links = (
        HEAD
        + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": types,
        "_rels/.rels": links.format(related.format(RELATED, "officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": links.format(
            related.format(RELATED, "worksheet", "worksheets/sheet1.xml")
            + f'<Relationship Id="b" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/>'
        ),
        "xl/workbook.xml": f'{HEAD}<workbook {MAIN} xmlns:r="{RELATED}"><sheets>'
        f'<sheet name="A" sheetId="1" r:id="a"/></sheets>{workbook}</workbook>',
        "xl/worksheets/sheet1.xml": f"{head}<worksheet {MAIN}>{cells}</worksheet>",
    }
    content = parts | dict(more)
    return packed({name: text.encode() if isinstance(text, str) else text for name, text in content.items()})


def rows(*texts: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f"<sheetData><row>{cells}</row></sheetData>"


def shared(strings: str) -> dict[str, str | bytes]:
    return {"xl/sharedStrings.xml": f"{HEAD}<sst {MAIN}>{strings}</sst>"}


# --- XLSX


@mechanism("table", "xlsx")
def entities_in_entities(rng: Rng, step: int) -> bytes:
    """A billion laughs, in the sheet, in its strings or in the workbook."""
    names = [f"a{number}" for number in range(5 + 2 * step)]
    laughs = "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip(names, names[1:], strict=False)
    )
    head = f'{HEAD}<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]>'
    text = f"&{names[-1]};"
    if step % 2:
        return xlsx(rows(text), head=head)
    string = f"{head}<sst {MAIN}><si><t>{text}</t></si></sst>"
    cell = '<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'
    return xlsx(cell, {"xl/sharedStrings.xml": string})


@mechanism("table", "xlsx")
def outside_entities(rng: Rng, step: int) -> bytes:
    where = ("file:///etc/passwd", "http://127.0.0.1:1/", "file:///dev/zero", "php://filter", "///")[step]
    return xlsx(rows("&a;"), head=f'{HEAD}<!DOCTYPE a [<!ENTITY a SYSTEM "{where}">]>')


@mechanism("table", "xlsx")
def string_bomb(rng: Rng, step: int) -> bytes:
    """One string of 10 to 90 MB, which each cell repeats."""
    text = "a" * (10_000_000 + 20_000_000 * step)
    cells = '<c t="s"><v>0</v></c>' * 1_000
    return xlsx(f"<sheetData><row>{cells}</row></sheetData>", shared(f"<si><t>{text}</t></si>"))


@mechanism("table", "xlsx")
def many_strings(rng: Rng, step: int) -> bytes:
    return xlsx(rows("a"), shared("<si><t>abc</t></si>" * 10 ** (step + 2)))


@mechanism("table", "xlsx")
def many_rows(rng: Rng, step: int) -> bytes:
    """10^4 to 10^6 rows of two cells, in up to 5 MB."""
    row = '<row><c><v>1</v></c><c t="inlineStr"><is><t>a</t></is></c></row>'
    count = (10_000, 50_000, 200_000, 500_000, 1_000_000)[step]
    return xlsx(f"<sheetData>{row * count}</sheetData>")


@mechanism("table", "xlsx")
def far_cells(rng: Rng, step: int) -> bytes:
    """Two cells, the second in the last row of the last column: 10^4 to 10^10 cells between them."""
    place = ("Z999", "ZZ99999", "XFD99", "A1048576", "XFD1048576")[step]
    number = "".join(letter for letter in place if letter.isdigit())
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{number}"><c r="{place}"><v>2</v></c></row>'
    return xlsx(f"<sheetData>{cells}</sheetData>")


@mechanism("table", "xlsx")
def lying_dimension(rng: Rng, step: int) -> bytes:
    where = ("A1:XFD1048576", "B2:A1", "ZZZZZ9:A1", "A0:A-1", "A1:A99999999999999999999")[step]
    return xlsx(f'<dimension ref="{where}"/>{rows("number", "name")}')


@mechanism("table", "xlsx")
def many_columns(rng: Rng, step: int) -> bytes:
    cells = "<c><v>1</v></c>" * 10 ** (step + 2)
    return xlsx(f"<sheetData><row>{cells}</row></sheetData>")


@mechanism("table", "xlsx")
def merged_cells(rng: Rng, step: int) -> bytes:
    merged = '<mergeCell ref="A1:XFD1048576"/>' * 10 ** (step + 1)
    return xlsx(f"{rows('a')}<mergeCells>{merged}</mergeCells>")


@mechanism("table", "xlsx")
def formulas_and_links(rng: Rng, step: int) -> bytes:
    """What reckons, asks another machine, or has been reckoned to an error."""
    said = ("SUM(A:A)", 'WEBSERVICE("http://127.0.0.1:1/")', "[1]Sheet!A1", "cmd|' /c calc'!A1", "A1")[step]
    more = {"xl/externalLinks/externalLink1.xml": f"{HEAD}<externalLink {MAIN}/>"}
    value = ("<v>1</v>", '<v t="e">#REF!</v>', "", "<v>1e999</v>", "<v>NaN</v>")[step]
    return xlsx(f"<sheetData><row><c><f>{said}</f>{value}</c></row></sheetData>", more)


@mechanism("table", "xlsm")
def macros(rng: Rng, step: int) -> bytes:
    more = {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.bytes(500 * 8**step)}
    return xlsx(rows("number", "name"), more)


@mechanism("table", "xlsx")
def sheet_bomb(rng: Rng, step: int) -> bytes:
    """A sheet of 50 to 250 MB of blanks, or of one that never closes what it opens."""
    if step == 4:
        return xlsx("<a>" * 5_000_000)
    return xlsx(" " * (50_000_000 * (step + 1)) + rows("a"))


@mechanism("table", "xlsx")
def parts_that_are_missing(rng: Rng, step: int) -> bytes:
    names = (
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/worksheets/sheet1.xml",
        "[Content_Types].xml",
    )
    return xlsx(rows("a"), {names[step]: rng.bytes(50) if step % 2 else b""})


@mechanism("table", "xlsx")
def links_in_a_circle(rng: Rng, step: int) -> bytes:
    """The sheet is the workbook, or lies outside of the file."""
    target = ("workbook.xml", "../../../etc/passwd", "/xl/workbook.xml", "http://127.0.0.1:1/", "")[step]
    link = f'<Relationship Id="a" Type="{RELATED}/worksheet" Target="{target}"/>'
    links = f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    return xlsx(rows("a"), {"xl/_rels/workbook.xml.rels": links})


@mechanism("table", "xlsx")
def many_sheets(rng: Rng, step: int) -> bytes:
    return xlsx(
        rows("a"), {f"xl/worksheets/sheet{number}.xml": "" for number in range(2, 2 + 8 ** (step + 1))}
    )


# --- ODS and XLS


@mechanism("table", "ods")
def repeated_cells(rng: Rng, step: int) -> bytes:
    """A cell that is repeated 10^2 to 10^6 times across and down."""
    count = 10 ** (step + 2)
    office = "urn:oasis:names:tc:opendocument:xmlns:"
    cell = f'<table:table-cell table:number-columns-repeated="{count}"><text:p>a</text:p></table:table-cell>'
    content = (
        f'{HEAD}<office:document-content xmlns:office="{office}office:1.0" xmlns:table="{office}table:1.0" '
        f'xmlns:text="{office}text:1.0"><office:body><office:spreadsheet><table:table table:name="A">'
        f'<table:table-row table:number-rows-repeated="{count}">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed({"mimetype": kind, "content.xml": content.encode()})


@mechanism("table", "xls")
def sectors_in_a_circle(rng: Rng, step: int) -> bytes:
    """An old workbook whose sectors follow themselves, or begin behind the end."""
    start = (0, 1, 2**32 - 2, 2**31, 7)[step]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 62, 3, 0xFFFE, 9, 6, 0, 1, start, 0, 4096, start, 1, start, 1)
    head += struct.pack("<I", 0) * 109
    table = struct.pack("<I", 0) * 128
    return (head + table * (1 + 10**step))[:4_900_000]


@mechanism("table", "xls")
def scrambled_xls(rng: Rng, step: int) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + rng.bytes(100 * 9**step)


# --- CSV


@mechanism("table", "csv")
def line_ends(rng: Rng, step: int) -> bytes:
    """Old, mixed, none, Unicode's own, and 10^6 of them."""
    ends = ("\r", "\n\r", "\x0b", "\u2028", "\r\n" * 500_000)
    return GOOD.replace("\n", ends[step]).encode()


@mechanism("table", "csv")
def nul_and_controls(rng: Rng, step: int) -> bytes:
    said = ("\0", "\x1a", "\x08" * 1_000, "\x1b[2J", "\x7f\x80\u202e")[step]
    return GOOD.replace("Kim", said).encode("utf-8", "surrogatepass")


@mechanism("table", "csv")
def huge_field(rng: Rng, step: int) -> bytes:
    """One field of 100 KB to 4.9 MB, with and without quotes."""
    field = "a" * (100_000, 131_073, 1_000_000, 2_500_000, 4_900_000)[step]
    return GOOD.replace("Kim", f'"{field}"' if step % 2 else field).encode()


@mechanism("table", "csv")
def unbalanced_quotes(rng: Rng, step: int) -> bytes:
    return (GOOD + '"' + 'a"",' * (10 ** (step + 2))).encode()


@mechanism("table", "csv")
def many_fields(rng: Rng, step: int) -> bytes:
    """Nothing but what stands between fields, up to 4.9 MB."""
    return (",", ";", "\t", ",\n", ",")[step].encode() * (10_000, 100_000, 1_000_000, 2_400_000, 4_900_000)[
        step
    ]


@mechanism("table", "csv")
def encodings(rng: Rng, step: int) -> bytes:
    codes = ("utf-16", "utf-32", "utf-7", "utf-16-be", "johab")
    return GOOD.replace("Kim", "김").encode(codes[step])


@mechanism("table", "csv")
def mixed_encodings(rng: Rng, step: int) -> bytes:
    """Marks of one encoding before another, halves of letters, and bytes that are in none."""
    name = "김".encode("cp949")
    said = (b"\xef\xbb\xbf" * 3, b"\xff\xfe", b"\xfe\xff", b"\xef\xbb", rng.bytes(2_000))
    return said[step] + GOOD.encode().replace(b"Kim", name) + "박".encode()


@mechanism("table", "csv")
def odd_numbers(rng: Rng, step: int) -> bytes:
    """Numbers of students that are no numbers: signs, other digits, powers, formulas, 10^5 digits."""
    said = ("-1", "١٢٣٤", "1e400", "=1+1", "9" * 100_000)[step]
    return GOOD.replace("1001", said).encode()


@mechanism("table", "csv")
def scripts_in_names(rng: Rng, step: int) -> bytes:
    said = ("<script>alert(1)</script>", "=cmd|' /c calc'!A0", "%s%n{0}{}", "'; DROP TABLE x; --", "\ud800")[
        step
    ]
    return GOOD.replace("Kim", said).encode("utf-8", "surrogatepass")
