"""An exam as it will be once it is changed, before it is."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grading.key.items import check_points, check_printable, clean_for
from grading.key.orders import shuffle
from grading.models import Exam, Item, ItemKind, Paper

SCANNED = gettext_noop(
    "Sheets of this exam were already scanned: answers and points can change, but not what is printed."
)


def draft(exam: Exam, items: Sequence[Mapping[str, Any]] | None, fields: Mapping[str, Any]) -> list[Item]:
    """Its items as they will be, unsaved, with the other fields changed. Raises ValidationError."""
    is_fixed, old = is_scanned(exam), exam.spec.key
    for name, value in fields.items():
        setattr(exam, name, value)
    rows = changed_items(exam, items) if items is not None else list(exam.items.all())
    check_points(rows)
    exam.orders = {name: order for name, order in exam.orders.items() if int(name) <= exam.versions}
    shuffle(rows, exam.orders, exam.versions)
    if exam.template and (exam.spec_with(rows).key != old or exam.versions > 1):
        raise ValidationError(_("What is on these sheets is fixed by their template."))
    if not exam.template and check_printable(exam, rows).key != old and is_fixed:
        if not exam.papers.exists():
            raise ValidationError(
                _(
                    "Papers of this exam lie in the trash: what is printed can change once they are gone for good."
                )
            )
        raise ValidationError(_(SCANNED))
    return rows


def is_scanned(exam: Exam) -> bool:
    """Whether there are papers, be it in the trash, so that what is printed stays as it is."""
    return Paper.with_trashed.filter(exam=exam).exists()


def changed_items(exam: Exam, items: Sequence[Mapping[str, Any]]) -> list[Item]:
    """The exam's items as they will be, unsaved: rows that stay keep their identity, and so their readings."""
    there = {item.number: item for item in exam.items.all()}
    rows = []
    for fields in clean_for(exam, items):
        row = there.get(fields["number"]) or Item(exam=exam)
        for name, value in fields.items():
            setattr(row, name, value)
        row.rubric = row.rubric if row.kind == ItemKind.OPEN else []
        rows.append(row)
    return rows


def save_items(exam: Exam, rows: Sequence[Item]) -> None:
    exam.items.exclude(number__in=[row.number for row in rows]).delete()
    for row in rows:
        row.save()
