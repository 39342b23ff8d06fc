"""What a list would come to: who is in it, as they would be stored, against who is there. Nothing is stored here."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from school.models import ListUpload, SchoolClass
from school.remarks import ROLE_NAMES, sentences
from school.roster.changes import Changes, compare
from school.roster.rows import ALL_SHEETS, ROLES, Choice, Grid, Reading, RosterRow
from school.uploads import read_kept

SHOWN = 100  # students of a page; the others are counted
KINDS = ("added", "changed", "moved", "same")


def known_in_class(school_class: SchoolClass) -> list[RosterRow]:
    present = school_class.enrollments.present().select_related("student")
    return [RosterRow(one.number, one.student.name, school_class.name) for one in present]


@dataclass(frozen=True)
class Preview:
    """What pages show of it."""

    upload: ListUpload
    choice: Choice
    reading: Reading
    changes: Changes

    @property
    def sheets(self) -> list[str]:
        return list(self.upload.sheets)

    @property
    def all_sheets(self) -> str:
        return ALL_SHEETS

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Each with its name, what it is taken for, and what it may be."""
        roles = {place: role for role, place in self.reading.columns}
        return [
            {"place": place, "name": name, "role": roles.get(place, "")}
            for place, name in enumerate(self.reading.header)
        ]

    @property
    def roles(self) -> list[tuple[str, Any]]:
        return [(role, ROLE_NAMES[role]) for role in ROLES]

    @property
    def rows(self) -> list[list[str]]:
        """The first of the table as it is, all as wide."""
        width = len(self.reading.header)
        return [(row + [""] * width)[:width] for row in self.reading.first_rows]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The first students as they would be stored: what becomes of each, and what was before."""
        found = {row: kind for kind in KINDS for row in getattr(self.changes, kind)}
        before = self.changes.changed | self.changes.moved
        return [
            {"row": row, "kind": found[row], "before": before.get(row)} for row in self.reading.rows[:SHOWN]
        ]

    @property
    def more(self) -> int:
        return max(0, len(self.reading.rows) - SHOWN)

    @property
    def has_classes(self) -> bool:
        return any(row.class_name for row in self.reading.rows)

    @property
    def problems(self) -> list[str]:
        return sentences(self.reading.problems)

    @property
    def remarks(self) -> list[str]:
        return sentences(self.reading.remarks)

    @property
    def asks_grade(self) -> bool:
        return "grade" in self.reading.asks or bool(self.choice.grade)

    @property
    def asks_class(self) -> bool:
        return "class" in self.reading.asks or bool(self.choice.class_name)

    @property
    def said_header(self) -> str:
        return "" if self.choice.has_header is None else str(self.choice.has_header).lower()

    @property
    def said(self) -> str:
        """The columns that a person has chosen, as they are sent on; empty where they were found."""
        return said_columns(self.choice)


def said_columns(choice: Choice) -> str:
    return ",".join(f"{role}:{place}" for role, place in choice.columns)


def preview_of(
    upload: ListUpload, grid: Grid, choice: Choice, before: Sequence[RosterRow], is_whole: bool = True
) -> Preview:
    """Raises ValidationError where its table is gone."""
    reading = read_kept(upload, grid, choice)
    return Preview(upload, choice, reading, compare(before, reading.rows, is_whole))
