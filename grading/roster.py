"""Rosters as schools have them: CSV in UTF-8 or CP949, or XLSX, with headers in Korean or English."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000
HEADERS = {
    "number": ("number", "no", "id", "student", "student number", "student id", "학번", "번호", "수험번호"),
    "name": ("name", "student name", "이름", "성명"),
    "class_name": ("class", "class name", "group", "반", "학급", "학년반"),
}


@dataclass(frozen=True)
class RosterRow:
    number: str
    name: str = ""
    class_name: str = ""


def read_roster(file: BinaryIO) -> list[RosterRow]:
    """The students of a file. Raises ValidationError with sentences that say which row is wrong."""
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValidationError(_("A roster is at most 5 MB."))
    table = list(xlsx_rows(data) if data.startswith(b"PK") else csv_rows(data))
    if not table:
        raise ValidationError(_("This roster is empty."))
    if len(table) > MOST_ROWS:
        raise ValidationError(_("A roster has at most %(most)s students.") % {"most": MOST_ROWS})
    places = columns_of(table[0])
    return checked_rows([roster_row(cells, places) for cells in table[1:]])


def csv_rows(data: bytes) -> Iterable[list[str]]:
    text = decode_roster(data)
    sample = text[:4096].partition("\n")[0]
    delimiter = max(",;\t", key=sample.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]


def decode_roster(data: bytes) -> str:
    """Excel in Korea writes CP949, everyone else UTF-8, with or without a mark."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(_("This file is neither a CSV nor an XLSX table."))


def xlsx_rows(data: bytes) -> Iterable[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [
            [cell_text(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 2, values_only=True)
        ]
    except Exception as error:  # whatever openpyxl raises: a damaged table breaks it anywhere
        raise ValidationError(_("This file is neither a CSV nor an XLSX table.")) from error
    return [row for row in rows if any(row)]


def cell_text(cell: object) -> str:
    """Numbers as Excel keeps them: 20230117.0 is 20230117."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def columns_of(header: Sequence[str]) -> dict[str, int]:
    names = [name.strip().lower() for name in header]
    places = {
        column: next((names.index(word) for word in words if word in names), -1)
        for column, words in HEADERS.items()
    }
    if places["number"] < 0:
        raise ValidationError(
            _("The first row has to name the columns: number, name, class (or 학번, 이름, 반).")
        )
    return places


def roster_row(cells: Sequence[str], places: dict[str, int]) -> RosterRow:
    def cell(column: str) -> str:
        place = places[column]
        text = cells[place] if 0 <= place < len(cells) else ""
        return "".join(letter for letter in text if letter.isprintable())[:100]

    return RosterRow(cell("number"), cell("name"), cell("class_name"))


def checked_rows(rows: Sequence[RosterRow]) -> list[RosterRow]:
    sentences, seen = [], set()
    for line, row in enumerate(rows, start=2):
        words = {"line": line, "number": row.number}
        if not row.number or len(row.number) > 20 or not row.number.isascii() or not row.number.isprintable():
            sentences.append(_("Row %(line)s: “%(number)s” is not a student number.") % words)
        elif row.number in seen:
            sentences.append(_("Row %(line)s: the student number %(number)s is there twice.") % words)
        seen.add(row.number)
    if sentences:
        raise ValidationError(sentences[:20])
    return list(rows)
