"""Scores in the form that other programs take: Moodle's and Canvas' gradebooks, and a table to paste.

A gradebook gets scores that are settled: where something on a paper waits for a person, its cell is empty, which both
programs read as "no grade yet".
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from grading.models import Exam, ReleasedPaper
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.results.exports import results
from grading.results.releases import Absolute, link_of
from web.tables import Row

# As their exports name them, by which their imports find who is meant
MOODLE = ["First name", "Last name", "ID number", "Email address"]
CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
KINDS = ("moodle", "canvas")


def gradebook(exam: Exam, kind: str) -> list[Row]:
    rows = named(results(exam))
    mails = mails_of(exam)
    return moodle_rows(exam, rows, mails) if kind == "moodle" else canvas_rows(exam, rows, mails)


def named(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of a student with two papers only what is settled: who imports both would empty the cell again."""
    known = [row for row in rows if row["student"]]
    settled = {row["student"] for row in known if is_settled(row)}
    return [row for row in known if is_settled(row) or row["student"] not in settled]


def mails_of(exam: Exam) -> dict[str, str]:
    """Of those who have an account here that knows it, by number."""
    candidates = exam.candidates.select_related("enrollment__student__account")
    accounts = {one.number: one.enrollment.student.account for one in candidates}
    return {number: account.email for number, account in accounts.items() if account and account.email}


def settled_score(row: Mapping[str, Any]) -> Any:
    return row["score"] if is_settled(row) else ""


def is_settled(row: Mapping[str, Any]) -> bool:
    return row["rank"] is not None


def moodle_rows(exam: Exam, rows: Iterable[Mapping[str, Any]], mails: Mapping[str, str]) -> list[Row]:
    """Moodle asks which column says who it is: ID number or Email address."""
    body: list[Row] = [
        [*split_name(row["name"]), row["student"], mails.get(row["student"], ""), settled_score(row)]
        for row in rows
    ]
    return [[*MOODLE, exam.title], *body]


def split_name(name: str) -> tuple[str, str]:
    """(first, last); a name that is written in one is a first name."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if comma:
        return first, last
    first, _space, last = name.rpartition(" ")
    return (first, last) if first else (last, "")


def canvas_rows(exam: Exam, rows: Sequence[Mapping[str, Any]], mails: Mapping[str, str]) -> list[Row]:
    """Where the roster came from Canvas, as it names its students; else it finds them by SIS User ID. The second row
    says the points."""
    most = max((row["max_score"] or 0 for row in rows), default=0)
    ids = dict(exam.candidates.values_list("number", "ids"))
    body: list[Row] = []
    for row in rows:
        number, own = row["student"], ids.get(row["student"]) or {}
        found = (row["name"], "", "" if own else number, mails.get(number, ""), row["class_name"])
        known = [own.get(column, "") or text for column, text in zip(CANVAS, found, strict=True)]
        body.append([*known, settled_score(row)])
    return [[*CANVAS, exam.title], ["    Points Possible", *[""] * 4, most], *body]


def paste_table(exam: Exam) -> list[Row]:
    """학년·반·번호·성명·점수, where the number is made of these; else class, number, name, score."""
    rows = named(results(exam))
    if exam.id_groups:
        header: Row = [label for label, _digits in exam.id_groups]
        body = [[*number_parts(exam, row["student"]), row["name"], settled_score(row)] for row in rows]
    else:
        header = [_("Class"), _("Number")]
        body = [[row["class_name"], row["student"], row["name"], settled_score(row)] for row in rows]
    return [[*header, _("Name"), _("Score")], *body]


def number_parts(exam: Exam, number: str) -> list[Any]:
    """10203 as 1, 2, 3; one that does not fit as it is."""
    parts: list[Any] = []
    if len(number) != exam.id_length or not number.isdecimal():
        return [*[""] * (len(exam.id_groups) - 1), number]
    for _label, digits in exam.id_groups:
        parts.append(int(number[:digits]))
        number = number[digits:]
    return parts


def as_tabbed(rows: Iterable[Row]) -> str:
    """As a spreadsheet takes it from the clipboard; what is in a cell stays in it."""
    return "\n".join("\t".join(as_text(cell) for cell in row) for row in rows)


def as_text(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:g}" if isinstance(cell, float) else " ".join(str(cell).split())


def links_table(exam: Exam, absolute: Absolute) -> list[Row]:
    """What a teacher hands out: number, name, class, and the link under which that student sees her result."""
    header: Row = [_("Number"), _("Name"), _("Class"), _("Link")]
    released = ReleasedPaper.objects.whole().filter(release__exam=exam).select_related(*CANDIDATE_OF_PAPER)
    return [header, *(link_row(one, absolute) for one in released)]


def link_row(released: ReleasedPaper, absolute: Absolute) -> Row:
    candidate = released.paper.candidate
    name, class_name = (candidate.name, candidate.class_name) if candidate else ("", "")
    return [released.number, name, class_name, link_of(released, absolute)]
