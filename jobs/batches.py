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


class Batch:
    """One kind of jobs that are done together. A process does `at_once` batches of a kind; the next one gathers."""

    def __init__(self, name: str, work: Work, most: int, at_once: int = 1) -> None:
        self.name, self.work, self.most, self.at_once = name, work, most, at_once
        self.turns = threading.Semaphore(at_once)
        self.called = threading.Event()
        self.threads: list[threading.Thread] = []

    def call(self) -> None:
        """Have what waits done by threads of this process. A message through its broker would come later."""
        self.called.set()
        while len(self.threads) < self.at_once:
            self.threads.append(threading.Thread(target=self.serve, name=self.name, daemon=True))
            self.threads[-1].start()

    def serve(self) -> None:
        while self.called.wait():
            self.called.clear()
            try:
                self.run()
            except DatabaseError as error:
                log.warning("The dispatcher calls again: %s", error)
                connection.close()

    def run(self) -> None:
        """Do what waits, in batches. Nothing new is begun while the worker stops."""
        with self.turns:
            is_full = True
            while is_full and not stopping.is_set():
                held = claim_waiting(self.name, self.most)
                is_full = len(held) == self.most
                if is_full:
                    self.called.set()  # another thread, if one is idle, takes what is left
                with heartbeat(*held):
                    attempt_together(self.work, held)

    def finish(self) -> None:
        """Wait for the batches that run and let no other begin."""
        for _ in range(self.at_once):
            self.turns.acquire()


BATCHES: dict[str, Batch] = {}


def batch_task(name: str, most: int = MOST, at_once: int = 1) -> Callable[[Work], Callable[[str], None]]:
    """Register `work` as the Celery task `name`; it gets up to `most` claimed jobs together, in so many threads."""

    def decorate(work: Work) -> Callable[[str], None]:
        batch = BATCHES[name] = Batch(name, work, most, at_once)

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
