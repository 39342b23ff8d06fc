"""The worker's side: claim a job, do its work under a lease, end it exactly once.

    @job_task("grading.read_scan")
    def read_scan(job: Claim) -> None:
        scan = Scan.objects.get(job_id=job.pk)
        ...
        job.report(50, gettext_noop("Reading pages"), "15 / 30")
        with job.finishing():
            scan.record(readings)  # commits together with "done", or not at all

What a task does outside `finishing()` must be harmless when done twice.
"""

import functools
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from jobs.doors import tell_ended
from jobs.models import Job, JobQuerySet, Queue, Status
from jobs.outbox import announce

log = logging.getLogger(__name__)

LONGEST_SILENCE = 600  # seconds without a report after which the heartbeat stops vouching for the work
CRASHED = gettext_noop("Something went wrong on our side. It was tried several times and noted in the log.")
stopping = threading.Event()  # set while this process shuts down: work gives its job back at its next report


class Rejected(Exception):
    """The work cannot be done, whoever tries: ends the job at once. Its message is a gettext_noop sentence."""


class LeaseLost(Exception):
    """The job was cancelled or given to someone else; nothing of this attempt may be saved."""


class Interrupted(Exception):
    """This worker shuts down, or others wait: the job goes back into the queue and keeps its try."""


@dataclass
class Claim:
    """One attempt at one job, held by this worker."""

    pk: UUID
    attempt: int
    language: str
    reported_at: float = field(default_factory=time.monotonic)
    is_over: bool = False  # its job has ended here, or is no longer ours

    def row(self) -> JobQuerySet:
        """The job as long as it is ours: the fence in front of every change."""
        return Job.objects.filter(pk=self.pk, status=Status.RUNNING, attempt=self.attempt)

    def report(self, percent: float, step: str = "", position: str = "") -> None:
        """Say how far the work is and renew the lease; raises LeaseLost or Interrupted where it must stop."""
        if stopping.is_set():
            raise Interrupted
        self.reported_at = time.monotonic()
        progress = min(max(round(percent), 0), 99)  # 100 is said by the ending
        if not self.row().update(progress=progress, step=step, position=position, seen_at=timezone.now()):
            raise LeaseLost

    def renew(self) -> bool:
        if time.monotonic() - self.reported_at > LONGEST_SILENCE:
            return False
        return bool(self.row().update(seen_at=timezone.now()))

    @contextmanager
    def finishing(self) -> Iterator[None]:
        """Results written inside and DONE commit together, and only while the job is still ours."""
        with transaction.atomic():
            yield
            now = timezone.now()
            if not self.row().update(
                status=Status.DONE, progress=100, step="", position="", error="", ended_at=now
            ):
                raise LeaseLost
        self.over()

    def reject(self, sentence: str) -> None:
        self.row().update(status=Status.FAILED, error=sentence, ended_at=timezone.now())
        self.over()

    def over(self) -> None:
        self.is_over = True
        tell_ended([self.pk])

    def give_back(self) -> None:
        self.row().update(status=Status.QUEUED, sent_at=None, tries_left=F("tries_left") + 1)

    def crash(self) -> None:
        """Back into the queue while a try is left, else failed with a sentence; announced so that it goes on now."""
        if not self.row().filter(tries_left__gt=0).update(status=Status.QUEUED, sent_at=None):
            self.reject(CRASHED)
        elif job := Job.objects.unsent().filter(pk=self.pk).first():
            announce(job)


def serves(consumer: Any, queue: Queue) -> bool:
    """Whether the worker that just got ready (the sender of Celery's signal) takes jobs of this queue."""
    return queue in consumer.app.amqp.queues.consume_from


def claim(job_id: str) -> Claim | None:
    """Take a queued job: one conditional UPDATE, so that of two deliveries one gets it and the other nothing."""
    now = timezone.now()
    changed = Job.objects.filter(pk=job_id, status=Status.QUEUED).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        tries_left=F("tries_left") - 1,
        started_at=now,
        seen_at=now,
        progress=0,
    )
    if not changed:
        return None
    job = Job.objects.get(pk=job_id)
    return Claim(job.pk, job.attempt, job.language)


class Heartbeat:
    """One thread of this process renews the leases of all it holds while long silent work runs."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.held: list[Claim] = []
        self.thread: threading.Thread | None = None

    @contextmanager
    def __call__(self, *held: Claim) -> Iterator[None]:
        with self.lock:
            self.held += held
            if self.thread is None:
                self.thread = threading.Thread(target=self.run, name="heartbeat", daemon=True)
                self.thread.start()
        try:
            yield
        finally:
            with self.lock:
                self.held = [one for one in self.held if one not in held]

    def run(self) -> None:
        while True:
            time.sleep(settings.JOB_LEASE_SECONDS / 3)
            self.beat()

    def beat(self) -> None:
        try:
            for one in tuple(self.held):
                one.renew()
        except DatabaseError as error:
            log.warning("Leases are renewed at the next beat: %s", error)
        finally:
            connection.close()


heartbeat = Heartbeat()
Held = TypeVar("Held", bound=Claim)


def job_task(name: str) -> Callable[[Callable[[Claim], None]], Callable[[str], None]]:
    """Register `work` as the Celery task `name`; what it raises decides how the job ends."""

    def decorate(work: Callable[[Claim], None]) -> Callable[[str], None]:
        @shared_task(name=name)
        @functools.wraps(work)
        def run(job_id: str) -> None:
            held = claim(job_id)
            if held is not None:
                with translation.override(held.language), heartbeat(held):
                    attempt(work, held)

        return run

    return decorate


def attempt_together(work: Callable[[list[Claim]], None], held: list[Claim]) -> None:
    """Do the work of several jobs at once; where it fails, of each alone, so that none fails for another's sake."""
    if len(held) > 1:
        try:
            work(held)
        except Exception:
            log.exception("%s jobs failed together; each is tried alone.", len(held))
    for one in held:
        if not one.is_over:
            attempt(lambda alone: work([alone]), one)


def attempt(work: Callable[[Held], None], held: Held) -> None:
    """Do the work once. With `attempt_together` the place where every exception is met."""
    try:
        work(held)
        if not held.is_over:
            raise RuntimeError("The task returned without finishing().")
    except LeaseLost:
        log.info("Job %s was cancelled or taken back.", held.pk)
    except Interrupted:
        held.give_back()
    except Rejected as rejection:
        held.reject(str(rejection))
    except Exception:
        log.exception("Job %s failed in attempt %s.", held.pk, held.attempt)
        held.crash()
