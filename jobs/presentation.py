"""What the history tells of a job."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Job


class Moment(NamedTuple):
    said: str
    at: datetime


def timeline_of(job: Job) -> Iterator[Moment]:
    """What happened to it, the oldest first. Of its beginnings the last is known, and how many there were."""
    yield Moment(_("Asked for"), job.created_at)
    if job.started_at:
        more = job.attempt - 1
        again = ngettext(
            "Begun again, after %(count)s attempt", "Begun again, after %(count)s attempts", more
        )
        yield Moment(again % {"count": more} if more else _("Begun"), job.started_at)
    if job.ended_at:
        yield Moment(job.get_status_display(), job.ended_at)
