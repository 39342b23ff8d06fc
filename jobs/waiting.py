"""Waiting for jobs to end: one thread of the web process looks for all who wait, however many they are.

A worker of this machine tells by a knock which jobs have ended; a poll finds what no knock told. The rows that carry
the answers are fetched for all at once, since most of a query's cost is not its rows.
"""

import os
import threading
import time
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from jobs.doors import ENDED, Door, ended_of
from jobs.models import OPEN, Job
from prepared.queries import prepared

YOUNG_SECONDS = 2.0  # so long a quick answer may take: it is looked for often
OFTEN, SELDOM = 0.004, 0.05  # seconds between two looks
TOLD = 0.2  # where knocks tell of endings: a look finds what was lost
REMEMBERED = 256  # endings that were told before anyone waited for them


class HasJob(Protocol):
    """A row of an app: what was asked, and in the end the answer."""

    job: Job
    job_id: UUID


Row = TypeVar("Row", bound=HasJob)


class Waiter(threading.Event, Generic[Row]):
    """Set with the row as it is after the ending."""

    row: Row | None = None


class Watch(Generic[Row]):
    """Who waits for which of these rows, each with its job. The thread runs only while someone waits."""

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows.order_by()
        self.find_ended = prepared(
            lambda jobs: self.rows.filter(job__id__in=jobs).exclude(job__status__in=OPEN)
        )
        self.lock = threading.Lock()
        self.waiters: dict[UUID, list[Waiter[Row]]] = {}
        self.told: dict[UUID, None] = {}
        self.busy_until = 0.0
        self.thread: threading.Thread | None = None

    def wait(self, row: Row, seconds: float) -> Row:
        """The row as it is once its job has ended, or after so many seconds. Raises DoesNotExist where it is gone."""
        if row.job.has_ended or seconds <= 0:
            return row
        waiter: Waiter[Row] = Waiter()
        self.enter(row.job_id, waiter)
        waiter.wait(seconds)
        self.leave(row.job_id, waiter)
        return waiter.row or self.rows.get(job=row.job_id)

    def enter(self, job_id: UUID, waiter: Waiter[Row]) -> None:
        with self.lock:
            self.waiters.setdefault(job_id, []).append(waiter)
            self.busy_until = time.monotonic() + YOUNG_SECONDS
            if job_id in self.told:
                waiter.set()
            if self.thread is None:
                self.thread = threading.Thread(target=self.run, name="waiting", daemon=True)
                self.thread.start()

    def leave(self, job_id: UUID, waiter: Waiter[Row]) -> None:
        with self.lock:
            left = [one for one in self.waiters.pop(job_id, []) if one is not waiter]
            if left:
                self.waiters[job_id] = left

    def run(self) -> None:
        looked_at = 0.0
        try:
            with Door(self.path_of_door()) as door:
                while self.goes_on():
                    if time.monotonic() - looked_at >= self.patience(door):
                        self.answer(self.asked())
                        looked_at = time.monotonic()
                    self.answer(self.hear(door.wait(self.patience(door))))
        finally:
            connection.close()

    def path_of_door(self) -> Path:
        """Another one for each thread, since one may end while the next begins."""
        name = f"{self.rows.model._meta.model_name}-{os.getpid()}-{time.monotonic_ns():x}.{ENDED}"
        return Path(settings.DATA_DIR) / name

    def patience(self, door: Door) -> float:
        """Seconds between two looks unasked: workers of other machines do not knock."""
        if settings.BROKER_IS_LOCAL and door.is_open:
            return TOLD
        return OFTEN if time.monotonic() < self.busy_until else SELDOM

    def goes_on(self) -> bool:
        """False, and the thread forgotten, where nobody waits and nobody is likely to soon."""
        with self.lock:
            if self.waiters or time.monotonic() < self.busy_until:
                return True
            self.thread = None
            return False

    def asked(self) -> list[UUID]:
        with self.lock:
            return list(self.waiters)

    def hear(self, knocks: Iterable[bytes]) -> list[UUID]:
        """Those of the jobs that have ended which someone waits for; the others are kept in mind for a while."""
        ended = list(chain.from_iterable(map(ended_of, knocks)))
        with self.lock:
            self.told = dict.fromkeys([*self.told, *ended][-REMEMBERED:])
            return [job_id for job_id in ended if job_id in self.waiters]

    def answer(self, job_ids: list[UUID]) -> None:
        for row in self.ended(job_ids):
            for waiter in self.waiters.get(row.job_id, ()):
                waiter.row = row
                waiter.set()

    def ended(self, job_ids: list[UUID]) -> list[Row]:
        if not job_ids:
            return []
        try:
            return self.find_ended(job_ids)
        except DatabaseError:  # it is asked again in a moment
            connection.close()
            return []
