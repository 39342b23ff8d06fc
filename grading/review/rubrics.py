"""What a written answer gets its points for: rows with points and a note. Answers name rows, not a number, so that
all of them are scored anew when a row changes."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from string import ascii_lowercase
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.models import Answer, Exam, Item, ItemKind, Paper
from grading.papers.corrections import settle_and_report
from grading.papers.scores import points_of

MOST_ROWS, LONGEST_NOTE = 20, 200
Row = dict[str, Any]


@transaction.atomic
def save_rubric(*, exam: Exam, number: int, rows: Sequence[Mapping[str, Any]], by: User) -> int:
    """Of a written item: rows of {"points", "note"} in their order, {"mark"} where one is there already. Answers how
    many scores changed. Raises ValidationError, Item.DoesNotExist."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    item = exam.items.get(number=number, kind=ItemKind.OPEN)
    item.rubric = clean_rubric(item, rows)
    item.save(update_fields=["rubric"])
    before = dict(exam.papers.values_list("pk", "score"))
    answers = list(Answer.objects.filter(item=item).select_related("item", "paper"))
    for answer in answers:
        answer.points = points_of(item, answer.paper.version, answer.value)
    Answer.objects.bulk_update(answers, ["points"], 500)
    settle_and_report(exam, [answer.paper_id for answer in answers])
    changed = sum(
        before[pk] != score for pk, score in Paper.objects.filter(exam=exam).values_list("pk", "score")
    )
    if changed:
        record(actor=by, verb=Verb.CHANGED, row=exam, count=changed)
    return changed


def clean_rubric(item: Item, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Marks stay with their rows; new ones get the next letter that no answer was ever given, lest a correction that is
    taken back, or a paper out of the trash, mean another row."""
    if len(rows) > MOST_ROWS:
        raise ValidationError(_("A rubric has at most %(most)s rows.") % {"most": MOST_ROWS})
    known = {row["mark"] for row in item.rubric}
    marks = kept_marks(rows, known)
    if used := used_marks(item) & (known - {*marks}):
        sentence = _("“%(mark)s” was given to answers: set it to 0 points, or change those answers first.")
        raise ValidationError(sentence % {"mark": min(used)})
    taken = known | used_marks(item) | logged_marks(item)
    free = [letter for letter in ascii_lowercase if letter not in taken]
    if marks.count("") > len(free):
        raise ValidationError(
            _("Answers were given all letters already: change a row in place of adding one.")
        )
    return [clean_row(item, row, mark or free.pop(0)) for row, mark in zip(rows, marks, strict=True)]


def kept_marks(rows: Sequence[Mapping[str, Any]], known: set[str]) -> list[str]:
    """Of each row; "" of new ones, also of a second one by the same letter."""
    marks: list[str] = []
    for row in rows:
        mark = row.get("mark")
        marks.append(mark if mark in known and mark not in marks else "")
    return marks


def clean_row(item: Item, row: Mapping[str, Any], mark: str) -> Row:
    points, note = Decimal(row["points"]), str(row.get("note", "")).strip()[:LONGEST_NOTE]
    if not -item.points <= points <= item.points:
        words = {"mark": mark, "most": item.points.normalize() + 0}
        raise ValidationError(_("“%(mark)s” can be worth -%(most)s to %(most)s points.") % words)
    return {"mark": mark, "points": float(points), "note": note}


def used_marks(item: Item) -> set[str]:
    """Those that answers are given, also in the trash."""
    rows = Answer.with_trashed.filter(item=item, value__regex="[a-z]")
    return marks_in(rows.values_list("value", flat=True).distinct())


def logged_marks(item: Item) -> set[str]:
    """Those that answers were given once."""
    return marks_in(
        text for pair in item.correction_set.values_list("old", "new").distinct() for text in pair
    )


def check_rows(item: Item, value: str) -> None:
    """Raises ValidationError where the value names a row that was removed."""
    marks = {mark for mark in marks_in([value]) if mark in ascii_lowercase and mark}
    if item.kind == ItemKind.OPEN and marks - {row["mark"] for row in item.rubric}:
        raise ValidationError(_("The row that was given here is no longer in the rubric."))


def marks_in(values: Iterable[str]) -> set[str]:
    return {mark for value in values for mark in value.split("+")}
