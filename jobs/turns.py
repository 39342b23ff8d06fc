"""Turns: long jobs of many people share a worker, and nobody's small one waits for another's large one.

    @turn_task("generator.draw")
    def draw(job: Turn) -> None:
        while not all_is_done:
            ...  # a short piece of work, kept with job.report()
            job.make_way()
        with job.finishing():
            ...

A message says that something of the kind waits. Whoever receives it serves those who wait in turn: the one who was
served longest ago is next, of his jobs the oldest. A job that makes way keeps its try and is claimed again later, so it
must keep what it has done and go on from there. A process serves one job of a kind at a time.
"""

import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from celery import shared_task
from django.db.models import Min
from django.utils import translation

from jobs.batches import FETCHERS, Fetcher
from jobs.models import Job, JobQuerySet, Status
from jobs.worker import Claim, Interrupted, attempt, claim, heartbeat, stopping


@dataclass
class Turn(Claim):
    """A claim on a job that others may wait behind."""

    task: str = ""
    owner_id: int = 0

    def make_way(self) -> None:
        """Raises Interrupted where someone else waits for such work: the job goes on when it is its turn again."""
        if waiting(self.task).exclude(owner=self.owner_id).exists():
            raise Interrupted


Work = Callable[[Turn], None]


def waiting(task: str) -> JobQuerySet:
    return Job.objects.filter(task=task, status=Status.QUEUED)


class Turns(Fetcher):
    """One kind of jobs whose owners are served in turn."""

    def __init__(self, name: str, work: Work) -> None:
        super().__init__(name)
        self.work = work
        self.asked = threading.Event()
        self.number = count(1)
        self.served: dict[int, int] = {}  # owner → number of the latest turn, in this process

    def run(self) -> None:
        """Serve until nobody waits. Where another thread of this process is at it already, that one goes on."""
        self.asked.set()
        while self.asked.is_set() and self.turns.acquire(blocking=False):
            try:
                self.asked.clear()
                while not stopping.is_set() and (held := self.take()):
                    with translation.override(held.language), heartbeat(held):
                        attempt(self.work, held)
            finally:
                self.turns.release()

    def take(self) -> Turn | None:
        """Claims the oldest job of whoever was served longest ago; of those never served, who waits longest."""
        owners = waiting(self.name).order_by().values_list("owner").annotate(since=Min("created_at"))
        for owner, _since in sorted(owners, key=lambda one: (self.served.get(one[0], 0), one[1])):
            oldest = waiting(self.name).filter(owner=owner).order_by("created_at").first()
            held = oldest and claim(str(oldest.pk))
            if held:
                self.served[owner] = next(self.number)
                return Turn(held.pk, held.attempt, held.language, task=self.name, owner_id=owner)
        return None


def turn_task(name: str) -> Callable[[Work], Callable[[str], None]]:
    """Register `work` as the Celery task `name`; it gets one job after the other."""

    def decorate(work: Work) -> Callable[[str], None]:
        turns = Turns(name, work)
        FETCHERS[name] = turns

        @shared_task(name=name)
        @functools.wraps(work)
        def run(_job_id: str = "") -> None:
            turns.run()

        return run

    return decorate
