"""Kinds of jobs: what is done for them, how many together, by how many threads, and whose is next.

    @task("grading.read_scan", queue=Queue.WORK)
    def read_scan(job: Claim) -> None:
        ...
        job.report(50, gettext_noop("Reading pages"), "15 / 30")
        with finishing(job):
            scan.record(readings)  # commits together with "done", or not at all

What a task does outside `finishing()` must be harmless when done twice. A wake-up says that something may wait: threads
claim what does at this moment, without a timer, until nothing is left.
"""

import logging
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import connection
from django.utils import translation
from structlog.contextvars import bound_contextvars

from jobs.claims import Claim, Interrupted, LeaseLost, Order, Rejected, claim, stopping
from jobs.models import Job, Queue
from web.disk import disk_is_full, is_disk_full

log = logging.getLogger(__name__)

MOST_CRASHED = 64  # where that many fail, the next poll is soon enough
at_work: dict[int, list[Claim]] = {}  # what the threads of this process are at


@dataclass
class Kind:
    """Called, it does in this thread what waits, until nothing does."""

    name: str
    work: Callable[[Any], None]  # of a Claim, or of a list of them where most is above 1
    queue: Queue = Queue.WORK  # of the workers that do it
    most: int = 1  # jobs that are done together; where that fails, each is tried alone
    threads: int = 1  # of a process
    order: Order = "by_owner"
    silence: float = 120  # seconds without a report after which work is taken to hang
    prepare: Callable[[], object] | None = None  # so that the first job after a start need not wait
    woken: threading.Event = field(default_factory=threading.Event)
    crashed: set[UUID] = field(default_factory=set)  # tried again after the next wake-up, not at once

    def start(self) -> None:
        for work in filter(None, [self.prepare, *[self.serve] * self.threads]):
            start_thread(work)

    def wake(self, *_job_id: str) -> None:
        """Have what waits done by the threads of this kind; returns at once."""
        self.woken.set()

    def serve(self) -> None:
        while self.woken.wait() and not stopping.is_set():
            self.woken.clear()
            try:
                self()
            except Exception:  # the database is away, or whatever else: it must not end the thread
                log.exception("The next poll wakes %s again.", self.name)
                connection.close()

    def __call__(self, *_job_id: str) -> None:
        self.crashed.clear()
        while not (stopping.is_set() or disk_is_full() or len(self.crashed) >= MOST_CRASHED) and (
            held := claim(self.name, self.most, self.order, skip=self.crashed)
        ):
            if len(held) == self.most:
                self.woken.set()  # another thread, if one is idle, takes what is left
            self.do(held)

    def do_suspects(self) -> None:
        while not stopping.is_set() and (held := claim(self.name, suspects=True)):
            self.do(held)

    def do(self, held: list[Claim]) -> None:
        """Do the work once; lines of the log that are written meanwhile name its jobs."""
        with bound_contextvars(kind=self.name, **named(held)):
            self.attempt(held)

    def attempt(self, held: list[Claim]) -> None:
        """The place where every exception is met: it decides how the jobs end."""
        at_work.setdefault(threading.get_ident(), held)  # a batch stays there while each of it is tried alone
        try:
            with translation.override(held[0].language):
                self.work(held if self.most > 1 else held[0])
            if not all(job.is_over for job in held):
                raise RuntimeError("The task returned without finishing().")
        except (LeaseLost, Interrupted):
            for job in held:
                job.row().give_back()
        except Exception as problem:  # noqa: BLE001 - whatever it is, it concerns these jobs alone
            self.end_failed(held, problem)
        finally:
            if at_work.get(threading.get_ident()) is held:
                del at_work[threading.get_ident()]

    def end_failed(self, held: list[Claim], problem: Exception) -> None:
        left = [job for job in held if not job.is_over]
        is_refusal = isinstance(problem, Rejected)  # nothing of ours is wrong
        if len(held) > 1:
            level, trace = (logging.INFO, None) if is_refusal else (logging.ERROR, problem)
            log.log(level, "%s jobs failed together; each is tried alone.", len(held), exc_info=trace)
            for job in left:
                self.do([job])
        elif is_refusal:
            log.info("The job was refused: %s", problem)
            held[0].reject(str(problem))
        elif left and Job.objects.filter(pk=held[0].pk).exists():  # else it stumbled over its own deletion
            log.exception("Job %s failed in attempt %s.", held[0].pk, held[0].attempt)
            self.crashed.add(held[0].pk)
            held[0].row().give_back() if is_disk_full(problem) and disk_is_full() else held[0].crash()


def named(held: list[Claim]) -> dict[str, Any]:
    """What the log says of them."""
    if len(held) > 1:
        return {"job_ids": [str(job.pk) for job in held]}
    return {"job_id": str(held[0].pk), "attempt": held[0].attempt, "request_id": held[0].request_id}


def start_thread(work: Callable[[], object], is_daemon: bool = True) -> threading.Thread:
    """In a thread of its own; where that is no daemon, the process waits for it."""

    def run() -> None:
        with closing(connection):
            work()

    thread = threading.Thread(target=run, daemon=is_daemon)
    thread.start()
    return thread


KINDS: dict[str, Kind] = {}


def task(name: str, **fields: Any) -> Callable[[Callable[[Any], None]], Kind]:
    """Have jobs of this name done by the decorated function; what else can be said of them are the fields of Kind."""

    def decorate(work: Callable[[Any], None]) -> Kind:
        kind = KINDS[name] = Kind(name, work, **fields)
        shared_task(name=name)(kind.wake)  # over Redis a message wakes
        return kind

    return decorate
