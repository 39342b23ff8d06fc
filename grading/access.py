"""Whose exams are whose, for pages and API alike. Each raises Http404 where `user` may not do this with the exam."""

from typing import Any

from django.http import Http404

from accounts.grants import Right, find_permitted
from accounts.models import User
from grading.models import Exam, Paper, Scan


def find_exam(user: User, pk: int, right: Right = Right.VIEW) -> Exam:
    return find_permitted(Exam.objects.all(), user, right, pk=pk)


def find_paper(user: User, right: Right = Right.VIEW, **which: Any) -> Paper:
    paper = Paper.objects.with_candidate().filter(**which).first()
    if paper is None:
        raise Http404
    paper.exam = find_exam(user, paper.exam_id, right)
    return paper


def find_scan(user: User, right: Right = Right.VIEW, **which: Any) -> Scan:
    scan = Scan.objects.select_related("job").filter(**which).first()
    if scan is None:
        raise Http404
    scan.exam = find_exam(user, scan.exam_id, right)
    return scan
