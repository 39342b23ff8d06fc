"""Exams of other sites that are sent here: refused by their first bytes, or kept for `grading.transfer.exam_import`."""

from typing import BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from grading.models import ExamImport
from jobs.services import submit
from uploads.archive import MOST_UNPACKED, Archive
from uploads.problems import BadFile
from web.refusals import bad_file_refused

IMPORT_EXAM = "grading.import_exam"
MOST_FILES = 10_000
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
NOT_ONE = gettext_noop("This file is no exam that was exported from a site like this one.")


@transaction.atomic
def submit_import(*, owner: User, file: UploadedFile | None, key: str = "") -> ExamImport:
    """Have an exported exam taken in as one's own. Raises ValidationError."""
    if file is None:
        raise ValidationError(_("Please choose a file."))
    check_archive(file)
    job, is_new = submit(owner=owner, task=IMPORT_EXAM, subject=file.name or "", key=key, files=[file])
    if not is_new:
        return ExamImport.objects.select_related("job").get(job=job)
    file.name = "exam.zip"
    return ExamImport.objects.create(owner=owner, job=job, file=file)


def check_archive(file: UploadedFile) -> None:
    """By its first bytes and its directory. Raises ValidationError."""
    with bad_file_refused():
        if (file.size or 0) > MOST_UNPACKED:
            raise BadFile("zip_too_big")
        head = file.read(4)
        file.seek(0)
        if head not in ZIP:
            raise ValidationError(_(NOT_ONE))
        names = Archive(cast(BinaryIO, file.file), MOST_FILES).names()
        file.seek(0)
    if "manifest.json" not in names:
        raise ValidationError(_(NOT_ONE))
