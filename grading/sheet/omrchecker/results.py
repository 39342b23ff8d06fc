"""What sheets say, as a table: one row for each, and the columns of all their templates."""

import csv
import os
from collections.abc import Iterable, Sequence
from typing import IO

from grading.sheet.interpret import ItemReading
from grading.sheet.omrchecker.batch import GradedSheet
from grading.sheet.omrchecker.template import TemplateAnswer

WHOLE = "*"  # in place of the names of fields: nothing of the sheet was read


def write_results(sheets: Sequence[GradedSheet], out: IO[str]) -> None:
    """CSV: input_path, the answers of all templates, score, and what is for a person: review and problem."""
    columns = dict.fromkeys(column for sheet in sheets for column in sheet.template.columns)
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["input_path", *columns, "score", "review", "problem"])
    writer.writerows(_row(sheet, columns) for sheet in sheets)


def _row(sheet: GradedSheet, columns: Iterable[str]) -> list[str]:
    name = os.fsencode(sheet.name).decode("utf-8", "replace")
    if not sheet.readings:
        return [name, *("" for _ in columns), "", WHOLE, sheet.problem]
    answers = {
        answer.name: answer for answer in sheet.template.answers if answer.name in sheet.template.columns
    }
    cells = [
        printed(answers[column], sheet.readings[column]) if column in answers else "" for column in columns
    ]
    doubtful = [name for name, reading in sheet.readings.items() if reading.reason]
    return [name, *cells, score_of(sheet), ";".join(doubtful), sheet.problem]


def printed(answer: TemplateAnswer, reading: ItemReading) -> str:
    """Its value, also where it is in doubt; unmarked, what the template wants there."""
    return reading.value or "".join(field.empty_value for field in answer.fields)


def score_of(sheet: GradedSheet) -> str:
    """ "" without a key."""
    if not sheet.template.key:
        return ""
    points = sum(item.points(sheet.readings[item.question].value) for item in sheet.template.key)
    return f"{points + 0:.4f}".rstrip("0").rstrip(".")
