"""A claim is one attempt at one job, held by this process; `finishing` ends it exactly once.

Every change of a claimed row is conditional on `status = running AND attempt = mine`: a process that was given up for
dead, or whose job was cancelled, changes nothing any more.
"""

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Min
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.models import Job, JobQuerySet, Status
from jobs.wakeups import notify_ended

CRASHED = gettext_noop("Something went wrong on our side. It was tried several times and noted in the log.")
PROCESS = uuid4()  # this process, on the rows of what it runs
Order = Literal["by_owner", "oldest"]  # next is whoever was served longest ago, or the oldest of all
stopping = threading.Event()  # set while this process shuts down: work gives its job back at its next report


class Rejected(Exception):
    """The work cannot be done, whoever tries: ends the job at once. Its message is a gettext_noop sentence."""


class LeaseLost(Exception):
    """The job was cancelled or given to someone else; nothing of this attempt may be saved."""


class Interrupted(Exception):
    """This process shuts down, or others wait: the job goes back into the queue and keeps its try."""


@dataclass
class Claim:
    """One attempt at one job, held by this process."""

    pk: UUID
    attempt: int
    language: str
    task: str
    owner_id: int
    reported_at: float = field(default_factory=time.monotonic)
    is_over: bool = False  # its job has ended here

    def row(self) -> JobQuerySet:
        """The job as long as it is ours: the fence in front of every change."""
        return Job.objects.filter(pk=self.pk, status=Status.RUNNING, attempt=self.attempt)

    def report(self, percent: float, step: str = "", position: str = "") -> None:
        """Say how far the work is; raises LeaseLost or Interrupted where it must stop."""
        if stopping.is_set():
            raise Interrupted
        self.reported_at = time.monotonic()
        progress = min(max(round(percent), 0), 99)  # 100 is said by the ending
        if not self.row().update(progress=progress, step=step, position=position, seen_at=timezone.now()):
            raise LeaseLost

    def make_way(self) -> None:
        """Where all is kept that was done so far: raises Interrupted if someone else waits for such work."""
        others = Job.objects.queued(self.task).exclude(owner=self.owner_id)
        if others.filter(is_suspect=False).exists():
            raise Interrupted

    def reject(self, sentence: str) -> None:
        self.row().update(status=Status.FAILED, error=sentence, ended_at=timezone.now())
        self.is_over = True
        notify_ended([self.pk])

    def give_back(self) -> None:
        """Into the queue with its try, where it is still ours."""
        self.row().update(status=Status.QUEUED, sent_at=None, tries_left=F("tries_left") + 1)

    def crash(self, **changes: Any) -> None:
        """Back into the queue while a try is left, else failed with a sentence."""
        retried = self.row().filter(tries_left__gt=0)
        if not retried.update(status=Status.QUEUED, sent_at=None, **changes):
            self.reject(CRASHED)


served: dict[tuple[str, int], float] = {}  # (task, owner) → time of the latest claim by this process


@transaction.atomic
def claim(
    task: str,
    most: int = 1,
    order: Order = "by_owner",
    *,
    suspects: bool = False,
    skip: Collection[UUID] = (),
) -> list[Claim]:
    """Take up to `most` queued jobs, each for this process alone; none where nothing waits.

    suspects: those that were running when a process died, else the others; skip: jobs to leave alone.
    """
    queued = Job.objects.queued(task).filter(is_suspect=suspects)
    if skip:
        queued = queued.exclude(pk__in=skip)
    # On PostgreSQL rows that others are just taking are passed over; SQLite's transactions are exclusive.
    free = queued.order_by("created_at").select_for_update(skip_locked=True)
    rows = list(free[:most]) if order == "oldest" else oldest_by_owner(queued, free, most)
    now = timezone.now()
    if rows:
        Job.objects.filter(pk__in=[row.pk for row in rows]).update(
            status=Status.RUNNING,
            attempt=F("attempt") + 1,
            tries_left=F("tries_left") - 1,
            started_at=now,
            seen_at=now,
            progress=0,
            process=PROCESS,
        )
    return [Claim(row.pk, row.attempt + 1, row.language, row.task, row.owner_id) for row in rows]


def oldest_by_owner(queued: JobQuerySet, free: JobQuerySet, most: int) -> list[Job]:
    """One job each of up to `most` owners."""
    owners = queued.order_by().values_list("task", "owner").annotate(since=Min("created_at"))
    rows: list[Job] = []
    for task, owner, _since in sorted(owners, key=lambda one: (served.get(one[:2], 0), one[2])):
        if len(rows) < most and (row := free.filter(owner=owner).first()):
            served[task, owner] = time.monotonic()
            rows.append(row)
    return rows


@contextmanager
def finishing(*claims: Claim) -> Iterator[list[Claim]]:
    """Those of the jobs that are still ours; results written for them inside and DONE commit together, or not at all.

    Raises LeaseLost where none is ours.
    """
    with transaction.atomic():
        pks = [one.pk for one in claims]
        running = Job.objects.filter(pk__in=pks, status=Status.RUNNING).order_by().select_for_update()
        attempts = dict(running.values_list("pk", "attempt"))
        ours = [one for one in claims if attempts.get(one.pk) == one.attempt]
        if not ours:
            raise LeaseLost
        yield ours
        Job.objects.filter(pk__in=[one.pk for one in ours]).update(
            status=Status.DONE, progress=100, step="", position="", error="", ended_at=timezone.now()
        )
    for one in claims:
        one.is_over = True
    notify_ended(one.pk for one in ours)
