"""Workbooks as a person would make them: several sheets, a header that stays, columns as wide as what is in them, ready
to print. What comes in as a text stays one: numbers of students keep their zeros, and nothing runs as a formula."""

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # characters that it cannot hold
FORMULA_SIGNS = ("=", "+", "-", "@")
NARROW, WIDE = 6, 44  # of columns, in characters
MEASURED = 300  # rows, by which columns are made wide
TITLE_LENGTH = 31  # Excel takes no longer name of a sheet
NO_TITLE = re.compile(r"[\\/*?:\[\]]")
A4 = 9
TEXT = "@"
BOLD, TINT = Font(bold=True), PatternFill("solid", fgColor="E8ECF4")
RULE = Border(bottom=Side(style="thin", color="8090A8"))
Row = Sequence[Any]


@dataclass(frozen=True)
class SheetOfBook:
    """One sheet. rows: the first is its header; columns: how many stay while one scrolls; formats: of numbers, by
    column from 0."""

    title: str
    rows: Sequence[Row]
    columns: int = 0
    formats: Sequence[tuple[int, str]] = ()
    is_wide: bool = False  # lies on the paper
    has_filter: bool = False


def as_book(sheets: Iterable[SheetOfBook], title: str = "") -> bytes:
    """XLSX; `title` stands on each printed page."""
    book = Workbook(write_only=True)
    for one in sheets:
        add_sheet(book, one, title)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def add_sheet(book: Workbook, one: SheetOfBook, title: str) -> None:
    sheet = book.create_sheet(NO_TITLE.sub(" ", one.title)[:TITLE_LENGTH])
    set_up(sheet, one, plain(title))
    formats = dict(one.formats)
    for place, row in enumerate(one.rows):
        is_header = place == 0
        sheet.append([cell_of(sheet, value, formats.get(at, ""), is_header) for at, value in enumerate(row)])


def set_up(sheet: Any, one: SheetOfBook, title: str) -> None:
    """All that comes before the rows."""
    sheet.freeze_panes = f"{get_column_letter(one.columns + 1)}2"
    for at, width in enumerate(widths(one.rows), start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.print_title_rows = "1:1"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if one.is_wide else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddHeader.left.text = f"{title} · {one.title}".strip(" ·").replace("&", "&&")
    sheet.oddFooter.center.text = "&P / &N"
    if one.has_filter and len(one.rows) > 1:
        last = get_column_letter(len(one.rows[0]))
        sheet.auto_filter.ref = f"A1:{last}{len(one.rows)}"


def cell_of(sheet: Any, value: Any, number_format: str, is_header: bool) -> Any:
    if isinstance(value, str):
        return text_cell(sheet, plain(value), is_header)
    if value is None or not (number_format or is_header):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format or cell.number_format
    return cell


def text_cell(sheet: Any, text: str, is_header: bool) -> Any:
    """Of a text that looks like a formula or a number, one that says that it is none."""
    looks_otherwise = text.startswith(FORMULA_SIGNS) or text[:1].isdecimal()
    if not (is_header or looks_otherwise):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    if looks_otherwise:
        cell.quotePrefix, cell.number_format = True, TEXT
    if is_header:
        cell.font, cell.fill, cell.border = BOLD, TINT, RULE
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def plain(text: str) -> str:
    return NO_XML.sub("", text)


def widths(rows: Sequence[Row]) -> list[float]:
    widest: list[float] = []
    for row in rows[:MEASURED]:
        widest += [NARROW] * (len(row) - len(widest))
        for at, value in enumerate(row):
            widest[at] = max(widest[at], min(width_of(value) + 2, WIDE))
    return widest


def width_of(value: Any) -> int:
    """In characters: Hangul takes two, a cell of several lines its longest."""
    text = "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
    return max(
        sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
        for line in text.split("\n")
    )
