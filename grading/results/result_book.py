"""The results of an exam as a workbook: scores, answers, points, the key and the statistics, a sheet each."""

import re
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from grading.key.asked_items import key_of
from grading.key.rules import words_of
from grading.models import Exam, Item
from grading.results.exports import results, status_text
from grading.results.grade_scales import SCALES, scales_of
from grading.results.item_analysis import item_analysis
from web.workbooks import Row, SheetOfBook, as_book

WHOLE = re.compile(r"0|[1-9]\d{0,8}")
PERCENT, TWO = "0.0%", "0.00"
FIGURES = ("mean", "sd", "median", "lowest", "highest", "sem")


def result_book(exam: Exam) -> bytes:
    rows, items, found = results(exam), list(exam.items.all()), item_analysis(exam)
    sheets = [
        results_sheet(exam, rows),
        answers_sheet(rows, items),
        points_sheet(rows, items),
        key_sheet(exam, items),
        statistics_sheet(found),
        item_sheet(found),
    ]
    return as_book(sheets, exam.title)


def results_sheet(exam: Exam, rows: list[dict[str, Any]]) -> SheetOfBook:
    """Who stands where; classes and versions where there are several."""
    columns: dict[str, Any] = {
        _("Number"): lambda row: row["student"],
        _("Name"): lambda row: row["name"],
        _("Class"): lambda row: row["class_name"],
        _("Version"): lambda row: row["version"],
        _("Score"): lambda row: row["score"],
        _("Max score"): lambda row: row["max_score"],
        _("Percent"): share,
        _("Rank"): lambda row: row["rank"],
        _("Rank in class"): lambda row: row["class_rank"],
        **{str(SCALES[scale]): partial(grade_in, scale) for scale in scales_of(exam)},
        _("Status"): status_text,
    }
    if not any(row["class_name"] for row in rows):
        del columns[_("Class")], columns[_("Rank in class")]
    if exam.versions == 1:
        del columns[_("Version")]
    table: list[Row] = [list(columns), *([value(row) for value in columns.values()] for row in rows)]
    percent = list(columns).index(_("Percent"))
    return SheetOfBook(_("Results"), table, columns=2, formats=[(percent, PERCENT)], has_filter=True)


def grade_in(scale: str, row: dict[str, Any]) -> Any:
    return row["grades"].get(scale)


def share(row: dict[str, Any]) -> float | None:
    return row["score"] / row["max_score"] if row["score"] is not None and row["max_score"] else None


def answers_sheet(rows: list[dict[str, Any]], items: list[Item]) -> SheetOfBook:
    return item_columns(_("Answers"), rows, items, lambda answer: as_cell(answer["value"]))


def points_sheet(rows: list[dict[str, Any]], items: list[Item]) -> SheetOfBook:
    return item_columns(_("Points by item"), rows, items, lambda answer: answer["points"])


def item_columns(title: str, rows: list[dict[str, Any]], items: list[Item], value: Any) -> SheetOfBook:
    """A row a student, a column an item."""
    header: Row = [_("Number"), _("Name"), *(as_cell(str(item)) for item in items)]
    numbers = [str(item.number) for item in items]
    table = [
        [row["student"], row["name"], *(value(answers[one]) if one in answers else None for one in numbers)]
        for row in rows
        for answers in (row["answers"],)
    ]
    return SheetOfBook(title, [header, *table], columns=2, is_wide=True)


def as_cell(text: str) -> Any:
    """What was marked is a number where it looks like one: 3, but 07 and 1.50 as they were written."""
    return int(text) if WHOLE.fullmatch(text) else text or None


def key_sheet(exam: Exam, items: list[Item]) -> SheetOfBook:
    versions = range(1, exam.versions + 1)
    names = (
        [_("Version %(number)s") % {"number": one} for one in versions] if exam.versions > 1 else [_("Key")]
    )
    table = [
        [
            as_cell(str(item)),
            item.get_kind_display(),
            *(as_cell(key_of(item, one)) for one in versions),
            float(item.points),
            ", ".join(words_of(item)) or None,
        ]
        for item in items
    ]
    return SheetOfBook(_("Key"), [[_("Item"), _("Kind"), *names, _("Points"), _("Rule")], *table], columns=1)


def statistics_sheet(found: dict[str, Any]) -> SheetOfBook:
    names = {
        "mean": _("Mean"),
        "sd": _("Standard deviation"),
        "median": _("Median"),
        "lowest": _("Lowest"),
        "highest": _("Highest"),
        "sem": _("Standard error of measurement"),
    }
    reliability = found["reliability"]
    rows: list[Row] = [
        [_("What"), _("Value")],
        [_("Papers"), found["papers"]],
        [_("Max score"), found["max_score"]],
        *([names[one], found[one]] for one in FIGURES),
        [_(reliability["name"]), reliability["value"]],
        *(
            [f"{bar['from']:g} – {bar['to']:g}", bar["count"]]
            for bar in (found["histogram"] if found["items"] else [])
        ),
    ]
    return SheetOfBook(_("Statistics"), rows, columns=1)


def item_sheet(found: dict[str, Any]) -> SheetOfBook:
    header = [
        _("Item"),
        _("Difficulty"),
        _("Correlation with the rest"),
        _("Upper less lower 27 %%") % {},
        _("What was answered"),
        _("Worth a look"),
    ]
    table = [
        [
            as_cell(item["name"]),
            *(item[one] for one in ("difficulty", "point_biserial", "discrimination")),
            ", ".join(chosen_text(one) for one in item["distractors"]),
            " ".join(flag["text"] for flag in item["flags"]),
        ]
        for item in found["items"]
    ]
    formats = [(1, TWO), (2, TWO), (3, TWO)]
    return SheetOfBook(_("Items"), [header, *table], columns=1, formats=formats, is_wide=True)


def chosen_text(one: dict[str, Any]) -> str:
    """ "3 × 12" of an option, with the version where there are several."""
    version = f"{one['version']}: " if "version" in one else ""
    return f"{version}{one['value'] or '–'} × {one['count']}"
