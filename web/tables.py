"""Tables to download."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from django.http import FileResponse

from web.workbooks import SheetOfBook, as_book

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
NUMBER = re.compile(r"-?(\d+([.,]\d*)?|[.,]\d+)")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = list[Any]


def as_download(rows: Iterable[Row], title: str, kind: str) -> FileResponse:
    """`title`.csv or `title`.xlsx."""
    content = as_csv(rows) if kind == "csv" else as_book([SheetOfBook(title, list(rows))], title)
    return as_file(content, title, kind)


def as_file(content: bytes, title: str, kind: str) -> FileResponse:
    content_type = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}[kind]
    file = io.BytesIO(content)
    return FileResponse(file, content_type=content_type, as_attachment=True, filename=f"{title}.{kind}")


def as_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with a byte order mark, so that Excel in Korea reads it."""
    out = io.StringIO()
    csv.writer(out).writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(cell: Any) -> Any:
    """A text that a spreadsheet would run as a formula gets an apostrophe; plain numbers stay as they are."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) and not NUMBER.fullmatch(cell) else cell
