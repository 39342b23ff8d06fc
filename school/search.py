"""What the search of the top line finds of classes."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.grants import Right
from accounts.models import User
from school.models import Enrollment, SchoolClass
from web.search import MOST, Group, Hit, Place

CLASSES = pgettext_lazy("school", "Classes")
PLACES = [Place(_("I have a code"), "school:join")]  # the list of classes is a section of the settings


def search(user: User, text: str) -> Iterator[Group]:
    if user.is_teacher:
        classes = SchoolClass.objects.for_user(user, Right.VIEW).filter(name__icontains=text)[:MOST]
        hits = [Hit(one.name, one.get_absolute_url(), str(one.year)) for one in classes]
        yield Group(CLASSES, "users", hits)
        yield Group(_("Students"), "circle-user-round", [hit_of(one) for one in students(user, text)])


def students(user: User, text: str) -> Iterator[Enrollment]:
    wanted = Q(student__name__icontains=text) | Q(number=text)
    rows = Enrollment.objects.for_user(user, Right.MARK).present().filter(wanted)
    yield from rows.select_related("student", "school_class")[:MOST]


def hit_of(one: Enrollment) -> Hit:
    return Hit(str(one), reverse("school:student", args=[one.school_class_id, one.pk]), one.school_class.name)
