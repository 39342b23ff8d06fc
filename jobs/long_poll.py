"""Waiting for a job to end: a message tells of it, and a poll finds what none told."""

import time
from contextlib import suppress
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import QuerySet

from jobs.models import OPEN, Job
from jobs.wakeups import ending_of
from prepared.queries import prepared

FIRST, SLOWER, SELDOM = 0.05, 4, 0.5  # seconds until the first poll, times longer to the next, at most


class HasJob(Protocol):
    """A row of an app: what was asked, and in the end the answer."""

    job: Job
    job_id: UUID


Row = TypeVar("Row", bound=HasJob)
still_open = prepared(lambda job: Job.objects.filter(pk=job, status__in=OPEN).order_by().values_list("pk"))


def wait_until_ended(job: UUID, seconds: float) -> None:
    """Returns once it has ended, after so many seconds, or at once where too many files are open."""
    deadline, patience = time.monotonic() + seconds, FIRST
    with suppress(OSError, ValueError), ending_of(job) as is_told:
        while (left := deadline - time.monotonic()) > 0 and not is_told(min(patience, left)):
            if not still_open(job):
                return
            patience = min(patience * SLOWER, SELDOM)


class LongPoll(Generic[Row]):
    """Waits for rows of this kind, each with its job."""

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows
        self.found = prepared(lambda job: rows.order_by().filter(job=job, job__trashed=None))

    def wait(self, row: Row, seconds: float) -> Row:
        """The row as it is once its job has ended, or after so many seconds. Raises DoesNotExist where it is
        gone."""
        if row.job.has_ended or seconds <= 0:
            return row
        try:
            wait_until_ended(row.job_id, seconds)
            found: list[Row] = self.found(row.job_id)
        except DatabaseError:  # it is away
            connection.close()
            return row  # who asked can ask again: the job is there
        if not found:
            raise self.rows.model.DoesNotExist
        return found[0]
