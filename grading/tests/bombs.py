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
