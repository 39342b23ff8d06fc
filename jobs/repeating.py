"""The same again: a new job with what another one was asked with. Each app says in its `repeats.py` of which of its
tasks that can be; its function makes the row with the new job, or raises ValidationError with why not:

REPEATS = {"digits.read": read_again}
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import models
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import Job
from jobs.tidying import FILE_GONE
from web.app_modules import app_modules

Repeat = Callable[[Job, User], Any]


def repeats() -> dict[str, Repeat]:
    return {task: again for app in app_modules("repeats") for task, again in app.REPEATS.items()}


def repeat(*, job: Job, by: User) -> Job:
    """The new job, or the same one where its row is done anew in its place. Raises ValidationError, QuotaExceeded."""
    if not job.has_ended:
        raise ValidationError(_("It has not ended yet."))
    again = repeats().get(job.task)
    if again is None:
        raise ValidationError(_("This is done once. To have it again, send what it was made from again."))
    repeated: Job = again(job, by).job
    return repeated


def row_of(rows: models.QuerySet[Any], **wanted: Any) -> Any:
    """What a job was about. Raises ValidationError where it was deleted."""
    row = rows.filter(**wanted).first()
    if row is None:
        raise ValidationError(_("What it was about was deleted."))
    return row


def stored_file(file: FieldFile, name: str = "") -> Any:
    """As if it were uploaded again; name: as it was called. Raises ValidationError where it is gone."""
    try:
        return File(file.open().file, name=name or file.name)
    except (FileNotFoundError, ValueError) as gone:
        raise ValidationError(_(FILE_GONE)) from gone
