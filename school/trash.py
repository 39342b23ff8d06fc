"""What of a school can be deleted, and had back: a class with its list, where no exam has results of it."""

from django.utils.translation import pgettext_lazy as pgettext

from accounts.models import User
from school import services
from school.models import SchoolClass
from trash.kinds import Kind, register


def hand_over_lists(person: User) -> None:
    """What they uploaded for classes of colleagues stays there."""
    for school_class in (
        SchoolClass.with_trashed.filter(uploads__job__owner=person).exclude(owner=person).distinct()
    ):
        services.jobs_of(school_class).filter(owner=person).update(owner=school_class.owner_id, key="")


register(
    Kind(
        model=SchoolClass,
        title=pgettext("school", "Class"),
        icon="users",
        along=lambda school_class: [services.jobs_of(school_class)],
        purge=lambda school_class: services.purge_class(school_class=school_class),
        handed_over=hand_over_lists,
    )
)
