"""What is said of a list and of its rows, in sentences: those of `school.roster`, by their codes."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext, pgettext_lazy

from school.roster.rows import Remark, RosterRow, problems_of

MOST_SAID = 20  # sentences that are told at once
ROLE_NAMES = {
    "number": pgettext_lazy("column", "Student number"),
    "grade": pgettext_lazy("column", "Grade"),
    "class": pgettext_lazy("column", "Class"),
    "seat": pgettext_lazy("column", "Number in the class"),
    "name": pgettext_lazy("column", "Name"),
    "first": pgettext_lazy("column", "Given name"),
    "last": pgettext_lazy("column", "Family name"),
}
SENTENCES = {
    # refused: a row
    "no_number": gettext_noop("Row %(line)s: “%(number)s” is not a student number."),
    "twice": gettext_noop("Row %(line)s: the student number %(number)s is there twice."),
    "twice_in_sheets": gettext_noop(
        "Row %(line)s of the sheet “%(sheet)s”: the student number %(number)s is there twice."
    ),
    "too_long": gettext_noop("Row %(line)s: the number %(number)s has more than %(digits)s digits."),
    "rounded": gettext_noop(
        "Row %(line)s: of the number %(number)s a spreadsheet has kept the first digits alone. Type it in anew."
    ),
    "without_number": gettext_noop("Row %(line)s: %(name)s has no student number."),
    "no_part": gettext_noop("Row %(line)s: %(name)s has no number in the column “%(part)s”."),
    "part_too_long": gettext_noop(
        "Row %(line)s: %(part)s is %(text)s, and the sheet has room for %(digits)s digits of it."
    ),
    # refused: the table
    "nothing": gettext_noop("This roster is empty."),
    "nobody": gettext_noop("There are no students in this table."),
    "header_alone": gettext_noop(
        "This table names its columns, and has no students below. Add a row for each student."
    ),
    "too_many": gettext_noop(
        "This table has more than %(most)s students, the most of a roster. Send fewer classes at a time."
    ),
    "no_sheet": gettext_noop("There is no sheet “%(sheet)s” in this file."),
    "no_column": gettext_noop(
        "It is not clear which column holds the student numbers. Choose it, or name it (number, 학번)."
    ),
    "asks_grade": gettext_noop("The number begins with the grade, which this table does not say. Say it."),
    "asks_class": gettext_noop("The number has the class in it, which this table does not say. Say it."),
    "asks_seat": gettext_noop("It is not clear which column holds the numbers in the class. Choose it."),
    # taken over, and said
    "repaired": gettext_noop("Row %(line)s: “%(was)s” is read as %(number)s."),
    "left_out": gettext_noop("Row %(line)s is no student and was left out: “%(text)s”."),
    "no_header": gettext_noop("No row names the columns: what they are was told from what is in them."),
    "unknown_header": gettext_noop(
        "The names of the columns are not known: what they are was told from what is in them."
    ),
    "other_sheets": gettext_noop(
        "The sheet “%(sheet)s” was read. There are students on others, too: %(others)s."
    ),
    "all_sheets": gettext_noop("These sheets were read as one list: %(sheets)s."),
}


def sentence(remark: Remark) -> str:
    words = {"line": str(remark.line), **remark.words}
    if "part" in words:
        words["part"] = str(ROLE_NAMES[words["part"]])
    if not words.get("name", "there"):
        words["name"] = pgettext("student", "somebody without a name")
    return _(SENTENCES[remark.code]) % words


def sentences(remarks: Iterable[Remark]) -> list[str]:
    return [sentence(one) for one in remarks]


def said(kept: Iterable[dict[str, Any] | str]) -> list[str]:
    """Of remarks as a row keeps them. Sentences about files are kept in English; those of older rows stay as they were
    said to whoever sent the table."""
    return [_(one) if isinstance(one, str) else sentence(Remark(**one)) for one in kept]


def checked_rows(rows: list[RosterRow], first: int = 1) -> list[RosterRow]:
    """Of rows that were typed. Raises ValidationError with sentences that say which row is wrong."""
    problems = problems_of(rows, range(first, first + len(rows)))
    if problems:
        raise ValidationError(sentences(problems[:MOST_SAID]))
    return rows
