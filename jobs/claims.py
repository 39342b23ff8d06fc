"""A claim is one attempt at one job, held by this process; `finishing` ends it exactly once.

Every change of a claimed row is conditional on `status = running AND attempt = mine`: a process that was given up for
dead, or whose job was cancelled, changes nothing any more.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.models import Job, JobQuerySet, Status
from jobs.wakeups import notify_ended
from prepared.queries import prepared
from prepared.rows import update

CRASHED = gettext_noop("Something went wrong on our side. It was tried several times and noted in the log.")
PROCESS = uuid4()  # this process, on the rows of what it runs
Order = Literal["by_owner", "oldest"]  # next is whoever was served longest ago, or the oldest of all
CLAIMED = ("status", "attempt", "tries_left", "started_at", "seen_at", "progress", "process")
DONE = ("status", "progress", "step", "position", "error", "ended_at")
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
    request_id: str = ""  # that asked for it
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
        place = position[: Job._meta.get_field("position").max_length]
        if not self.row().update(progress=progress, step=step, position=place, seen_at=timezone.now()):
            raise LeaseLost

    def make_way(self) -> None:
        """Where all is kept that was done so far: raises Interrupted if someone else waits for such work."""
        if Job.objects.queued(self.task).exclude(owner=self.owner_id).exists():
            raise Interrupted

    def reject(self, sentence: str) -> None:
        self.row().fail(sentence)
        self.is_over = True
        notify_ended(self.pk)

    def crash(self, **changes: object) -> None:
        """Back into the queue while a try is left, else failed with a sentence."""
        if not self.row().filter(tries_left__gt=0).give_back(0, **changes):
            self.reject(CRASHED)


served: dict[tuple[str, int], float] = {}  # (task, owner) → time of the latest claim by this process


@transaction.atomic
def claim(
    task: str, most: int = 1, order: Order = "by_owner", *, suspects: bool = False, skip: Iterable[UUID] = ()
) -> list[Claim]:
    """Take up to `most` jobs that wait, but `skip`. suspects: such as were running when a process died, else others."""
    asked = (task, suspects, [*skip])
    rows = oldest(most)(*asked) if order == "oldest" else oldest_by_owner(most, *asked)
    now = timezone.now()
    for row in rows:
        row.status, row.attempt, row.tries_left = Status.RUNNING, row.attempt + 1, row.tries_left - 1
        row.started_at, row.seen_at, row.progress, row.process = now, now, 0, PROCESS
    update(rows, CLAIMED)
    return [Claim(row.pk, row.attempt, row.language, row.task, row.owner_id, row.request_id) for row in rows]


@cache
def oldest(most: int) -> Callable[..., list[Job]]:
    """On PostgreSQL rows that others are just taking are passed over; SQLite's transactions are exclusive."""
    return prepared(lambda *asked: Job.objects.queued(*asked).select_for_update(skip_locked=True)[:most])


def oldest_by_owner(most: int, task: str, *asked: Any) -> list[Job]:
    """One job each of up to `most` owners."""
    rows: list[Job] = []
    queued = Job.objects.queued(task, *asked)
    owners = queued.order_by().values_list("owner").annotate(since=Min("created_at"))
    for owner, _since in sorted(owners, key=lambda pair: (served.get((task, pair[0]), 0), pair[1])):
        if len(rows) < most and (
            row := queued.filter(owner=owner).select_for_update(skip_locked=True).first()
        ):
            served[task, owner] = time.monotonic()
            rows.append(row)
    return rows


running = prepared(
    lambda jobs: Job.objects.filter(pk__in=jobs, status=Status.RUNNING).order_by().select_for_update()
)


@contextmanager
def finishing(*claims: Claim) -> Iterator[list[Claim]]:
    """Those of the jobs that are still ours; results written for them inside and DONE commit together, or not at all.

    Raises LeaseLost where none is ours.
    """
    with transaction.atomic():
        rows = {row.pk: row for row in running([job.pk for job in claims])}
        ours = [job for job in claims if job.pk in rows and rows[job.pk].attempt == job.attempt]
        if not ours:
            raise LeaseLost
        yield ours
        done, now = [rows[job.pk] for job in ours], timezone.now()
        for row in done:
            row.status, row.progress, row.ended_at = Status.DONE, 100, now
            row.step = row.position = row.error = ""
        update(done, DONE)
    for job in claims:
        job.is_over = True
    notify_ended(*(job.pk for job in ours))
