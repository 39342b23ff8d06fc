"""What pages ask for again and again while something is at work: the ring, the panel where it is open, and the lines of
the jobs that they show."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID
from zlib import crc32

from django.http import QueryDict
from django.utils.translation import get_language

from accounts.models import AnyUser
from jobs.models import Job, Queue
from jobs.services import open_jobs
from jobs.waiting import tell_waits

IN_PANEL = 20  # jobs at work
ENDED_IN_PANEL = 5
MOST_LINES = 50
IDLE_SECONDS = 10  # between two looks of an open panel while nothing is at work
CLOSED_SECONDS = 3  # at least, between two looks of the ring alone


def panel_of(user: AnyUser, asked: QueryDict) -> dict[str, Any]:
    """What its template shows, and `state`, which changes with that."""
    jobs, is_open = Job.objects.for_user(user), bool(asked.get("open"))
    at_work = list(jobs.filter(ended_at=None)[:IN_PANEL])
    lines = list(jobs.filter(pk__in=uuids(asked.getlist("job")[:MOST_LINES])))
    tell_waits([*lines, *(at_work if is_open else ())])
    # Quick answers are shown where they were asked for, and would push everything else out
    ended = jobs.listed().filter(ended_at__isnull=False).exclude(queue=Queue.QUICK)
    shown = {
        "is_open": is_open,
        "at_work": at_work,
        "ended": list(ended[:ENDED_IN_PANEL]) if is_open else [],
        "lines": lines,
        "count": sum(open_jobs(user.pk)) if len(at_work) == IN_PANEL else len(at_work),
        "percent": sum(job.progress for job in at_work) // len(at_work) if at_work else 0,
        "seconds": seconds_until_next(at_work, bool(lines), is_open),
    }
    return shown | {"state": state_of(shown)}


def uuids(texts: Iterable[str]) -> Iterator[UUID]:
    """Those that are some."""
    for text in texts:
        with suppress(ValueError):
            yield UUID(text)


def state_of(shown: dict[str, Any]) -> str:
    jobs = [told(job) for part in ("at_work", "lines", "ended") for job in shown[part]]
    others = [shown[name] for name in ("is_open", "count", "seconds")]
    return f"{crc32(repr((get_language(), others, jobs)).encode()):x}"


def told(job: Job) -> tuple[Any, ...]:
    return job.pk, job.status, job.progress, job.step, job.position, job.wait and job.wait.shown


def seconds_until_next(at_work: Sequence[Job], has_lines: bool, is_open: bool) -> int | None:
    """After how many seconds the page asks again: the later the longer the work takes; never while there is none."""
    if not at_work:
        return IDLE_SECONDS if is_open else None
    seconds = at_work[0].poll_seconds
    return seconds if is_open or has_lines else max(seconds, CLOSED_SECONDS)
