"""Tables of students: checked, stored, read."""

from pathlib import Path
from typing import BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext as _

from school.models import ListUpload
from school.roster import MOST_ROWS, RosterRow, students_in
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from uploads.tables import MOST_MEMORY, check_table, read_table
from web.refusals import bad_file_refused

NOT_TAKEN = gettext_noop(
    "This roster was not taken over: something is wrong with the table. The old one stays."
)
GONE = gettext_noop("The table is no longer here. Please upload it again.")


def store_list(upload: ListUpload, file: UploadedFile) -> None:
    upload.file.save(f"{upload.job_id}.table", file, save=False)
    upload.save()


def checked_list(file: UploadedFile | None) -> UploadedFile:
    """Raises ValidationError where it is no table."""
    if file is None:
        raise ValidationError(_("Please choose a file."))
    with bad_file_refused():
        check_table(cast(BinaryIO, file.file))
    return file


def rows_in(upload: ListUpload) -> list[RosterRow]:
    """The students in its file, and on the row the header and what is wrong."""
    try:
        table = Sandbox(MOST_MEMORY).run(read_table, Path(upload.file.path), MOST_ROWS + 2)
        upload.columns = table[0] if table else []
        return students_in(table)
    except BadFile as problem:
        upload.problems = [gettext(str(problem))]
    except ValidationError as refused:
        upload.problems = refused.messages
    return []
