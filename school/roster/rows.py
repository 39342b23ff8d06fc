"""What a table of students is read into. Plain Python: the sentences for it stand in `school.remarks`."""

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_ROWS = 5_000
LONGEST_NUMBER, LONGEST_NAME = 20, 100
ALL_SHEETS = "*"
# What a column may hold. A seat is the number in a class, to which grade and class belong
ROLES = ("number", "grade", "class", "seat", "name", "first", "last")

Columns = tuple[tuple[str, int], ...]  # (role, place)


@dataclass(frozen=True)
class RosterRow:
    number: str
    name: str = ""
    class_name: str = ""
    ids: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # of school.roster.programs

    @property
    def shown(self) -> dict[str, str]:
        """What people are shown of it."""
        return {"number": self.number, "name": self.name, "class_name": self.class_name}


@dataclass(frozen=True)
class Remark:
    """Something that a person should know about a row, or (line 0) about the whole table. `code` is a key of
    `school.remarks`; `words` are put into its sentence."""

    code: str
    line: int = 0
    words: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Grid:
    """What a sheet asks for: (role, digits) of each part of the student number; ("", 8) is a whole one. Empty where
    nothing is known, as of the list of a class."""

    parts: tuple[tuple[str, int], ...] = ()

    @property
    def digits(self) -> int:
        return sum(digits for _role, digits in self.parts)

    @property
    def is_composed(self) -> bool:
        return len(self.parts) > 1 and all(role for role, _digits in self.parts)


@dataclass(frozen=True)
class Choice:
    """What a person says about a table; all else is found."""

    sheet: str = ""  # its name; ALL_SHEETS
    has_header: bool | None = None
    columns: Columns = ()
    grade: str = ""  # of all, where the table does not say it
    class_name: str = ""


AS_FOUND = Choice()


@dataclass
class Reading:
    """What is in a table, and what is wrong with it. `header`: the names of its columns; `columns`: those that were
    read."""

    sheet: str = ""
    has_header: bool = False
    header: list[str] = field(default_factory=list)
    first_rows: list[list[str]] = field(default_factory=list)
    columns: Columns = ()
    asks: list[str] = field(default_factory=list)  # "grade", "class": what the number lacks
    rows: list[RosterRow] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)  # of each row, where it stands
    remarks: list[Remark] = field(default_factory=list)  # repaired, or left out
    problems: list[Remark] = field(default_factory=list)  # refused


def is_student_number(text: str) -> bool:
    return bool(text.strip()) and len(text) <= LONGEST_NUMBER and text.isascii() and text.isprintable()


def problems_of(rows: Sequence[RosterRow], lines: Sequence[int]) -> list[Remark]:
    """Of rows that were typed: what is no number, or there twice."""
    found, seen = [], set()
    for line, row in zip(lines, rows, strict=True):
        if not is_student_number(row.number):
            found.append(Remark("no_number", line, {"number": row.number}))
        elif row.number in seen:
            found.append(Remark("twice", line, {"number": row.number}))
        seen.add(row.number)
    return found
