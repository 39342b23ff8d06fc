"""Rosters as schools have them: tables with headers in Korean or English."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

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


def students_in(table: Sequence[Sequence[str]]) -> list[RosterRow]:
    """The students of a table whose first row is its header. Raises ValidationError with sentences that say which row
    is wrong."""
    if not table:
        raise ValidationError(_("This roster is empty."))
    if len(table) > MOST_ROWS + 1:
        raise ValidationError(_("A roster has at most %(most)s students.") % {"most": MOST_ROWS})
    places = columns_of(table[0])
    return checked_rows([roster_row(cells, places) for cells in table[1:]])


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
        return "".join(letter for letter in text if letter.isprintable()).strip()[:100]

    return RosterRow(cell("number"), cell("name"), cell("class_name"))


def is_student_number(text: str) -> bool:
    return bool(text.strip()) and len(text) <= 20 and text.isascii() and text.isprintable()


def checked_rows(rows: Sequence[RosterRow], first: int = 2) -> list[RosterRow]:
    sentences, seen = [], set()
    for line, row in enumerate(rows, start=first):
        words = {"line": line, "number": row.number}
        if not is_student_number(row.number):
            sentences.append(_("Row %(line)s: “%(number)s” is not a student number.") % words)
        elif row.number in seen:
            sentences.append(_("Row %(line)s: the student number %(number)s is there twice.") % words)
        seen.add(row.number)
    if sentences:
        raise ValidationError(sentences[:20])
    return list(rows)
