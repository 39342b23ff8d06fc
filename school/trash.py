"""What of a school can be deleted, and had back: a class with its list, where no exam has results of it."""

from django.utils.translation import pgettext_lazy as pgettext

from school import services
from school.models import SchoolClass
from trash.kinds import Kind, register

register(
    Kind(
        model=SchoolClass,
        title=pgettext("school", "Class"),
        icon="users",
        along=lambda school_class: [services.jobs_of(school_class)],
        purge=lambda school_class: services.purge_class(school_class=school_class),
    )
)
