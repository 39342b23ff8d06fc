"""Tables of students: checked, stored, read."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from school.models import ListUpload
from school.remarks import MOST_SAID, sentences
from school.roster.changes import compare
from school.roster.reading import read_roster
from school.roster.rows import AS_FOUND, MOST_ROWS, Choice, Grid, Reading, RosterRow
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from uploads.tables import MOST_MEMORY, Sheet, check_table, read_sheets
from web.refusals import bad_file_refused

NOT_TAKEN = gettext_noop(
    "This roster was not taken over: something is wrong with the table. The old one stays."
)
GONE = gettext_noop("The table is no longer here. Please upload it again.")
MOST_LINES = MOST_ROWS + 1_000  # of a sheet, with titles, sums and empty rows


def store_list(upload: ListUpload, file: UploadedFile, choice: Choice = AS_FOUND) -> None:
    upload.choice = asdict(choice)
    upload.file_name = (file.name or "")[:200]
    upload.file.save(f"{upload.job_id}.table", file, save=False)
    upload.save()


def checked_list(file: UploadedFile | None) -> UploadedFile:
    """Raises ValidationError where it is no table."""
    if file is None:
        raise ValidationError(_("Please choose a file."))
    with bad_file_refused():
        check_table(cast(BinaryIO, file.file))
    return file


def read_file(upload: ListUpload, grid: Grid, before: Sequence[RosterRow], is_whole: bool = True) -> Reading:
    """What is in its file, which the row is told, too; of a preview it keeps the table until somebody says yes.

    before: who is on the list now; is_whole: nobody else will be on it.
    """
    try:
        sheets = Sandbox(MOST_MEMORY).run(read_sheets, Path(upload.file.path), MOST_LINES)
    except BadFile as problem:
        upload.problems = [str(problem)]
        return Reading()
    if upload.is_preview:
        upload.table = [asdict(sheet) for sheet in sheets]
    upload.sheets = [sheet.name for sheet in sheets]
    reading = read_roster(sheets, grid, choice_of(upload.choice), upload.file_name)
    upload.columns, upload.found = reading.header, found_in(reading)
    upload.problems = [asdict(one) for one in reading.problems[:MOST_SAID]]
    upload.remarks = [asdict(one) for one in reading.remarks[:MOST_SAID]]
    upload.changes = compare(before, reading.rows, is_whole).counts
    return reading


def is_refused(upload: ListUpload, rows: Sequence[RosterRow]) -> bool:
    """Whether nothing of it is taken over: a row is refused, and nobody has said to leave such rows out."""
    return bool(upload.problems) and not upload.is_preview and not (upload.skips_refused and rows)


def read_kept(upload: ListUpload, grid: Grid, choice: Choice) -> Reading:
    """What is in the table of a preview, with what a person says about it. Raises ValidationError where it is gone."""
    if not upload.table:
        raise ValidationError(_(GONE))
    return read_roster([Sheet(**sheet) for sheet in upload.table], grid, choice, upload.file_name)


def accepted(upload: ListUpload, grid: Grid, choice: Choice) -> Reading:
    """What is stored once somebody has seen it. Raises ValidationError where that is nobody."""
    reading = read_kept(upload, grid, choice)
    if not reading.rows:
        raise ValidationError(sentences(reading.problems[:MOST_SAID]))
    return reading


def choice_of(said: dict[str, Any]) -> Choice:
    """As it is stored."""
    return Choice(**said | {"columns": tuple((role, place) for role, place in said.get("columns", ()))})


def found_in(reading: Reading) -> dict[str, Any]:
    """As programs are told: what `columns`, `sheet` and `header` they would send to have it read so."""
    columns = ",".join(f"{role}:{place}" for role, place in reading.columns)
    return {
        "sheet": reading.sheet,
        "header": reading.has_header,
        "columns": columns,
        "asks": reading.asks,
        "refused": len(reading.problems),
    }
