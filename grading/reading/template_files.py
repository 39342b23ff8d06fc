"""The files of a template: opened by a child when they come, kept beside their exam, unpacked where pages are read."""

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from grading.models import Exam
from grading.reading.uploads import check_upload
from grading.reasons import reason_text
from grading.sheet.cutting import SheetForm, pickled
from grading.sheet.omrchecker.problems import TEMPLATE_PROBLEMS, WrongTemplate
from grading.sheet.omrchecker.stored import OpenedTemplate, PlacedForm, open_template
from grading.sheet.omrchecker.template_reading import WHERE
from grading.sheet.scan_files import open_pages
from uploads.headers import size_in
from uploads.problems import BadFile
from uploads.sandbox import Sandbox
from web.refusals import bad_file_refused

MOST_BYTES = 20_000_000  # of all files: a blank form of 200 dpi has 1 MB
SHEET_KINDS = ("jpeg", "png", "webp")  # whose size stands in their first bytes
MOST_SHEET_BYTES, MOST_SHEET_PIXELS = 20_000_000, 17_000_000


def opened(uploads: Sequence[UploadedFile]) -> OpenedTemplate:
    """What was uploaded. Raises ValidationError with a sentence that names the wrong part."""
    if not uploads:
        raise ValidationError(_("Please choose a file."))
    with bad_file_refused():
        if sum(upload.size or 0 for upload in uploads) > MOST_BYTES:
            raise BadFile("too_big")
        try:
            return Sandbox().run(
                open_template, [(upload.name or "file", upload.read()) for upload in uploads]
            )
        except WrongTemplate as problem:
            raise ValidationError(sentence_of(problem)) from problem


def sentence_of(problem: WrongTemplate) -> str:
    """In the language of the moment."""
    return _(TEMPLATE_PROBLEMS[problem.reason]).format(where=problem.where, example=problem.example)


def store_template(exam: Exam, opened: OpenedTemplate) -> dict[str, Any]:
    """What `Exam.template` holds of it."""
    pictures = {}
    for place, (name, content) in enumerate(opened.pictures.items()):
        path = f"{exam.folder}/template/{place:02d}"
        pictures[name] = default_storage.save(path, ContentFile(content))
    kept = {"values": opened.values, "pictures": pictures}
    return {**kept, "has_key_picture": True} if opened.has_key_picture else kept


def straight_sheet(exam: Exam, upload: UploadedFile) -> bytes:
    """JPEG of the first page of a picture or PDF, lying as its template says. Raises ValidationError."""
    return first_page(upload, PlacedForm(template_files(exam)))


def first_page(upload: UploadedFile, form: SheetForm) -> bytes:
    """JPEG of the page in a picture, cut by this form. Not for a transaction, since it may take seconds. Raises
    ValidationError."""
    check = check_upload(upload)
    if "problem" in check:
        raise ValidationError(reason_text(check["problem"]))
    if check["kind"] not in SHEET_KINDS or not is_small(upload):
        sentence = _("Please use one picture here: JPEG, PNG or WebP, at most %(most)s megapixels.")
        raise ValidationError(sentence % {"most": MOST_SHEET_PIXELS // 1_000_000})
    upload.seek(0)
    with NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as file:  # by its path a child opens it
        file.writelines(upload.chunks())
        file.flush()
        page = next(open_pages(Sandbox(), Path(file.name), str(upload.name), pickled(form)))
        reason = page.cuts[0].reason if page.cuts else page.problem or "broken_page"
        if reason:
            raise ValidationError(reason_text(reason))
        return page.cuts[0].image


def is_small(upload: UploadedFile) -> bool:
    """By what its header says: whoever sent it waits, and others of this process, too."""
    size = size_in(cast(BinaryIO, upload.file))
    is_few = size is not None and size[0] * size[1] <= MOST_SHEET_PIXELS
    return is_few and (upload.size or 0) <= MOST_SHEET_BYTES


def template_files(exam: Exam) -> dict[str, bytes]:
    """As they were uploaded, but for the key, which the items hold."""
    files = {WHERE: json.dumps(exam.template["values"]).encode()}
    for name, path in exam.template["pictures"].items():
        with default_storage.open(path) as file:
            files[name] = file.read()
    return files
