"""What a teacher does with exams whose sheets were printed elsewhere: make one of a template, put its blocks right."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import Exam, Item
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.stored import without_pictures
from grading.template_files import opened, sentence_of, store_template, straight_sheet
from grading.template_items import items_from, printable, student_digits
from web.files import delete_folder

PLACED = ("origin", "bubblesGap", "labelsGap")  # of a block, what may be put right


def create_exam(
    *, owner: User, uploads: Sequence[UploadedFile], title: str = "", language: str = "ko"
) -> Exam:
    """An exam that reads the sheets of this template. Raises ValidationError, which names the wrong part."""
    found = opened(uploads)
    rows = [Item(**fields) for fields in items_from(found.template)]
    exam = Exam(owner=owner, title=title or title_from(uploads), language=language)
    exam.id_digits = student_digits(found.template)
    with transaction.atomic():
        exam.save()
        try:
            exam.template = store_template(exam, found)
            exam.save(update_fields=["template"])
            for row in rows:
                row.exam = exam
            Item.objects.bulk_create(rows)
            exam.stored_layout()
        except (
            Exception
        ):  # whatever it is, say a full disk: the row goes with its transaction, the files do not
            delete_folder(exam.folder)
            raise
    return exam


def title_from(uploads: Sequence[UploadedFile]) -> str:
    """The name of a ZIP."""
    archives = [upload.name for upload in uploads if str(upload.name).lower().endswith(".zip")]
    name = printable(PurePosixPath(str(archives[0])).stem) if archives else ""
    return name[:200] or _("Answer sheet")


def show_sheet(*, exam: Exam, upload: UploadedFile | None) -> None:
    """A sheet, filled in or not, over which the places of its blocks are shown. Raises ValidationError."""
    if upload is None:
        raise ValidationError(_("Please choose a file."))
    image = straight_sheet(exam, upload)
    with transaction.atomic():
        exam = Exam.objects.select_for_update().get(pk=exam.pk)
        old = exam.template.get("sheet", "")
        exam.template["sheet"] = default_storage.save(f"{exam.folder}/template/sheet.jpg", ContentFile(image))
        exam.save(update_fields=["template"])
        transaction.on_commit(lambda: default_storage.delete(old) if old else None)


@transaction.atomic
def move_blocks(*, exam: Exam, blocks: Mapping[str, Mapping[str, Any]]) -> Exam:
    """Put blocks of bubbles where they are printed: name → those of PLACED that change. Papers that were read stay as
    they are. Raises ValidationError where the template would be wrong then."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    if not exam.template:
        raise ValidationError(_("The sheets of this exam are printed here: their boxes have their places."))
    values = exam.template["values"]
    known = values["fieldBlocks"]
    for name, places in blocks.items():
        if name not in known or not set(places) <= set(PLACED):
            sentence = _("“%(name)s” is no block of this form, or something else than its places was given.")
            raise ValidationError(sentence % {"name": printable(name[:50])})
        known[name] = {**known[name], **places}
    try:
        without_pictures(values)
    except WrongTemplate as problem:
        raise ValidationError(sentence_of(problem)) from problem
    exam.save(update_fields=["template"])
    exam.stored_layout()
    return exam
