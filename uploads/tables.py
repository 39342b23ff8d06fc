"""Tables that people upload (XLSX, XLS, ODS, CSV) as rows of texts. What needs a parser is opened by a child.

Calamine reads workbooks: it expands no entities, and leaves out what is not asked for.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import filetype
from charset_normalizer import from_bytes
from python_calamine import CalamineWorkbook

from . import archive
from .problems import BadFile

Table = list[list[str]]

MOST_BYTES = 5_000_000
MOST_MEMORY = 430_000_000  # bytes to open one
MOST_PARTS = 1_000  # files in a workbook, which is a ZIP: one for each sheet and picture
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t"
ENCODINGS = ("utf-8-sig", "cp949")  # Excel in Korea writes CP949, everyone else UTF-8
MARKS = (b"\xff\xfe", b"\xfe\xff")  # of UTF-16, Excel's "Unicode text"


def check_table(file: BinaryIO) -> None:
    """By its bytes and the directory of a ZIP alone; leaves the file at 0. Raises BadFile where it is no table."""
    length = file.seek(0, 2)
    file.seek(0)
    if length == 0:
        raise BadFile("empty_file")
    if length > MOST_BYTES:
        raise BadFile("table_too_big")
    head = file.read(8192)
    if head.startswith(ZIP):
        archive.Archive(file, MOST_PARTS)
    elif not head.startswith(OLE) and filetype.guess_mime(head):
        raise BadFile("no_table")
    file.seek(0)


def read_table(path: Path, most_rows: int) -> Table:
    """In a child: the rows of the first sheet that are not empty, no more than that. Raises BadFile."""
    data = path.read_bytes()
    rows = _sheet_rows(data) if data.startswith((ZIP, OLE)) else _csv_rows(data)
    texts = ([_text(cell) for cell in row] for row in rows)
    return [row for row, _ in zip((row for row in texts if any(row)), range(most_rows), strict=False)]


def _sheet_rows(data: bytes) -> Iterable[Sequence[object]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return book.get_sheet_by_index(0).to_python()
    except Exception as error:  # Calamine has a class for each format, and damaged files find others
        raise BadFile("no_table") from error


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    header = text.lstrip()[:4096].splitlines()[:1]
    delimiter = max(DELIMITERS, key=header[0].count) if header else ","
    try:
        # any line ends, those of old Macs among them
        yield from csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    except csv.Error as error:
        raise BadFile("no_table") from error


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(MARKS) else ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    found = from_bytes(data[:100_000]).best()
    if found is None or "\0" in str(found):
        raise BadFile("no_table")
    return data.decode(found.encoding, "replace")


def _text(cell: object) -> str:
    """Numbers as tables keep them: 20230117.0 is 20230117."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
