"""What a teacher does with exams: make, change, print, upload, correct. Pages, API and admin all come through here."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.archive import check_takes_scans
from grading.key.drafts import draft, save_items
from grading.key.items import check_points, check_printable, clean_items
from grading.models import Answer, Candidate, Exam, Item, Paper, RosterUpload, Scan, ScanPage
from grading.papers.candidates import clean_number, numbered, replace_candidates
from grading.papers.corrections import Change, correct_answers, locked, log_correction, settle_and_report
from grading.papers.key_changes import KeyChange, Unseen, key_change
from grading.papers.scores import answers_of, items_on, read_items, rescore, settle, thresholds_of
from grading.reading.page_rows import move_to
from grading.reading.uploads import check_upload, store_upload
from grading.reasons import reason_text
from grading.sheet.pdf import Copy, draw_sheets
from grading.sheet.pdf_pages import render_page
from jobs.models import Queue
from jobs.services import submit
from school.models import SchoolClass
from school.roster.rows import AS_FOUND, Choice, RosterRow
from school.services import enroll
from school.uploads import checked_list, store_list
from web.files import delete_folder

READ_SCAN, READ_ROSTER = "grading.read_scan", "grading.read_roster"
MOST_COPIES = 500
PREVIEW_DPI = 115


# --- exams


@transaction.atomic
def create_exam(*, owner: User, items: Sequence[Mapping[str, Any]], **fields: Any) -> Exam:
    """Raises ValidationError with a sentence for each item that cannot be."""
    exam = Exam(owner=owner, **fields)
    rows = [Item(**item) for item in clean_items(items)]
    check_points(rows)
    check_printable(exam, rows)
    exam.save()
    for row in rows:
        row.exam = exam
    Item.objects.bulk_create(rows)
    exam.stored_layout()
    return exam


@transaction.atomic
def update_exam(
    *,
    exam: Exam,
    items: Sequence[Mapping[str, Any]] | None = None,
    shown: str | None = None,
    by: User | None = None,
    **fields: Any,
) -> Exam:
    """Change an exam; all papers are scored anew at once, which is logged where scores change. `shown`: the seal of
    the change that the person was shown.

    Raises ValidationError where sheets that were already scanned would no longer fit, Unseen where scores would change
    that were not shown.
    """
    Exam.objects.select_for_update().get(pk=exam.pk)  # no correction comes between
    rows = draft(exam, items, fields)
    change = key_change(exam, rows)
    if shown is not None and change.changes_scores and shown != change.seal:
        raise Unseen(change)
    exam.save()
    save_items(exam, rows)
    fresh = Exam.objects.get(pk=exam.pk)
    fresh.stored_layout()
    if change.papers:
        change.store(fresh)
    if change.scores:
        record(actor=by or exam.owner, verb=Verb.CHANGED, row=exam, count=len(change.scores))
    return fresh


def preview_exam(*, exam: Exam, items: Sequence[Mapping[str, Any]] | None = None, **fields: Any) -> KeyChange:
    """What `update_exam` would do to the scores. Nothing is stored. Raises as that does."""
    other = Exam.objects.get(pk=exam.pk)
    return key_change(other, draft(other, items, fields))


@transaction.atomic
def submit_roster(
    *,
    exam: Exam,
    file: UploadedFile | None,
    owner: User,
    choice: Choice = AS_FOUND,
    key: str = "",
    **how: bool,
) -> RosterUpload:
    """Have a table of students read; it replaces the roster unless it is a preview. Raises ValidationError."""
    file = checked_list(file)
    key = exam.own_key(key)
    job, is_new = submit(owner=owner, task=READ_ROSTER, subject=exam.title, key=key, queue=Queue.QUICK)
    if not is_new:
        return RosterUpload.objects.select_related("job").get(job=job)
    upload = RosterUpload(exam=exam, job=job, **how)
    store_list(upload, file, choice)
    return upload


@transaction.atomic
def replace_roster(*, exam: Exam, rows: Sequence[RosterRow], by: User | None = None) -> list[Candidate]:
    """By a list of this exam alone: who is on it is in the classes of who sent it, or of the exam's owner."""
    enrollments = enroll(owner=by or exam.owner, rows=rows, otherwise=exam.title)
    there = [(row.number, one) for row, one in zip(rows, enrollments, strict=True)]
    return replace_candidates(exam, there, {row.number: dict(row.ids) for row in rows})


