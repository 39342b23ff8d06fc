"""Corrections that are taken back, also long after they were saved: each is a row of `Correction`, as is its undoing.

What is undone is as it was read, or as an earlier correction had it; of one field the latest is undone first.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import Answer, Correction, Exam, PageCells, Paper, ScanPage
from grading.papers.corrections import locked, put, settle_and_report
from grading.papers.scores import points_of, put_reading, read_items, settle, thresholds_of
from grading.papers.versions import read_as
from grading.reading.page_rows import take_out
from grading.review.rubrics import check_rows
from jobs.services import cancel

OF_PAGE = ("kept", "assigned", "typed in")  # gave a page its place in the paper


def place_of(one: Correction) -> tuple[Any, ...]:
    """What of the paper it changed."""
    return one.field, one.item_id, *(one.pages if one.field in OF_PAGE else ())


def undoable(corrections: Iterable[Correction]) -> set[int]:
    """Keys of those that can be taken back now, of all of a paper, the newest first."""
    seen, found = set(), set()
    for one in corrections:
        if one.undoes_id or hasattr(one, "undone_by"):
            continue
        if place_of(one) not in seen and (one.item_id or one.field not in OF_PAGE or one.pages):
            found.add(one.pk)
        seen.add(place_of(one))
    return found


@transaction.atomic
def undo_correction(*, correction: Correction, by: User) -> Paper | ScanPage:
    """Answers what there is to look at: the paper, or the page that has no paper any more. Raises ValidationError."""
    exam, paper = locked(correction.paper)
    rows = list(Correction.objects.filter(paper=paper).select_related("undone_by"))
    if all(one.pk != correction.pk or hasattr(one, "undone_by") for one in rows):
        raise ValidationError(_("This was taken back already."))
    if correction.pk not in undoable(rows):
        raise ValidationError(_("It was changed again since: take that back first."))
    if correction.item_id:
        old, new = undo_answer(exam, paper, correction, rows)
    elif correction.field == "student":
        paper, old, new = undo_student(exam, paper, correction)
    elif correction.field == "version":
        old, new = correction.new, correction.old
        read_as(exam, paper, int(correction.old))
    elif correction.field == "accepted":
        old, new = undo_accepted(paper, correction)
    else:
        return undo_place(exam, paper, correction, by)
    log_undoing(correction, paper, by, old, new)
    settle_and_report(exam, [paper.pk])
    return paper


@transaction.atomic
def undo_corrections(*, exam: Exam, corrections: Iterable[int], by: User) -> list[Answer]:
    """Of answers, that were saved together. What was taken back already, or changed again since, stays as it is."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    asked = Correction.objects.standing().filter(paper__exam=exam, pk__in=list(corrections))
    asked = list(asked.exclude(item=None).select_related("paper", "item"))
    undone = [one for one in asked if undo_latest(exam, one, by)]
    settle_and_report(exam, {one.paper_id for one in undone})
    answers = Answer.objects.filter(paper__in={one.paper_id for one in undone}).select_related("item")
    return list(answers.filter(item__in={one.item_id for one in undone}))


def undo_latest(exam: Exam, correction: Correction, by: User) -> bool:
    """Whether it could be."""
    rows = list(correction.paper.corrections.filter(item=correction.item_id).select_related("undone_by"))
    if correction.pk not in undoable(rows):
        return False
    try:
        old, new = undo_answer(exam, correction.paper, correction, rows)
    except ValidationError:
        return False
    log_undoing(correction, correction.paper, by, old, new)
    return True


def log_undoing(correction: Correction, paper: Paper, by: User, old: str, new: str) -> None:
    same = {"paper": paper, "item": correction.item, "field": correction.field}
    Correction.objects.create(**same, old=old[:200], new=new[:200], by=by, undoes=correction)


