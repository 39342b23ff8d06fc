"""Waiting for a job to end: a message tells of it, and a poll finds what none told."""

import time
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from jobs.models import Job
from jobs.wakeups import ending_of
from prepared.queries import prepared

FIRST, SLOWER, SELDOM = (
    0.02,
    4,
    0.5,
)  # seconds until the first poll, times longer from each to the next, at most


class HasJob(Protocol):
    """A row of an app: what was asked, and in the end the answer."""

    job: Job
    job_id: UUID


Row = TypeVar("Row", bound=HasJob)


class LongPoll(Generic[Row]):
    """Waits for rows of this kind, each with its job."""

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows
        self.found = prepared(lambda job_id: rows.order_by().filter(job=job_id))

    def wait(self, row: Row, seconds: float) -> Row:
        """The row as it is once its job has ended, or after so many seconds. Raises DoesNotExist where it is gone."""
        if row.job.has_ended or seconds <= 0:
            return row
        deadline, patience = time.monotonic() + seconds, FIRST
        with ending_of(row.job_id) as wait:
            while not row.job.has_ended and (left := deadline - time.monotonic()) > 0:
                wait(min(patience, left))
                patience, found = min(patience * SLOWER, SELDOM), self.found(row.job_id)
                if not found:
                    raise self.rows.model.DoesNotExist
                row = found[0]
        return row
