"""Lists of classes as tables: sent, looked at, put into the class; or typed."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import Queue
from jobs.services import submit
from school.models import ClassUpload, SchoolClass, list_uploads
from school.remarks import checked_rows
from school.roster.rows import AS_FOUND, Choice, Grid, RosterRow
from school.services import put_students, remove_students
from school.uploads import accepted, checked_list, store_list
from trash.models import Item

READ_LIST = "school.read_list"
TABLES_KEPT = timedelta(days=1)


@transaction.atomic
def submit_list(
    *,
    school_class: SchoolClass,
    file: UploadedFile | None,
    owner: User,
    choice: Choice = AS_FOUND,
    key: str = "",
    **how: bool,
) -> ClassUpload:
    """Have a table of students read: they are put into the class unless it is a preview. how: as ListUpload has it.

    Raises ValidationError.
    """
    file = checked_list(file)
    own_key = f"class-{school_class.pk}:{key}"[:200] if key else ""
    job, is_new = submit(
        owner=owner, task=READ_LIST, subject=school_class.name, key=own_key, queue=Queue.QUICK
    )
    if not is_new:
        return ClassUpload.objects.select_related("job").get(job=job)
    upload = ClassUpload(school_class=school_class, job=job, **how)
    store_list(upload, file, choice)
    return upload


@transaction.atomic
def accept_list(*, upload: ClassUpload, choice: Choice, by: User, is_whole: bool = False) -> Item | None:
    """Put the students of a preview into the class, read as somebody says; is_whole: who is not on the list leaves, and
    can be had back. Raises ValidationError."""
    upload = ClassUpload.objects.select_for_update().get(pk=upload.pk)
    reading = accepted(upload, Grid(), choice)
    there = put_students(school_class=upload.school_class, rows=reading.rows)
    upload.accept(reading.rows)
    others = upload.school_class.enrollments.present().exclude(pk__in=[one.pk for one in there])
    return remove_students(enrollments=list(others), by=by) if is_whole else None


def forget_tables() -> int:
    """Of previews that nobody said yes to; answers how many."""
    old = {"created_at__lt": timezone.now() - TABLES_KEPT}
    return sum(
        model.objects.filter(**old).exclude(table=[], rows=[]).update(table=[], rows=[])
        for model in list_uploads()
    )


def pasted_rows(text: str) -> list[RosterRow]:
    """A student a line, the number before the name, as it comes from a spreadsheet or is typed.

    Raises ValidationError with sentences that say which line is wrong.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        raise ValidationError(_("Nobody is on this list."))
    parts = [re.split(r"[\t,;]+\s*|\s+", line, maxsplit=1) for line in lines]
    rows = [RosterRow(number[:100], "".join(name)[:100].strip()) for number, *name in parts]
    return checked_rows(rows, first=1)
