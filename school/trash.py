"""What of a school can be deleted, and had back: a class with its list, where no exam has results of it, and who is in
a class."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from accounts.models import User
from school import services
from school.models import Enrollment, SchoolClass
from trash.kinds import Kind, register


def hand_over_lists(person: User) -> None:
    """What they uploaded for classes of colleagues stays there."""
    for school_class in (
        SchoolClass.with_trashed.filter(uploads__job__owner=person).exclude(owner=person).distinct()
    ):
        services.jobs_of(school_class).filter(owner=person).update(owner=school_class.owner_id, key="")


def along_with_class(school_class: SchoolClass) -> list[QuerySet]:
    """Who was removed before comes back only after it."""
    removed = Enrollment.with_trashed.filter(school_class=school_class).exclude(trashed=None)
    return [services.jobs_of(school_class), removed]


register(
    Kind(
        model=SchoolClass,
        title=pgettext("school", "Class"),
        icon="users",
        along=along_with_class,
        purge=lambda school_class: services.purge_class(school_class=school_class),
        handed_over=hand_over_lists,
    )
)
register(
    Kind(
        model=Enrollment,
        title=_("Student of a class"),
        icon="circle-user-round",
        purge=lambda enrollment: services.purge_enrollment(enrollment=enrollment),
    )
)
