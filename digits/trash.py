"""What of digits can be deleted, and had back."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from digits import services
from digits.models import Reading
from jobs.models import Job
from trash.kinds import Kind, register

register(
    Kind(
        model=Reading,
        title=_("Digits"),
        icon="pencil-line",
        name=lambda reading: " ".join(reading.answer_text.split()),
        along=lambda reading: [Job.with_trashed.filter(Q(reading=reading) | Q(inside__reading=reading))],
        purge=lambda reading: services.purge(reading=reading),
    )
)
