"""The rows of a sheet: which are title and header, which are students, which sum up or say something else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from school.roster import cells
from school.roster.headers import filled, find_header, find_unknown, names_of, plain_name, role_of
from school.roster.rows import LONGEST_NAME, Columns, Reading, Remark
from uploads.tables import Sheet

# Rows that sum up, or that a gradebook puts under its header
SUMS = re.compile(
    r"^(합계|소계|총계|누계|계|총원|인원|재적|평균|total|subtotal|sub-total|grand total|sum|average|mean|count|남|여)"
    r"\s*[:：]?\s*(인원|학생\s*수)?\s*[(:：]?\s*[0-9.]*\s*명?\)?$|^points possible$|^(student, test|test student)$|"
    r"^[총남여]?\s*(학생\s*수|인원)?\s*[:：]?\s*[0-9]+\s*명$",
    re.IGNORECASE,
)
STAFF = {
    "instructor",
    "ta",
    "teacher",
    "teachingassistant",
    "observer",
    "designer",
    "reader",
    "교사",
    "강사",
    "조교",
    "선생님",
}
TYPED = re.compile(r"^([0-9]+)[ \t]+(\D+)$")
REPEATED = 2  # names of a header in one row: it is there again, on the next printed page


@dataclass(frozen=True)
class Line:
    """A row, by what its cells are."""

    number: int
    texts: dict[str, str]
    name: str
    first: str  # what stands in its first filled cell

    @property
    def has_student(self) -> bool:
        return bool(self.name or self.texts.get("number") or self.texts.get("seat"))


@dataclass
class Table:
    """A sheet, parted into title, header and lines."""

    sheet: Sheet
    has_header: bool = False
    names: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    lines: list[tuple[int, list[str]]] = field(default_factory=list)


def parted(sheet: Sheet, has_header: bool | None) -> Table:
    lines = [(line, typed(cells_of)) for line, cells_of in sheet.lines]
    rows = [row for _line, row in lines]
    first, behind = find_header(rows)
    if first == behind:
        first, behind = find_unknown(rows)
    if has_header is False:
        first = behind = 0
    elif has_header and first == behind:
        behind = first + 1
    titles = [" ".join(filled(row)) for row in rows[:first]]
    names = names_of(rows[first:behind]) if behind > first else []
    return Table(sheet, behind > first, names, titles, lines[behind:])


def typed(row: list[str]) -> list[str]:
    """`10101 김하나` in one cell are two."""
    return list(TYPED.findall(row[0])[0]) if len(row) == 1 and TYPED.match(row[0]) else row


def student_lines(table: Table, columns: Columns, reading: Reading, is_only: bool) -> Iterator[Line]:
    """Without sums, notes below the list, and headers that are there again. Merged cells hold for the rows below."""
    above: dict[str, str] = {}
    staff = next((place for place, name in enumerate(table.names) if role_of(name) == "role"), None)
    for line, row in table.lines:
        one = line_of(line, row, columns)
        if is_header_again(row, table.names):
            above = {}
            continue
        if not one.has_student or is_sum(one):
            if one.first and (one.has_student or is_only):
                reading.remarks.append(Remark("left_out", line, {"text": one.first[:60]}))
            continue
        if staff is not None and staff < len(row) and plain_name(row[staff]) in STAFF:
            reading.remarks.append(Remark("left_out", line, {"text": f"{one.name} ({row[staff]})"}))
            continue
        for role in ("grade", "class"):
            if role in one.texts and (text := one.texts[role] or above.get(role, "")):
                above[role] = one.texts[role] = text
        yield one


def line_of(number: int, row: Sequence[str], columns: Columns) -> Line:
    def cell(place: int) -> str:
        return cells.clean(row[place]) if place < len(row) else ""

    texts = {role: cell(place) for role, place in columns}
    names = [texts.pop(role, "") for role in ("name", "first", "last")]
    return Line(
        number, texts, cells.joined(*names)[:LONGEST_NAME].strip(), cells.clean(next(iter(filled(row)), ""))
    )


def is_header_again(row: Sequence[str], names: Sequence[str]) -> bool:
    same = [cell for cell, name in zip(row, names, strict=False) if cell.strip() and cell.strip() == name]
    return len(same) >= REPEATED and len(same) == len(filled(row))


def is_sum(line: Line) -> bool:
    number = line.texts.get("number") or line.texts.get("seat", "")
    if number and cells.clean(number)[0].isdecimal() and not SUMS.match(number):
        return False
    # A note below the list stands where the numbers are, without a name
    is_note = bool(number) and not line.name and not any(one.isdecimal() for one in number)
    return is_note or bool(SUMS.match(line.first) or SUMS.match(line.name) or SUMS.match(number))
