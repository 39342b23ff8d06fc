"""What of grading can be deleted, and had back: an exam with its sheets, scans, papers and results."""

from django.utils.translation import gettext_lazy as _

from grading import services
from grading.models import Exam
from trash.kinds import Kind, register

register(
    Kind(
        model=Exam,
        title=_("Exam"),
        icon="clipboard-check",
        along=lambda exam: [services.jobs_of(exam)],
        purge=lambda exam: services.purge_exam(exam=exam),
    )
)
