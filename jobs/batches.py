"""Micro-batches: small jobs that wait at the same moment are done together.

    @batch_task("digits.read")
    def read(jobs: list[Claim]) -> None:
        ...
        with finishing(jobs) as ours:
            ...

A message says that something of the kind waits; whoever receives it takes, at once and without a timer, the oldest
that do. Each job keeps its own claim, lease, tries and ending: a job that was cancelled meanwhile is left out, one that
fails the others is tried alone. Messages of jobs that were taken along find nothing to do.
"""

import functools
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from celery import shared_task
from django.db import DatabaseError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from jobs.doors import tell_ended
from jobs.models import Job, Status
from jobs.worker import Claim, attempt_together, heartbeat, stopping
from prepared.queries import prepared

log = logging.getLogger(__name__)

MOST = 16
Work = Callable[[list[Claim]], None]


class Fetcher:
    """Jobs of one kind that a process fetches by itself: a message only says that one of them waits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.turn = threading.Lock()
        self.called = threading.Event()
        self.thread: threading.Thread | None = None

    def call(self) -> None:
        """Have what waits done by a thread of this process. A message through its broker would come later."""
        self.called.set()
        if self.thread is None:
            self.thread = threading.Thread(target=self.serve, name=self.name, daemon=True)
            self.thread.start()

    def serve(self) -> None:
        while self.called.wait():
            self.called.clear()
            try:
                self.run()
            except DatabaseError as error:
                log.warning("The dispatcher calls again: %s", error)
                connection.close()

    def run(self) -> None:
        """Do what waits. Nothing new is begun while the worker stops."""
        raise NotImplementedError


class Batch(Fetcher):
    """One kind of jobs that are done together. A process does one batch of a kind at a time; the next one gathers."""

    def __init__(self, name: str, work: Work, most: int) -> None:
        super().__init__(name)
        self.work, self.most = work, most

    def run(self) -> None:
        with self.turn:
            is_full = True
            while is_full and not stopping.is_set():
                held = claim_waiting(self.name, self.most)
                is_full = len(held) == self.most
                with heartbeat(*held):
                    attempt_together(self.work, held)


FETCHERS: dict[str, Fetcher] = {}


def batch_task(name: str, most: int = MOST) -> Callable[[Work], Callable[[str], None]]:
    """Register `work` as the Celery task `name`; it gets up to `most` claimed jobs at once."""

    def decorate(work: Work) -> Callable[[str], None]:
        batch = FETCHERS[name] = Batch(name, work, most)

        @shared_task(name=name)
        @functools.wraps(work)
        def run(_job_id: str = "") -> None:
            batch.run()

        return run

    return decorate


@transaction.atomic
def claim_waiting(task: str, most: int = MOST) -> list[Claim]:
    """Take the oldest jobs of a kind that wait, so many at most; as `claim`, each of them only once.

    Rows that are locked are waited for: one may just be noted as sent, and its message is the one that is here.
    """
    waiting = Job.objects.filter(task=task, status=Status.QUEUED).order_by("created_at")
    rows = waiting.select_for_update().values_list("pk", "attempt", "language")
    held = [Claim(pk, attempt + 1, language) for pk, attempt, language in rows[:most]]
    now = timezone.now()
    Job.objects.filter(pk__in=[one.pk for one in held]).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        tries_left=F("tries_left") - 1,
        started_at=now,
        seen_at=now,
        progress=0,
    )
    return held


@prepared
def running(jobs: list[UUID]) -> QuerySet[Job, tuple[UUID, int]]:
    """The keys and attempts of those that still run; nobody else changes them before the transaction ends."""
    rows = Job.objects.filter(pk__in=jobs, status=Status.RUNNING).order_by()
    return rows.select_for_update().values_list("pk", "attempt")


@contextmanager
def finishing(held: list[Claim]) -> Iterator[list[Claim]]:
    """Those of the jobs that still run and are ours; results written for them inside and DONE commit together."""
    with transaction.atomic():
        attempts = dict(running([one.pk for one in held]))
        ours = [one for one in held if attempts.get(one.pk) == one.attempt]
        yield ours
        done = [one.pk for one in ours]
        Job.objects.filter(pk__in=done).update(
            status=Status.DONE, progress=100, step="", position="", error="", ended_at=timezone.now()
        )
    for one in held:
        one.is_over = True
    tell_ended(done)
