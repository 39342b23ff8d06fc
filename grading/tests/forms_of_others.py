"""Sheets of a template as teachers upload them, and photos of these as students filled them in."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from grading import tasks
from grading.models import Exam, Scan
from grading.services import submit_scans
from grading.sheet.tests import photographs as shot
from grading.sheet.tests import template_sheets as sheets
from grading.sheet.tests.template_files import evaluation, with_key
from grading.tests.drawing import as_jpeg

NUMBER = "E50091"
QUESTIONS = [f"q{number}" for number in range(1, 21)]
RIGHT = {name: "ABCD"[place % 4] for place, name in enumerate(QUESTIONS)}
KEY = evaluation(["q1..20"], list(RIGHT.values()))  # 3 points, wrong -1/4


def numbered(number: str) -> dict[str, str]:
    """E50091: the medium, then five digits."""
    return {"medium": number[0], **{f"roll{place}": digit for place, digit in enumerate(number[1:], start=1)}}


def uploads(files: Mapping[str, bytes]) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, content) for name, content in files.items()]


def template_uploads(key: dict[str, Any] = KEY) -> list[SimpleUploadedFile]:
    return uploads(with_key(key))


def zipped(files: Mapping[str, bytes], folder: str = "") -> SimpleUploadedFile:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{folder}{name}", content)
    return SimpleUploadedFile("northern harbour.zip", out.getvalue())


def photo(
    number: str, answers: Mapping[str, str], name: str = "photo.jpg", kind: str = "page"
) -> SimpleUploadedFile:
    """By a phone, on a desk. kind: by what the page is found, as `template_sheets.template` has it."""
    sheet = sheets.filled(kind, {**numbered(number), **answers})
    return SimpleUploadedFile(name, as_jpeg(shot.noisy(shot.phone(sheet)).grey))


def hand_in(exam: Exam, *files: SimpleUploadedFile) -> Scan:
    """Read as a worker does."""
    scan = submit_scans(exam=exam, uploads=files, owner=exam.owner)
    tasks.read_scan(str(scan.job_id))
    return Scan.objects.get(pk=scan.pk)
