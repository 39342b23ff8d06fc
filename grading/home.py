"""What the first page says of exams: which want a look, the last ones, and what was given out to a student."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy, ngettext

from accounts.grants import Right
from accounts.models import Role, User
from grading.exam_list import ORDERS, REVIEW, SHOWN, State, with_state
from grading.models import Exam, ReleasedPaper
from web.home import MOST_RECENT, MOST_WAITING, Item, Shelf, Step, Waiting


def waiting(user: User) -> Iterator[Waiting]:
    if not user.is_teacher:
        return
    exams: QuerySet[Any] = with_state(Exam.objects.for_user(user, Right.MARK)).filter(SHOWN[REVIEW])
    for exam in exams.order_by(*ORDERS[""])[:MOST_WAITING]:
        papers = ngettext("%(count)s paper wants a look", "%(count)s papers want a look", exam.review_count)
        yield Waiting(
            exam.title,
            papers % {"count": exam.review_count},
            reverse("grading:review", args=[exam.pk]),
            gettext_lazy("Review"),
            "clipboard-check",
        )


def recent(user: User) -> Iterator[Shelf]:
    if user.is_teacher:
        exams = with_state(Exam.objects.for_user(user, Right.VIEW)).order_by(*ORDERS[""])[:MOST_RECENT]
        items = [Item(exam.title, exam.get_absolute_url(), state_of(exam)) for exam in exams]
        yield Shelf(gettext_lazy("Exams"), "clipboard-check", reverse("grading:exams"), items)
    elif user.role == Role.STUDENT:
        results = reverse("grading:my_results")
        released = ReleasedPaper.objects.of_student(user).order_by("-at", "-pk")[:MOST_RECENT]
        items = [
            Item(one.release.exam.title, results, date_format(one.at, "SHORT_DATE_FORMAT"))
            for one in released
        ]
        yield Shelf(gettext_lazy("My results"), "clipboard-check", results, items)


def steps(user: User) -> Iterator[Step]:
    if not user.is_teacher:
        return
    yield Step(
        gettext_lazy("Bring your class"),
        gettext_lazy("A list from Excel, or typed in: names stand on sheets and results then. It can wait."),
        reverse("school:classes"),
        gettext_lazy("Make a class"),
    )
    yield Step(
        gettext_lazy("Set an exam"),
        gettext_lazy("Its items and right answers become a sheet, which you print and copy."),
        reverse("grading:new"),
        gettext_lazy("Make an exam"),
    )
    yield Step(
        gettext_lazy("Scan what was handed in"),
        gettext_lazy("A PDF from the copier or photos from a phone. Only what is doubtful comes to you."),
        reverse("grading:exams"),
        gettext_lazy("Go to my exams"),
    )


def state_of(exam: Any) -> str:
    """As the list of exams says it, with when it was made. exam: `with_state`."""
    return f"{State(exam.state).label} · {date_format(exam.created_at, 'SHORT_DATE_FORMAT')}"