@transaction.atomic
def take_classes(*, exam: Exam, classes: Iterable[SchoolClass]) -> list[Candidate]:
    """Who is in these classes sits the exam, nobody else. Raises ValidationError where two would have one number."""
    return replace_candidates(exam, numbered(exam, classes))


def write_sheets(
    *,
    exam: Exam,
    out: BinaryIO,
    copies: int = 1,
    version: int = 1,
    for_roster: bool = False,
    is_for_printer: bool = True,
) -> None:
    """The PDF to print, or to show: one blank copy or several, or one for each student. Raises ValidationError."""
    if exam.template:
        raise ValidationError(_("The sheets of this exam were printed elsewhere: there is nothing to print."))
    if not 1 <= version <= exam.versions:
        raise ValidationError(_("This exam has versions 1 to %(last)s.") % {"last": exam.versions})
    if not 1 <= copies <= MOST_COPIES:
        raise ValidationError(_("1 to %(most)s copies can be made at once.") % {"most": MOST_COPIES})
    sheets = [Copy(exam.code, version)] * copies
    if for_roster:
        candidates = list(exam.candidates.all())
        if not candidates:
            raise ValidationError(_("This exam has no roster yet."))
        sheets = [
            Copy(exam.code, 1 + index % exam.versions, one.number, one.name, one.class_name)
            for index, one in enumerate(candidates)
        ]
    draw_sheets(exam.layout, exam.spec, sheets, out, is_for_printer)


def sheet_picture(*, exam: Exam, page: int) -> bytes:
    """PNG of one page of a blank copy; page 1 is the first."""
    out, picture = BytesIO(), BytesIO()
    write_sheets(exam=exam, out=out, is_for_printer=False)
    Image.fromarray(render_page(out.getvalue(), page - 1, PREVIEW_DPI)).save(picture, "PNG")
    return picture.getvalue()


# --- scans


def submit_scans(
    *, exam: Exam, uploads: Sequence[UploadedFile], owner: User, key: str = "", if_there: str = ""
) -> Scan:
    """Keep what was uploaded and start reading it. A file that cannot be opened becomes a rejected page. if_there: what
    becomes of pages that students have already.

    Raises ValidationError, with a sentence for each file, where none can be opened.
    """
    check_takes_scans(exam)
    checks = [check_upload(upload) for upload in uploads]
    if not checks:
        raise ValidationError(_("Please choose a file."))
    if all("problem" in check for check in checks):
        raise ValidationError([f"{check['name']}: {reason_text(check['problem'])}" for check in checks])
    with transaction.atomic():
        key = exam.own_key(key)
        job, is_new = submit(owner=owner, task=READ_SCAN, subject=exam.title, key=key, files=uploads)
        if not is_new:
            return Scan.objects.get(job=job)
        scan = Scan.objects.create(job=job, exam=exam, if_there=if_there)
        try:
            scan.files = [store_upload(scan, *each) for each in enumerate(zip(uploads, checks, strict=True))]
            scan.save(update_fields=["files"])
        except (
            Exception
        ):  # whatever it is, say a full disk: the row goes with its transaction, the files do not
            delete_folder(scan.folder)
            raise
    return scan


# --- corrections


def correct_answer(*, paper: Paper, number: int, value: str, by: User, was: str | None = None) -> Answer:
    """What the student really answered. Changes this answer alone, scores the paper anew, and is logged. `was`: the
    value that the person saw, None where they do not say.

    Raises ValidationError where the item cannot be answered so, or where something else was put there meanwhile;
    Answer.DoesNotExist where its page is missing.
    """
    if not paper.answers.filter(item__number=number).exists():
        raise Answer.DoesNotExist
    done = correct_answers(exam=paper.exam, changes=[Change(paper.pk, number, value, was)], by=by)
    if done.refused:
        raise ValidationError(done.refused[0].detail)
    return done.answers[0]


