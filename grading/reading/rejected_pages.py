"""What a teacher does with a page that was turned away: say what it is, type it in, delete it.

A page that found its place is filed like any other (`grading.reading.filing`).
"""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.key.items import clean_value
from grading.models import Answer, Exam, IfThere, PageAssignment, Paper, ScanPage
from grading.papers.candidates import clean_number
from grading.papers.corrections import log_correction
from grading.papers.scores import points_of
from grading.reading.filing import HAS_ITS_PLACE, PageFiler
from grading.sheet.interpret import ItemReading
from jobs.models import OPEN, Queue
from jobs.services import find, submit
from trash.models import Item
from trash.services import delete

READ_PAGE = "grading.read_page"
LEAST_AREA = 0.02  # of the picture
Corners = Sequence[Sequence[float]]


@transaction.atomic
def assign_page(
    *,
    page: ScanPage,
    student: str,
    sheet_page: int,
    by: User,
    version: int = 1,
    corners: Corners = (),
    if_there: str = "",
    key: str = "",
) -> PageAssignment:
    """Have a rejected page read again as this page of this student. corners: of the paper in the picture, clockwise
    from its top left, in shares of the sides, where it cannot be found otherwise. Raises ValidationError."""
    exam = Exam.objects.select_for_update().get(pk=page.scan.exam_id)
    if known := find(owner=by, task=READ_PAGE, key=exam.own_key(key)):
        return PageAssignment.objects.get(job=known)
    number = check_place(exam, page, student, sheet_page, version, if_there)
    check_corners(page, corners)
    job, _is_new = submit(
        owner=by, task=READ_PAGE, subject=exam.title, key=exam.own_key(key), queue=Queue.QUICK
    )
    record(actor=by, verb=Verb.CHANGED, row=page, owner=exam.owner, student=number, sheet_page=sheet_page)
    return PageAssignment.objects.create(
        job=job,
        page=page,
        number=number,
        sheet_page=sheet_page,
        version=version,
        corners=[list(corner) for corner in corners],
        is_instead=if_there == IfThere.REPLACE,
    )


@transaction.atomic
def type_in_page(
    *,
    page: ScanPage,
    student: str,
    sheet_page: int,
    by: User,
    version: int = 1,
    answers: Mapping[int, str] | None = None,
    if_there: str = "",
) -> Paper:
    """A rejected page becomes one of this student's paper whose answers a person types in: these, and then the others,
    which wait in review. Raises ValidationError."""
    exam = Exam.objects.select_for_update().get(pk=page.scan.exam_id)
    number = check_place(exam, page, student, sheet_page, version, if_there)
    filer = PageFiler(exam, page.scan, ())
    readings = {item.number: ItemReading("", 0.0, "typed_in") for item in filer.items[sheet_page]}
    if strange := sorted(set(answers or {}) - set(readings)):
        raise ValidationError(_("Item %(number)s is not on this page.") % {"number": strange[0]})
    page.placed, page.sheet_page = ScanPage.Placed.NOT, sheet_page
    filer.file_as(page, number, version, readings, is_instead=if_there == IfThere.REPLACE)
    for item, value in (answers or {}).items():
        type_in(page.paper, item, value)
    log_correction(page.paper, by, "typed in", "", str(page), pages=[page.pk])
    record(actor=by, verb=Verb.CHANGED, row=page, owner=exam.owner, student=number, sheet_page=sheet_page)
    filer.finish()
    return Paper.objects.get(pk=page.paper_id)


def type_in(paper: Paper, number: int, value: str) -> None:
    answer = Answer.objects.select_related("item").get(paper=paper, item__number=number)
    answer.value, answer.confidence, answer.reason = (
        clean_value(answer.item, value, answer.paper.version),
        1.0,
        "",
    )
    answer.state = Answer.State.CORRECTED
    answer.points = points_of(answer.item, paper.version, answer.value)
    answer.save()


@transaction.atomic
def discard_page(*, page: ScanPage, by: User) -> Item | None:
    """Into the trash. Raises ValidationError where it has its place in a paper."""
    check_rejected(page)
    return delete(rows=[page], by=by)


def check_rejected(page: ScanPage) -> None:
    """Whether it still waits for a place. Raises ValidationError."""
    if not ScanPage.objects.filter(pk=page.pk, status=ScanPage.Status.REJECTED).exists():
        raise ValidationError(_(HAS_ITS_PLACE))


def check_place(
    exam: Exam, page: ScanPage, student: str, sheet_page: int, version: int, if_there: str
) -> str:
    """The student's number, where the page can be this one of theirs. Raises ValidationError."""
    check_rejected(page)
    if page.assignments.filter(job__status__in=OPEN).exists():
        raise ValidationError(_("This page is being read already."))
    pages = len(exam.layout.pages)
    if not 1 <= sheet_page <= pages:
        raise ValidationError({"sheet_page": _("The sheet has pages 1 to %(last)s.") % {"last": pages}})
    if not 1 <= version <= exam.versions:
        last = {"last": exam.versions}
        raise ValidationError({"version": _("This exam has versions 1 to %(last)s.") % last})
    number = number_of(exam, student)
    if if_there not in IfThere and has_page(exam, number, version, sheet_page):
        sentence = _("%(student)s has this page already: keep both, or put this one in its place?")
        raise ValidationError({"if_there": sentence % {"student": student.strip()}})
    return number


def has_page(exam: Exam, number: str, version: int, sheet_page: int) -> bool:
    same = {"paper__exam": exam, "paper__number": number, "paper__version": version}
    return bool(number) and ScanPage.objects.filed().filter(**same, sheet_page=sheet_page).exists()


def number_of(exam: Exam, student: str) -> str:
    """Of who is named by number or, where it is on the roster once, by name. Raises ValidationError."""
    text = student.strip()
    candidates = list(exam.candidates.all())
    named = [one.number for one in candidates if one.name == text]
    if not text or any(one.number == text for one in candidates) or not named:
        return checked_number(text)
    if len(named) > 1:
        sentence = _("Several students are called %(name)s: choose one by number.") % {"name": text}
        raise ValidationError({"student": sentence})
    return named[0]


def checked_number(text: str) -> str:
    try:
        return clean_number(text)
    except ValidationError as error:
        raise ValidationError({"student": error.messages}) from error


def check_corners(page: ScanPage, corners: Corners) -> None:
    """Whether a sheet of paper can have them. Raises ValidationError."""
    if not corners:
        return
    if not page.is_as_it_came:
        raise ValidationError(
            _("There is no picture of this page as it came, on which corners could be set.")
        )
    ways = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    turns = [
        (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
        for (a, b), (c, d) in zip(ways, [*ways[1:], ways[0]], strict=True)
    ]
    area = sum(a[0] * b[1] - a[1] * b[0] for a, b in ways) / 2
    if len(corners) != 4 or min(turns) <= 0 or area < LEAST_AREA:
        sentence = _("Put the corners on those of the sheet, clockwise from its own top left.")
        raise ValidationError({"corners": sentence})
