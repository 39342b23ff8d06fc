"""What the history tells of a job."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobs.models import Job, Status
from jobs.repeating import repeats
from web.durations import duration


class Moment(NamedTuple):
    at: str  # the time of day, and the day where it isn't the one that the job was asked for
    said: str


class Row(NamedTuple):
    """One line of the history, put together here: in the template's own tags fifty of them took twice as long."""

    job: Job
    title: str
    durations: list[str]
    timeline: list[Moment]
    can_be_repeated: bool


def rows_of(jobs: Iterable[Job]) -> Iterator[Row]:
    repeatable = repeats()
    for job in jobs:
        can_be_repeated = job.status == Status.DONE and job.task in repeatable
        yield Row(job, job.title, list(durations_of(job)), list(timeline_of(job)), can_be_repeated)


def durations_of(job: Job) -> Iterator[str]:
    if job.started_at is None:
        yield _("waits") if not job.has_ended else _("never begun")
        return
    yield _("waited %(time)s") % {"time": duration(job.waited)}
    if job.ended_at:
        yield _("worked %(time)s") % {"time": duration(job.worked)}
    if job.attempt > 1:
        yield _("begun %(count)s times") % {"count": job.attempt}


def timeline_of(job: Job) -> Iterator[Moment]:
    """What happened to it, the oldest first. Of its beginnings the last is known, and how many there were."""
    yield Moment(moment_of(job, job.created_at), _("Asked for"))
    if job.started_at:
        more = job.attempt - 1
        again = ngettext(
            "Begun again, after %(count)s attempt", "Begun again, after %(count)s attempts", more
        )
        yield Moment(moment_of(job, job.started_at), again % {"count": more} if more > 0 else _("Begun"))
    if job.ended_at:
        yield Moment(moment_of(job, job.ended_at), job.get_status_display())


def moment_of(job: Job, at: datetime) -> str:
    local = localtime(at)
    time = f"{local:%H:%M:%S}"
    is_same_day = local.date() == localtime(job.created_at).date()
    return time if is_same_day else f"{date_format(local, 'SHORT_DATE_FORMAT')} {time}"
