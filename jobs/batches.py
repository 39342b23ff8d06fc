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
from functools import cache
from uuid import UUID

from celery import shared_task
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from jobs.doors import tell_ended
from jobs.models import Job, Status
from jobs.worker import Claim, attempt_together, heartbeat, stopping
from prepared.queries import prepared
from prepared.rows import update

log = logging.getLogger(__name__)

MOST = 16
CLAIMED = ("status", "attempt", "tries_left", "started_at", "seen_at", "progress")  # what a claim changes
DONE = ("status", "progress", "step", "position", "error", "ended_at")  # and the ending
Work = Callable[[list[Claim]], None]


class Fetcher:
    """Jobs of one kind that a process fetches by itself: a message only says that one of them waits. `at_once` threads
    do so; whoever waits meanwhile is fetched by the next that is free."""

    def __init__(self, name: str, at_once: int = 1) -> None:
        self.name, self.at_once = name, at_once
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
        """Do what waits. Nothing new is begun while the worker stops."""
        raise NotImplementedError

    def finish(self) -> None:
        """Wait for what runs and let nothing else begin."""
        for _ in range(self.at_once):
            self.turns.acquire()


class Batch(Fetcher):
    """One kind of jobs that are done together."""

    def __init__(self, name: str, work: Work, most: int, at_once: int = 1) -> None:
        super().__init__(name, at_once)
        self.work, self.most = work, most

    def run(self) -> None:
        with self.turns:
            is_full = True
            while is_full and not stopping.is_set():
                held = claim_waiting(self.name, self.most)
                is_full = len(held) == self.most
                if is_full:
                    self.called.set()  # another thread, if one is idle, takes what is left
                with heartbeat(*held):
                    attempt_together(self.work, held)


FETCHERS: dict[str, Fetcher] = {}


def batch_task(name: str, most: int = MOST, at_once: int = 1) -> Callable[[Work], Callable[[str], None]]:
    """Register `work` as the Celery task `name`; it gets up to `most` claimed jobs together, in so many threads."""

    def decorate(work: Work) -> Callable[[str], None]:
        batch = FETCHERS[name] = Batch(name, work, most, at_once)

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
    rows, now = waiting(most)(task), timezone.now()
    for row in rows:
        row.status, row.attempt, row.tries_left = Status.RUNNING, row.attempt + 1, row.tries_left - 1
        row.started_at, row.seen_at, row.progress = now, now, 0
    update(rows, CLAIMED)
    return [Claim(row.pk, row.attempt, row.language) for row in rows]


@cache
def waiting(most: int) -> Callable[[str], list[Job]]:
    """Of the jobs of a task the oldest that wait; nobody else changes them before the transaction ends."""

    @prepared
    def oldest(task: str) -> QuerySet[Job]:
        rows = Job.objects.filter(task=task, status=Status.QUEUED).order_by("created_at")
        return rows.only("attempt", "tries_left", "language").select_for_update()[:most]

    return oldest


@prepared
def running(jobs: list[UUID]) -> QuerySet[Job]:
    """Those that still run; nobody else changes them before the transaction ends."""
    return (
        Job.objects.filter(pk__in=jobs, status=Status.RUNNING).order_by().only("attempt").select_for_update()
    )


@contextmanager
def finishing(held: list[Claim]) -> Iterator[list[Claim]]:
    """Those of the jobs that still run and are ours; results written for them inside and DONE commit together."""
    with transaction.atomic():
        rows = {row.pk: row for row in running([one.pk for one in held])}
        ours = [one for one in held if one.pk in rows and rows[one.pk].attempt == one.attempt]
        yield ours
        done, now = [rows[one.pk] for one in ours], timezone.now()
        for row in done:
            row.status, row.progress, row.ended_at = Status.DONE, 100, now
            row.step = row.position = row.error = ""
        update(done, DONE)
    for one in held:
        one.is_over = True
    tell_ended([one.pk for one in ours])
