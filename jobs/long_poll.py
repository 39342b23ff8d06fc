"""Waiting for a job to end: a message tells of it, and a poll finds what none told."""

import time
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
        deadline, patience = time.monotonic() + seconds, FIRST
        try:
            with ending_of(row.job_id) as is_told:
                while (left := deadline - time.monotonic()) > 0 and not is_told(min(patience, left)):
                    if not still_open(row.job_id):
                        break
                    patience = min(patience * SLOWER, SELDOM)
            found: list[Row] = self.found(row.job_id)
        except (DatabaseError, OSError, ValueError):  # too many files are open, or the database is away
            connection.close()
            return row  # who asked can ask again: the job is there
        if not found:
            raise self.rows.model.DoesNotExist
        return found[0]
