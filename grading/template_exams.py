"""What a teacher does with exams whose sheets were printed elsewhere: make one of a template, put its blocks right."""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from grading.key.template_items import items_from, printable, student_digits
from grading.models import Exam, Item, Scan
from grading.reading.template_files import first_page, opened, sentence_of, store_template, straight_sheet
from grading.sheet.boxes import Box
from grading.sheet.omrchecker.drawn import (
    REFERENCE,
    BlankForm,
    NewBlock,
    copied,
    new_form,
    with_block,
    without_block,
)
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.stored import without_pictures
from grading.sheet.omrchecker.template import DIGITS
from web.files import folder_goes_with_row

PITCH = 0.045  # of a page's width, between bubbles of a new block
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
        with folder_goes_with_row(exam.folder):
            exam.template = store_template(exam, found)
            exam.save(update_fields=["template"])
            for row in rows:
                row.exam = exam
            Item.objects.bulk_create(rows)
            exam.stored_layout()
    return exam


def create_from_picture(
    *, owner: User, upload: UploadedFile | None, count: int, options: Sequence[str], title: str, language: str
) -> Exam:
    """An exam that reads the form in this picture, of which one block is known: rows of options, somewhere on the page.
    Raises ValidationError."""
    if upload is None:
        raise ValidationError(_("Please choose a file."))
    image = first_page(upload, BlankForm())
    values = new_form(*size_of(image))
    values = with_block(values, NewBlock(middle_of(values, len(options), count), count, options))
    exam = Exam(owner=owner, title=title, language=language)
    with transaction.atomic():
        exam.save()
        with folder_goes_with_row(exam.folder):
            path = default_storage.save(f"{exam.folder}/template/00", ContentFile(image))
            exam.template = {"values": values, "pictures": {REFERENCE: path}, "sheet": path, "is_drawn": True}
            put_items(exam)
    return exam


def size_of(image: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(image)) as picture:  # which a child of ours has written
        return picture.size


def middle_of(values: Mapping[str, Any], columns: int, rows: int) -> Box:
    """A box for a new block."""
    width, height = values["pageDimensions"]
    size = min(width * PITCH * columns, width * 0.8), min(width * PITCH * rows, height * 0.8)
    return round((width - size[0]) / 2), round((height - size[1]) / 2), round(size[0]), round(size[1])


@transaction.atomic
def add_block(*, exam: Exam, count: int, options: Sequence[str], is_student: bool, box: Box | None) -> Exam:
    """Rows of these options, or without options columns of digits. Raises ValidationError."""
    exam = locked(exam)
    values = exam.template["values"]
    size = (len(options), count) if options else (count, len(DIGITS))
    return redrawn(exam, with_block, NewBlock(box or middle_of(values, *size), count, options, is_student))


@transaction.atomic
def copy_block(*, exam: Exam, name: str) -> Exam:
    """With the next free numbers. Raises ValidationError."""
    return redrawn(locked(exam), copied, name)


@transaction.atomic
def remove_block(*, exam: Exam, name: str) -> Exam:
    """With its items. Raises ValidationError."""
    return redrawn(locked(exam), without_block, name)


def locked(exam: Exam) -> Exam:
    """A fresh row. Raises ValidationError where its blocks cannot be others."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    if not exam.template.get("is_drawn"):
        raise ValidationError(_("The blocks of this form are fixed by its template."))
    if Scan.with_trashed.filter(exam=exam).exists():
        raise ValidationError(
            _("Sheets of this form were scanned already: its blocks can be moved, nothing else.")
        )
    return exam


def redrawn(exam: Exam, change: Callable[..., dict[str, Any]], what: Any) -> Exam:
    values = exam.template["values"]
    if isinstance(what, str) and what not in values["fieldBlocks"]:
        raise ValidationError(_("“%(name)s” is no block of this form.") % {"name": printable(what[:50])})
    try:
        exam.template["values"] = change(values, what)
    except WrongTemplate as problem:
        raise ValidationError(sentence_of(problem)) from problem
    put_items(exam)
    return exam


def put_items(exam: Exam) -> None:
    """Those of its template as it is now; what has the same name and kind as before keeps its key."""
    try:
        template = without_pictures(exam.template["values"])
    except WrongTemplate as problem:
        raise ValidationError(sentence_of(problem)) from problem
    exam.id_digits = student_digits(template)
    exam.save()
    old = {(item.name, item.kind): item for item in exam.items.all()}
    rows = [Item(exam=exam, **fields) for fields in items_from(template)]
    for row in rows:
        if (known := old.get((row.name, row.kind))) and known.options == row.options:
            row.answer, row.any_of, row.points = known.answer, known.any_of, known.points
    exam.items.all().delete()
    Item.objects.bulk_create(rows)
    Exam.objects.get(pk=exam.pk).stored_layout()


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
        old = "" if old in exam.template["pictures"].values() else old
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
