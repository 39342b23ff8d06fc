"""Papers and scans into the trash, and what that means for the exam that they leave or come back to.

    Item of a scan ──► the scan, its jobs, pages and answers, and the papers that have no page of another scan
    Item of a paper ─► the paper, its pages and answers; the upload that they came with stays

Scores and reasons follow at once: of namesakes, and of papers that keep only some of their pages. Answers that were in
the trash while the key changed are scored anew when they come back.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from grading.models import Answer, Exam, Paper, Scan, ScanPage
from grading.papers.scores import reread, settle
from trash.models import Item
from trash.services import delete

REJECTED = ScanPage.Status.REJECTED


@transaction.atomic
def remove_paper(*, paper: Paper, by: User) -> Item | None:
    """None where others were faster."""
    exam = Exam.objects.select_for_update().get(pk=paper.exam_id)
    item = delete(rows=[paper], by=by)
    settle_namesakes(exam, {paper.number})
    return item


@transaction.atomic
def remove_scan(*, scan: Scan, by: User) -> Item | None:
    """With the papers that have no page of another scan. None where others were faster."""
    exam = Exam.objects.select_for_update().get(pk=scan.exam_id)
    touched = list(exam.papers.filter(pages__in=ScanPage.objects.filed().filter(scan=scan)).distinct())
    item = delete(rows=[scan], by=by)
    settle_namesakes(exam, {paper.number for paper in touched}, [paper.pk for paper in touched])
    return item


def settle_namesakes(exam: Exam, numbers: set[str], more: Iterable[int] = ()) -> None:
    """Those that are there of these numbers, and of these keys; they are told at once, so no key changed them."""
    numbers.discard("")
    papers = list(exam.papers.filter(number__in=numbers) | exam.papers.filter(pk__in=list(more)))
    settle(exam, papers)
    for paper in papers:
        paper.told_score = paper.score
    Paper.objects.bulk_update(papers, ["told_score"], 500)


def pages_of(papers: Any) -> QuerySet[ScanPage]:
    """Those that make up papers, also in the trash; a rejected copy only names one."""
    return ScanPage.with_trashed.exclude(status=REJECTED).filter(paper__in=papers)


def whole_papers(scan: Scan) -> list[int]:
    """Those that would have no page left without this scan."""
    own = pages_of(Paper.with_trashed.filter(exam=scan.exam_id)).filter(scan=scan)
    elsewhere = ScanPage.objects.filed().filter(paper=OuterRef("pk")).exclude(scan=scan)
    hidden = ScanPage.with_trashed.exclude(status=REJECTED).filter(paper=OuterRef("pk")).exclude(scan=scan)
    papers = Paper.with_trashed.filter(pk__in=own.values("paper"))
    there = papers.filter(~Exists(elsewhere), trashed=None)
    gone = papers.exclude(trashed=None).filter(~Exists(hidden))
    return [*there.values_list("pk", flat=True), *gone.values_list("pk", flat=True)]


def come_back(papers: QuerySet[Paper], exam: Exam) -> None:
    """What is shown again fits together with what is still hidden, and is scored by the key as it is now."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    there = [*papers.values_list("pk", flat=True)]
    numbers = set(papers.values_list("number", flat=True))
    fit_together(exam)
    pages = ScanPage.objects.filed().filter(paper__in=there).select_related("paper", "cells")
    for page in pages.prefetch_related("scan__readers", "answers__item"):
        reread(exam, page)
    settle_namesakes(exam, numbers, there)


def fit_together(exam: Exam) -> None:
    """A page is hidden with its upload or with its paper, and a paper with the last of its pages."""
    pages = ScanPage.objects.filter(scan__exam=exam)
    for page in pages.exclude(scan__trashed=None).select_related("scan"):
        hide_page(page, page.scan.trashed_id)
    for page in pages.filed().exclude(paper__trashed=None).select_related("paper__trashed"):
        if page.paper.trashed.kind == Paper._meta.label_lower:
            hide_page(page, page.paper.trashed_id)
        else:
            Paper.with_trashed.filter(pk=page.paper_id).update(trashed=None)
    left = ScanPage.objects.filed().filter(paper=OuterRef("pk"))
    for paper in exam.papers.filter(~Exists(left)):
        hidden = pages_of([paper.pk]).exclude(trashed=None).first()
        Paper.objects.filter(pk=paper.pk).update(trashed=hidden and hidden.trashed)


def hide_page(page: ScanPage, item: Any) -> None:
    ScanPage.objects.filter(pk=page.pk).update(trashed=item)
    Answer.objects.filter(page=page).update(trashed=item)


def leave_behind(scan: Scan) -> None:
    """Its papers go with it for good, but those with pages of another scan, which then go or stay with these."""
    item = scan.trashed_id
    for paper in Paper.with_trashed.filter(Q(trashed=item) | Q(trashed__within=item)).exclude(trashed=None):
        other = pages_of([paper.pk]).exclude(scan=scan).first()
        if other is None:
            paper.delete()
        else:
            Paper.with_trashed.filter(pk=paper.pk).update(trashed=other.trashed)
