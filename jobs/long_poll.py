"""Waiting for jobs to end: one thread of a web process looks for all who wait for rows of a kind.

A worker of this machine tells by a datagram which jobs have ended; a poll finds what none told. The rows that carry the
answers are fetched for all at once, since most of a query's cost is not its rows.
"""

import os
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from pathlib import Path
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from jobs.models import OPEN, Job
from jobs.wakeups import ENDED, ended_jobs, listen, listener
from prepared.queries import prepared

YOUNG_SECONDS = 2.0  # so long a quick answer may take: it is looked for often
OFTEN, SELDOM = 0.004, 0.05  # seconds between two polls
TOLD = 0.2  # where datagrams tell of endings: a poll finds what was lost
REMEMBERED = 256  # endings that were told before anyone waited for them


class HasJob(Protocol):
    """A row of an app: what was asked, and in the end the answer."""

    job: Job
    job_id: UUID


Row = TypeVar("Row", bound=HasJob)


class LongPoll(Generic[Row]):
    """Who waits for which of these rows, each with its job. The thread runs only while someone waits."""

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows.order_by()
        self.ended = prepared(lambda jobs: self.rows.filter(job__id__in=jobs).exclude(job__status__in=OPEN))
        self.lock = threading.Lock()
        self.waiting: dict[UUID, list[Future[Row]]] = {}
        self.told: dict[UUID, None] = {}
        self.busy_until = 0.0
        self.thread: threading.Thread | None = None

    def wait(self, row: Row, seconds: float) -> Row:
        """The row as it is once its job has ended, or after so many seconds. Raises DoesNotExist where it is gone."""
        if row.job.has_ended or seconds <= 0:
            return row
        answer: Future[Row] = Future()
        self.enter(row.job_id, answer)
        try:
            return answer.result(0 if row.job_id in self.told else seconds)
        except TimeoutError:
            return self.rows.get(job=row.job_id)
        finally:
            self.leave(row.job_id, answer)

    def enter(self, job_id: UUID, answer: Future[Row]) -> None:
        with self.lock:
            self.waiting.setdefault(job_id, []).append(answer)
            self.busy_until = time.monotonic() + YOUNG_SECONDS
            if self.thread is None or not self.thread.is_alive():  # it may have died of what nobody foresaw
                self.thread = threading.Thread(target=self.run, name="long-poll", daemon=True)
                self.thread.start()

    def leave(self, job_id: UUID, answer: Future[Row]) -> None:
        with self.lock:
            self.waiting[job_id].remove(answer)
            if not self.waiting[job_id]:
                del self.waiting[job_id]

    def run(self) -> None:
        # Another socket for each thread, since one may end while the next begins.
        name = f"{self.rows.model._meta.model_name}-{os.getpid()}-{time.monotonic_ns():x}.{ENDED}"
        polled_at = 0.0
        with listener(Path(settings.DATA_DIR) / name) as inbox:
            is_told = settings.BROKER_IS_LOCAL and bool(inbox.getsockname())  # by workers of this machine
            while self.goes_on():
                patience = TOLD if is_told else OFTEN if time.monotonic() < self.busy_until else SELDOM
                if time.monotonic() - polled_at >= patience:
                    self.answer(list(self.waiting))
                    polled_at = time.monotonic()
                self.answer(self.hear(listen([inbox], patience)))
        connection.close()

    def goes_on(self) -> bool:
        """False, and the thread forgotten, where nobody waits and nobody is likely to soon."""
        with self.lock:
            if self.waiting or time.monotonic() < self.busy_until:
                return True
            self.thread = None
            return False

    def hear(self, messages: Iterable[bytes]) -> list[UUID]:
        """Those of the jobs that have ended which someone waits for; all are kept in mind for a while."""
        ended = [job_id for message in messages for job_id in ended_jobs(message)]
        with self.lock:
            self.told = dict.fromkeys([*self.told, *ended][-REMEMBERED:])
            return [job_id for job_id in ended if job_id in self.waiting]

    def answer(self, job_ids: list[UUID]) -> None:
        if not job_ids:
            return
        try:
            ended = self.ended(job_ids)
        except DatabaseError:  # it is asked again in a moment
            ended = []
            connection.close()
        for row in ended:
            for answer in tuple(self.waiting.get(row.job_id, ())):
                with suppress(InvalidStateError):  # it has it already
                    answer.set_result(row)
