"""What the search of the top line finds of exams, and for students of their results."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.grants import Right
from accounts.models import User
from grading.models import Exam, ReleasedPaper
from web.search import MOST, Group, Hit, Place, is_student, is_teacher

PLACES = [
    Place(_("Exams"), "grading:exams", is_teacher),
    Place(_("New exam"), "grading:new", is_teacher),
    Place(_("From another program's sheet"), "grading:new_template", is_teacher),
    Place(_("From a picture of any form"), "grading:new_picture", is_teacher),
    Place(_("Take in an exam"), "grading:import", is_teacher),
    Place(_("My results"), "grading:my_results", is_student),
]


def search(user: User, text: str) -> Iterator[Group]:
    if user.is_teacher:
        exams = Exam.objects.for_user(user, Right.VIEW).filter(title__icontains=text)[:MOST]
        hits = [Hit(exam.title, exam.get_absolute_url(), day(exam.created_at)) for exam in exams]
        yield Group(_("Exams"), "clipboard-check", hits)
    else:
        own = ReleasedPaper.objects.of_student(user).filter(paper__exam__title__icontains=text)[:MOST]
        results = [Hit(one.paper.exam.title, reverse("grading:my_results"), day(one.at)) for one in own]
        yield Group(_("My results"), "clipboard-check", results)


def day(at: datetime) -> str:
    return date_format(at, "SHORT_DATE_FORMAT")
