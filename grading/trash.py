"""What of grading can be deleted, and had back: an exam with its sheets, scans, papers and results."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grading import services
from grading.models import Exam
from trash.kinds import Kind, register


def hand_over_scans(person: User) -> None:
    """What they uploaded for exams of colleagues stays there."""
    asked = Q(scans__job__owner=person) | Q(roster_uploads__job__owner=person)
    for exam in Exam.with_trashed.filter(asked).exclude(owner=person).distinct():
        services.jobs_of(exam).filter(owner=person).update(owner=exam.owner_id, key="")


register(
    Kind(
        model=Exam,
        title=_("Exam"),
        icon="clipboard-check",
        along=lambda exam: [services.jobs_of(exam)],
        purge=lambda exam: services.purge_exam(exam=exam),
        handed_over=hand_over_scans,
    )
)
