"""Tables that people upload as rows of texts: workbooks (XLSX, XLS, ODS), texts with separators, and the tables of web
pages that many systems call .xls. What needs a parser is opened by a child.

Calamine reads workbooks: it expands no entities, and leaves out what is not asked for.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import filetype
from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from . import archive, markup_tables, text_tables
from .problems import BadFile

MOST_BYTES = 5_000_000
MOST_MEMORY = 430_000_000  # bytes to open one
MOST_PARTS = 1_000  # files in a workbook, which is a ZIP: one for each sheet and picture
MOST_SHEETS = 60  # a class each, of a large school
MOST_COLUMNS = 100  # a gradebook has one for each assignment, behind those of the student
MOST_LETTERS = 200  # of a cell
MOST_TEXT = 3_000_000  # letters of all cells: 5,000 rows of 600
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Sheet:
    """`first` is the number of its first row in the file. Empty rows stay, so that the others can be counted."""

    name: str
    first: int = 1
    rows: list[list[str]] = field(default_factory=list)

    @property
    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, each with its number."""
        return (
            (line, cells) for line, cells in enumerate(self.rows, start=self.first) if any(map(bool, cells))
        )


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
    elif not head.startswith(OLE) and not markup_tables.is_markup(head) and filetype.guess_mime(head):
        raise BadFile("no_table")
    file.seek(0)


def read_sheets(path: Path, most_rows: int) -> list[Sheet]:
    """In a child: all sheets that hold anything, of each no more rows than that. Raises BadFile."""
    data = path.read_bytes()
    if data.startswith((ZIP, OLE)):
        found = _workbook_sheets(data, most_rows)
    elif markup_tables.is_markup(data[:8192]):
        tables = markup_tables.tables_in(text_tables.decoded(data), most_rows)
        found = [_sheet(name, 1, rows) for name, rows in tables]
    else:
        found = [_sheet("", 1, islice(text_tables.rows_in(data), most_rows))]
    sheets = [sheet for sheet in found if sheet.rows]
    if sum(len(cell) for sheet in sheets for row in sheet.rows for cell in row) > MOST_TEXT:
        raise BadFile("table_too_full")
    return sheets


def _workbook_sheets(data: bytes, most_rows: int) -> list[Sheet]:
    """Hidden ones come last."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        named = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet][:MOST_SHEETS]
        named.sort(key=lambda one: one.visible != SheetVisibleEnum.Visible)
        return [_workbook_sheet(book, one.name, most_rows) for one in named]
    except PasswordError as error:
        raise BadFile("encrypted") from error
    except Exception as error:  # Calamine has a class for each format, and damaged files find others
        raise BadFile("no_table") from error


def _workbook_sheet(book: CalamineWorkbook, name: str, most_rows: int) -> Sheet:
    sheet = book.get_sheet_by_name(name)
    first = sheet.start[0] + 1 if sheet.start else 1
    return _sheet(name, first, islice(sheet.to_python(nrows=most_rows), most_rows))


def _sheet(name: str, first: int, rows: Iterable[Sequence[object]]) -> Sheet:
    texts = [[_text(cell) for cell in row[:MOST_COLUMNS]] for row in rows]
    while texts and not any(texts[-1]):
        texts.pop()
    return Sheet(name, first, texts)


def _text(cell: object) -> str:
    """Numbers as tables keep them: 20230117.0 is 20230117."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()[:MOST_LETTERS]