@transaction.atomic
def correct_student(*, paper: Paper, number: str, by: User) -> Paper:
    """Whose paper it is. Pages of a student whose paper lacks just these are joined to it.

    Raises ValidationError where the number cannot be one, or the paper is gone.
    """
    exam, paper = locked(paper)
    number = clean_number(number)
    pages = list(paper.pages.filed().values_list("pk", flat=True))
    log_correction(paper, by, "student", paper.number, number, pages=pages)
    old, paper.number, paper.doubts = paper.number, number, exam.doubts_of_number(number)
    paper.save(update_fields=["number", "doubts"])
    paper.pages.filed().update(status=ScanPage.Status.READ, reason="")
    paper = merge_paper(exam, paper)
    settle(exam, exam.papers.filter(number__in={old, number} - {""}))
    settle_and_report(exam, [paper.pk])
    paper.refresh_from_db()
    return paper


def merge_paper(exam: Exam, paper: Paper) -> Paper:
    """The paper itself, or the student's other one that it completes."""
    own = set(paper.pages.filed().values_list("sheet_page", flat=True))
    for other in exam.papers.filter(number=paper.number, version=paper.version).exclude(pk=paper.pk):
        if paper.number and not own & set(other.pages.filed().values_list("sheet_page", flat=True)):
            move_to(other, paper)
            return other
    return paper


@transaction.atomic
def keep_page(*, page: ScanPage, by: User) -> Paper:
    """A page that was taken for a copy is another student's: it becomes a paper of its own, in review.

    Raises ValidationError where the page is no such copy.
    """
    exam = Exam.objects.select_for_update().get(pk=page.scan.exam_id)
    page = ScanPage.objects.select_related("scan", "paper").filter(pk=page.pk).first() or ScanPage()
    if page.reason != "duplicate_page" or page.paper is None or page.sheet_page is None:
        raise ValidationError(_("Only a page that was taken for a copy can be kept as a paper of its own."))
    paper = Paper.objects.create(exam=exam, number=page.paper.number, version=page.paper.version)
    page.paper, page.status, page.reason = paper, ScanPage.Status.READ, ""
    page.save()
    items = items_on(exam, page.sheet_page)
    thresholds = thresholds_of(page.scan.readers.all())
    readings = read_items(exam, page.cells, items, paper.version, thresholds)
    Answer.objects.bulk_create(answers_of(page, paper, items, readings))
    log_correction(paper, by, "kept", "", str(page), pages=[page.pk])
    settle(exam, exam.papers.filter(number=paper.number))
    settle_and_report(exam, [paper.pk])
    paper.refresh_from_db()
    return paper


@transaction.atomic
def accept_paper(*, paper: Paper, by: User) -> Paper:
    """The teacher has seen what is open about the paper as a whole, and lets it pass. Raises ValidationError where it
    is gone."""
    seen = paper.reasons
    exam, paper = locked(paper)
    log_correction(paper, by, "accepted", "", ", ".join(seen))
    paper.accepted = sorted({*paper.accepted, *seen})
    paper.save(update_fields=["accepted"])
    settle_and_report(exam, [paper.pk])
    paper.refresh_from_db()
    return paper


@transaction.atomic
def regrade(*, exam: Exam) -> list[tuple[Paper, float, float]]:
    """Score all papers anew with the key as it is; who changed since scores were last told: (paper, old, new)."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    rescore(exam)
    papers = list(exam.papers.with_candidate())
    changed = [
        (paper, float(paper.told_score), float(paper.score))
        for paper in papers
        if paper.told_score != paper.score
    ]
    for paper in papers:
        paper.told_score = paper.score
    Paper.objects.bulk_update(papers, ["told_score"], 500)
    return changed
