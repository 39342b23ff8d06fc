"""Papers with their readings drawn over the scan, to print or to hand back."""

import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from PIL import Image

from grading.key.asked_items import is_scored, key_of, points_at
from grading.models import Answer, Exam, Item, ItemKind, Paper, ScanPage
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.reading.page_images import open_file
from grading.sheet.boxes import Box, Field, Page
from grading.sheet.overlay_pdf import DrawnReading, OverlayPage, draw_overlays

AT_ONCE = 50  # pages whose answers are in memory
MOST_PAGES = 3000
Fields = dict[int, list[Field]]  # item → what is read of it on a page


def overlay_file(*, exam: Exam, **which: Any) -> BinaryIO:
    """The PDF in a file that is gone when it is closed: of a year's papers these are hundreds of megabytes."""
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 (whoever gets it closes it)
    out = cast(BinaryIO, file)
    write_overlays(exam=exam, out=out, **which)
    return out


def write_overlays(
    *,
    exam: Exam,
    out: BinaryIO,
    papers: Sequence[int] | None = None,
    class_name: str = "",
    only_straight: bool = False,
) -> None:
    """All papers of the exam, or these, in the order of student numbers. only_straight: without pictures as they came.
    Raises ValidationError where there is none, or too many for one file."""
    pages = filed_pages(exam)
    if only_straight:
        pages = pages.exclude(placed=ScanPage.Placed.NOT)
    if papers is not None:
        pages = pages.filter(paper__in=papers)
    if class_name:
        pages = pages.filter(paper__candidate__enrollment__school_class__name=class_name)
    count = pages.count()
    if not count:
        raise ValidationError(_("No page of these papers is there."))
    if count > MOST_PAGES:
        raise ValidationError(
            _("These are more than %(most)s pages: take one class at a time.") % {"most": MOST_PAGES}
        )
    draw_overlays(exam.title, overlay_pages(exam, pages), out)


def filed_pages(exam: Exam) -> QuerySet[ScanPage]:
    answers = Prefetch("answers", Answer.objects.select_related("item"))
    pages = ScanPage.objects.filed().filter(paper__exam=exam).prefetch_related(answers)
    return pages.select_related("paper", *CANDIDATE_OF_PAPER).order_by("paper__number", "paper", "sheet_page")


def overlay_pages(exam: Exam, pages: QuerySet[ScanPage]) -> Iterator[OverlayPage]:
    forms = [(form, fields_by_item(form)) for form in exam.layout.pages]
    for page in pages.iterator(AT_ONCE):
        form, fields = forms[page.sheet_page - 1]
        if page.placed == ScanPage.Placed.NOT:  # nobody knows where its boxes are
            yield bare_page(page, form)
        else:
            yield OverlayPage(
                form.width,
                form.height,
                partial(stored, page.image),
                head_of(page.paper),
                list(readings_on(page, fields)),
            )


def fields_by_item(form: Page) -> Fields:
    fields: Fields = {}
    for field in form.fields:
        if isinstance(field.item, int) and field.kind != "text":
            fields.setdefault(field.item, []).append(field)
    return fields


def bare_page(page: ScanPage, form: Page) -> OverlayPage:
    """As it came, as wide as the sheet."""
    try:
        with open_file(page) as file, Image.open(file) as picture:
            width, height = picture.size
    except OSError:
        width, height = round(form.width), round(form.height)
    return OverlayPage(
        form.width, form.width * height / width, partial(stored, page.image), head_of(page.paper), ()
    )


def stored(name: str) -> bytes:
    """The file of this name; nothing where it is gone."""
    if not name:
        return b""
    try:
        with default_storage.open(name) as file:
            content: bytes = file.read()
            return content
    except OSError:
        return b""


def head_of(paper: Paper) -> str:
    """Whose it is, and the score."""
    status = f" · {paper.get_status_display()}" if paper.status == Paper.Status.REVIEW else ""
    return f"{paper}   {float(paper.score):g} / {float(paper.max_score):g}{status}"


def readings_on(page: ScanPage, fields: Fields) -> Iterator[DrawnReading]:
    for answer in page.answers.all():
        boxes = fields.get(answer.item.number, [])
        if boxes:
            yield drawn_reading(answer, page.paper.version, boxes)


def drawn_reading(answer: Answer, version: int, boxes: Sequence[Field]) -> DrawnReading:
    item, what = answer.item, what_of(answer, version)
    chosen = [field.box for field in boxes if is_chosen(field, item, answer.value)]
    right = key_of(item, version) if what in ("wrong", "partly") else ""
    return DrawnReading(what, around(boxes), chosen, value_text(answer) if not chosen else "", right)


def what_of(answer: Answer, version: int) -> str:
    """Which of the colours of `overlay_pdf`."""
    item = answer.item
    if answer.state == Answer.State.REVIEW:
        return "review"
    if not is_scored(item, version):
        return "unscored"
    return (
        "right" if answer.points >= points_at(item, version) else "partly" if answer.points > 0 else "wrong"
    )


def is_chosen(field: Field, item: Item, value: str) -> bool:
    """Whether this bubble is one of those that the value was read from."""
    if field.kind != "bubble":
        return False
    if item.kind in (ItemKind.CHOICE, ItemKind.OX):
        return field.option in value.split(",")
    return value[field.part : field.part + 1] == field.option


def value_text(answer: Answer) -> str:
    if answer.item.kind == ItemKind.OPEN:
        return f"{float(answer.points):g} / {float(answer.item.points):g}"
    return answer.value


def around(boxes: Sequence[Field]) -> Box:
    left, top = min(one.box[0] for one in boxes), min(one.box[1] for one in boxes)
    right, bottom = (
        max(one.box[0] + one.box[2] for one in boxes),
        max(one.box[1] + one.box[3] for one in boxes),
    )
    return left, top, right - left, bottom - top
