"""What waits and runs, and how jobs went lately: of the newest, so that it costs no more on a large site."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q
from django.utils import timezone

from jobs.models import Job, Status

LATEST = 2_000  # jobs that are looked at, at most: 5,000 cost 45 ms more
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MEDIAN, NEARLY_ALL = 0.5, 0.99


@dataclass(frozen=True)
class RecentJob:
    task: str
    queue: str
    status: str
    attempt: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def waited(self) -> float | None:
        """Seconds until it was begun; None where it was not, or where that is not known: it was begun again."""
        if self.started_at is None or self.attempt != 1:
            return None
        return (self.started_at - self.created_at).total_seconds()

    @property
    def worked(self) -> float | None:
        """Seconds of work; None where it was not done."""
        if self.started_at is None or self.ended_at is None or self.status != Status.DONE:
            return None
        return (self.ended_at - self.started_at).total_seconds()


def recent_jobs() -> list[RecentJob]:
    """Those asked for in the last day, newest first, also what was deleted meanwhile: by the index of times alone."""
    asked = Job.with_trashed.filter(created_at__gte=timezone.now() - DAY).order_by("-created_at")
    names = ("task", "queue", "status", "attempt", "created_at", "started_at", "ended_at")
    return [RecentJob(*row) for row in asked.values_list(*names)[:LATEST]]


@dataclass(frozen=True)
class OpenJobs:
    """Of one kind and status, how many; since when the oldest waits or runs."""

    task: str
    queue: str
    status: str
    count: int
    oldest_at: datetime


def open_jobs() -> list[OpenJobs]:
    """What waits or runs, but in the trash. A condition on that would lead SQLite to an index that holds all jobs."""
    rows = Job.with_trashed.filter(ended_at=None).order_by().values_list("task", "queue", "status")
    kept = Q(trashed=None)
    counted = rows.annotate(count=Count("pk", filter=kept), oldest=Min("created_at", filter=kept))
    return [OpenJobs(*row) for row in counted if row[3]]


def oldest_waiting(found: Iterable[OpenJobs], queue: str) -> datetime | None:
    """When the longest waiting one of that queue was asked for."""
    waiting = [jobs.oldest_at for jobs in found if (jobs.queue, jobs.status) == (queue, Status.QUEUED)]
    return min(waiting, default=None)


def ended_since(jobs: Iterable[RecentJob], since: timedelta) -> list[RecentJob]:
    moment = timezone.now() - since
    return [job for job in jobs if job.ended_at is not None and job.ended_at >= moment]


def begun_since(jobs: Iterable[RecentJob], since: timedelta) -> list[RecentJob]:
    moment = timezone.now() - since
    return [job for job in jobs if job.started_at is not None and job.started_at >= moment]


def quantile(values: Iterable[float | None], share: float) -> float | None:
    """That share of them is no larger; None where there are none."""
    ordered: Sequence[float] = sorted(value for value in values if value is not None)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None
