"""Tables to download."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse
from openpyxl import Workbook

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)")
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that it cannot hold
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[Any]


def as_download(rows: Iterable[Row], title: str, kind: str) -> FileResponse:
    """`title`.csv or `title`.xlsx."""
    make, content_type = {"csv": (as_csv, "text/csv; charset=utf-8"), "xlsx": (as_xlsx, XLSX)}[kind]
    content = io.BytesIO(make([safe(cell) for cell in row] for row in rows))
    return FileResponse(content, content_type=content_type, as_attachment=True, filename=f"{title}.{kind}")


def as_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel in Korea reads it."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([NO_XML.sub("", cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def safe(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe; plain numbers stay as they are."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(cell) else cell
