"""What the search of the top line finds of exams."""

from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.grants import Right
from accounts.models import User
from grading.models import Exam
from web.search import MOST, Group, Hit, Place, is_teacher

PLACES = [Place(_("Exams"), "grading:exams", is_teacher), Place(_("New exam"), "grading:new", is_teacher)]


def search(user: User, text: str) -> Iterator[Group]:
    if user.is_teacher:
        exams = Exam.objects.for_user(user, Right.VIEW).filter(title__icontains=text)[:MOST]
        hits = [Hit(exam.title, exam.get_absolute_url(), when(exam)) for exam in exams]
        yield Group(_("Exams"), "clipboard-check", hits)


def when(exam: Exam) -> str:
    return date_format(exam.created_at, "SHORT_DATE_FORMAT")
