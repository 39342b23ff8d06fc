"""Whose exams are whose, for pages and API alike. Each raises Http404 where `user` may not do this with the exam."""

from typing import Any

from django.db.models import QuerySet

from accounts.grants import Right, find_permitted, first_of, let_in
from accounts.models import User
from grading.models import Exam, Paper, Scan, ScanPage
from grading.models.papers import CANDIDATE


def find_exam(user: User, pk: int, right: Right = Right.VIEW, among: QuerySet[Exam] | None = None) -> Exam:
    return find_permitted(Exam.objects.all() if among is None else among, user, right, pk=pk)


def find_paper(
    user: User, right: Right = Right.VIEW, among: QuerySet[Paper] | None = None, **which: Any
) -> Paper:
    rows = Paper.objects.all() if among is None else among
    paper: Paper = first_of(rows.select_related("exam", *CANDIDATE), exam__trashed=None, **which)
    let_in(paper.exam, user, right)
    return paper


def find_scan(user: User, right: Right = Right.VIEW, **which: Any) -> Scan:
    scan: Scan = first_of(Scan.objects.select_related("job", "exam"), exam__trashed=None, **which)
    let_in(scan.exam, user, right)
    return scan


def find_page(user: User, right: Right = Right.VIEW, **which: Any) -> ScanPage:
    page: ScanPage = first_of(
        ScanPage.objects.select_related("scan__exam"), scan__exam__trashed=None, **which
    )
    let_in(page.scan.exam, user, right)
    return page
