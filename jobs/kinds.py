"""Kinds of jobs: what is done for them, how many together, by how many threads, and whose is next.

    @task("grading.read_scan", queue=Queue.WORK)
    def read_scan(job: Claim) -> None:
        ...
        job.report(50, gettext_noop("Reading pages"), "15 / 30")
        with finishing(job):
            scan.record(readings)  # commits together with "done", or not at all

What a task does outside `finishing()` must be harmless when done twice. Threads claim what waits at this moment,
without a timer, until nothing does; a wake-up says that something may.
"""

import ctypes
import logging
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from celery import shared_task
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.utils import translation

from jobs.claims import Claim, Interrupted, LeaseLost, Order, Rejected, claim, stopping
from jobs.models import Queue

log = logging.getLogger(__name__)

MOST_CRASHED = 64  # where that many fail, the next poll is soon enough


@dataclass
class Attempt:
    """What a thread is at."""

    kind: "Kind"
    claims: list[Claim]
    begun_at: float = field(default_factory=time.monotonic)
    lost_at: float | None = None  # when LeaseLost was thrown into it

    @property
    def is_old(self) -> bool:
        """Most attempts are over before it is worth a query whether their jobs are still ours."""
        return time.monotonic() - self.begun_at > 1

    @property
    def is_silent(self) -> bool:
        return time.monotonic() - max(one.reported_at for one in self.claims) > self.kind.silence

    def interrupt(self, thread: int) -> None:
        """Throw LeaseLost into the work of the thread; native code hears of it when it returns.

        Not while the thread is at the database, where it would leave locks behind: at the next poll, then.
        """
        if attempts.get(thread) is self and not is_at_database(thread):
            self.lost_at = time.monotonic()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(LeaseLost))


attempts: dict[int, Attempt] = {}  # of this process, by thread


def is_at_database(thread: int) -> bool:
    frame = sys._current_frames().get(thread)
    while frame:
        if frame.f_globals.get("__name__", "").startswith(("django.db.", "config.sqlite")):
            return True
        frame = frame.f_back
    return False


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
    prepare: Callable[[], object] | None = (
        None  # what a worker does when it starts, so that the first need not wait
    )
    woken: threading.Event = field(default_factory=threading.Event)
    serving: list[threading.Thread] = field(default_factory=list)
    crashed: set[UUID] = field(default_factory=set)  # tried again after the next wake-up, not at once
    starting: threading.Lock = field(default_factory=threading.Lock)

    def wake(self, *_job_id: str) -> None:
        """Have what waits done by the threads of this kind; returns at once."""
        self.woken.set()
        with self.starting:  # messages and polls come by several threads
            self.serving = [thread for thread in self.serving if thread.is_alive()]
            while len(self.serving) < self.threads and not stopping.is_set():
                self.serving.append(threading.Thread(target=self.serve, name=self.name, daemon=True))
                self.serving[-1].start()

    def serve(self) -> None:
        while self.woken.wait() and not stopping.is_set():
            self.woken.clear()
            try:
                self()
            except (Error, LeaseLost) as error:
                log.warning("The next poll wakes %s again: %s", self.name, error)
                drop_connection()
        drop_connection()

    def __call__(self, *_job_id: str) -> None:
        self.crashed.clear()
        while not stopping.is_set() and len(self.crashed) < MOST_CRASHED:
            held = claim(self.name, self.most, self.order, skip=self.crashed)
            if not held:
                break
            if len(held) == self.most:
                self.woken.set()  # another thread, if one is idle, takes what is left
            self.do(held)

    def do(self, held: list[Claim]) -> None:
        """Raises LeaseLost where this thread was interrupted: nobody knows where it stood."""
        thread = threading.get_ident()
        mine = attempts[thread] = Attempt(self, held)
        try:
            attempt(self, held)
        finally:
            attempts.pop(thread, None)
        if mine.lost_at:
            raise LeaseLost


KINDS: dict[str, Kind] = {}


def task(name: str, **fields: Any) -> Callable[[Callable[[Any], None]], Kind]:
    """Have jobs of this name done by the decorated function; what else can be said of them are the fields of Kind."""

    def decorate(work: Callable[[Any], None]) -> Kind:
        kind = KINDS[name] = Kind(name, work, **fields)
        shared_task(name=name)(kind.wake)  # over Redis a message wakes
        return kind

    return decorate


def attempt(kind: Kind, held: list[Claim]) -> None:
    """Do the work once. The place where every exception is met: it decides how the jobs end."""
    try:
        with translation.override(held[0].language):
            kind.work(held if kind.most > 1 else held[0])
        if not all(one.is_over for one in held):
            raise RuntimeError("The task returned without finishing().")
    except (LeaseLost, Interrupted) as problem:
        were_ours = [one.give_back() for one in held]
        if any(were_ours) and isinstance(problem, LeaseLost):
            raise  # it was thrown at the attempt before
    except Exception as problem:  # whatever it is, it concerns these jobs and must not end the thread
        left = [one for one in held if not one.is_over]
        if len(held) > 1:
            log.exception("%s jobs of %s failed together; each is tried alone.", len(held), kind.name)
            for one in left:
                attempt(kind, [one])
        elif isinstance(problem, Rejected):
            held[0].reject(str(problem))
        elif left:
            log.exception("Job %s failed in attempt %s.", held[0].pk, held[0].attempt)
            kind.crashed.add(held[0].pk)
            held[0].crash()


def drop_connection() -> None:
    """Of this thread, whatever state it is in; the next query opens another."""
    connections[DEFAULT_DB_ALIAS].close()
    del connections[DEFAULT_DB_ALIAS]
