"""Exams that are put aside: they leave the list, are still found, and take no new scans."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.models import Exam


@transaction.atomic
def archive_exam(*, exam: Exam, is_archived: bool, by: User) -> Exam:
    """Put it aside, or take it back; nothing where that is so already."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    if is_archived != bool(exam.archived_at):
        exam.archived_at = timezone.now() if is_archived else None
        exam.save(update_fields=["archived_at"])
        record(actor=by, verb=Verb.CHANGED, row=exam, is_archived=is_archived)
    return exam


@transaction.atomic
def rename_exam(*, exam: Exam, title: str, by: User) -> Exam:
    """Sheets that were printed with another title are read as before. Raises ValidationError."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    old, exam.title = exam.title, title.strip()
    exam.clean_fields(exclude={field.name for field in Exam._meta.fields} - {"title"})
    if old != exam.title:
        exam.save(update_fields=["title"])
        record(actor=by, verb=Verb.CHANGED, row=exam, old=old, new=exam.title)
    return exam


def check_takes_scans(exam: Exam) -> None:
    """Raises ValidationError where it is archived."""
    if exam.archived_at:
        raise ValidationError(_("This exam is archived: bring it back first, then it takes scans again."))