def undo_answer(exam: Exam, paper: Paper, correction: Correction, rows: list[Correction]) -> tuple[str, str]:
    """(before, after)."""
    answers = Answer.objects.select_related("item", "page__scan")
    answer = answers.filter(paper=paper, item=correction.item_id).first()
    if answer is None:
        raise ValidationError(_("The page of this answer is not in the paper any more."))
    before, answer.paper = answer.value, paper
    earlier = [
        one
        for one in rows
        if place_of(one) == place_of(correction) and one.pk < correction.pk and not one.undoes_id
    ]
    standing = next((one for one in earlier if not hasattr(one, "undone_by")), None)
    cells = PageCells.objects.filter(page=answer.page).first()
    # What an earlier correction said of a page that another one took the place of says nothing of this one
    if standing is not None and standing.new == correction.old:
        check_rows(answer.item, standing.new)
        put(answer, standing.new)
    elif cells is None or answer.page.placed == ScanPage.Placed.NOT:
        check_rows(answer.item, correction.old)
        set_by_hand(answer, correction.old)
    else:
        thresholds = thresholds_of(answer.page.scan.readers.all())
        readings = read_items(exam, cells, [answer.item], paper.version, thresholds)
        put_reading(answer, answer.page, readings[answer.item.number])
    answer.save()
    return before, answer.value


def set_by_hand(answer: Answer, value: str) -> None:
    """What was typed; nothing typed waits for a person."""
    answer.value, answer.confidence = value, 1.0 if value else 0.0
    answer.state = Answer.State.CORRECTED if value else Answer.State.REVIEW
    answer.reason = "" if value else "typed_in"
    answer.points = points_of(answer.item, answer.paper.version, value)


def undo_student(exam: Exam, paper: Paper, correction: Correction) -> tuple[Paper, str, str]:
    """Its pages leave a paper that they were joined to. (paper, before, after)."""
    before, number = paper.number, correction.old
    joined = paper.pages.filed().filter(pk__in=correction.pages)
    if joined and paper.pages.filed().exclude(pk__in=correction.pages).exists():
        paper = split(paper, list(joined), correction)
    paper.number, paper.doubts = number, exam.doubts_of_number(number)
    paper.save(update_fields=["number", "doubts"])
    settle(exam, exam.papers.filter(number__in={before, number} - {""}))
    return paper, before, number


def split(paper: Paper, pages: list[ScanPage], correction: Correction) -> Paper:
    """These pages in a paper of their own, with what was corrected on them."""
    other = Paper.objects.create(exam=paper.exam, number=correction.old, version=paper.version)
    answers = Answer.with_trashed.filter(page__in=pages, paper=paper)
    items = list(answers.values_list("item", flat=True))
    paper.corrections.filter(item__in=items).update(paper=other)
    Correction.objects.filter(pk=correction.pk).update(paper=other)
    answers.update(paper=other)
    ScanPage.objects.filter(pk__in=[page.pk for page in pages]).update(paper=other)
    return other


def undo_accepted(paper: Paper, correction: Correction) -> tuple[str, str]:
    seen = correction.new.split(", ")
    paper.accepted = [code for code in paper.accepted if code not in seen]
    paper.save(update_fields=["accepted"])
    return correction.new, ""


@transaction.atomic
def take_back_page(*, page: ScanPage, by: User) -> ScanPage:
    """What a person said of a rejected page: it waits for a place again, whether or not it was read meanwhile. Raises
    ValidationError."""
    asked = page.assignments.select_related("job").last()
    if asked and cancel(job=asked.job):
        return page
    log = Correction.objects.standing().filter(field="assigned", paper__pages=page).order_by("-pk")
    if correction := next((one for one in log if page.pk in one.pages), None):
        undo_correction(correction=correction, by=by)
    elif not page.is_rejected:
        raise ValidationError(_("This page is not in the paper any more."))
    return page


def undo_place(exam: Exam, paper: Paper, correction: Correction, by: User) -> Paper | ScanPage:
    """The page waits for a place again; a paper with no other page is gone, with what was written of it."""
    page = paper.pages.filed().select_related("scan").filter(pk__in=correction.pages).first()
    if page is None:
        raise ValidationError(_("This page is not in the paper any more."))
    take_out(page, "taken_out")
    number = paper.number
    if ScanPage.with_trashed.filter(paper=paper).exists():
        log_undoing(correction, paper, by, correction.new, "")
    else:
        paper.delete()
    settle(exam, exam.papers.filter(number=number) if number else exam.papers.filter(pk=paper.pk))
    return page
