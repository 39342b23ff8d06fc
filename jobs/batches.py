"""Micro-batches: small jobs that wait at the same moment are done together.

    @batch_task("digits.read")
    def read(jobs: list[Claim]) -> None:
        ...
        with finishing(jobs) as ours:
            ...

A message says that a job waits; whoever receives it takes that job and, at once and without a timer, whatever else of
the kind is queued. Each job keeps its own claim, lease, tries and ending: a job that was cancelled meanwhile is left
out, one that fails the others is tried alone. Messages of jobs that were taken along find nothing to do.
"""

import functools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import transaction
from django.db.models import Case, F, IntegerField, When
from django.utils import timezone

from jobs.models import Job, Status
from jobs.worker import Claim, attempt_together, heartbeat

MOST = 16


def batch_task(
    name: str, most: int = MOST
) -> Callable[[Callable[[list[Claim]], None]], Callable[[str], None]]:
    """Register `work` as the Celery task `name`; it gets up to `most` claimed jobs at once."""

    def decorate(work: Callable[[list[Claim]], None]) -> Callable[[str], None]:
        turn = (
            threading.Lock()
        )  # a process does one batch of a kind at a time: meanwhile the next one gathers

        @shared_task(name=name)
        @functools.wraps(work)
        def run(job_id: str) -> None:
            with turn:
                held = claim_waiting(name, job_id, most)
                if held:
                    with heartbeat(*held):
                        attempt_together(work, held)

        return run

    return decorate


@transaction.atomic
def claim_waiting(task: str, job_id: str, most: int = MOST) -> list[Claim]:
    """Take this job and the oldest others of its kind that wait, most in all; as `claim`, each of them only once."""
    asked_first = Case(When(pk=job_id, then=0), default=1, output_field=IntegerField())
    waiting = Job.objects.filter(task=task, status=Status.QUEUED).order_by(asked_first, "created_at")
    jobs = list(waiting.select_for_update(skip_locked=True)[:most])
    now = timezone.now()
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        status=Status.RUNNING,
        attempt=F("attempt") + 1,
        tries_left=F("tries_left") - 1,
        started_at=now,
        seen_at=now,
        progress=0,
    )
    return [Claim(job.pk, job.attempt + 1, job.language) for job in jobs]


@contextmanager
def finishing(held: list[Claim]) -> Iterator[list[Claim]]:
    """Those of the jobs that are still ours; results written for them inside and DONE commit together."""
    with transaction.atomic():
        rows = Job.objects.select_for_update().filter(pk__in=[one.pk for one in held], status=Status.RUNNING)
        attempts = dict(rows.values_list("pk", "attempt"))
        ours = [one for one in held if attempts.get(one.pk) == one.attempt]
        yield ours
        Job.objects.filter(pk__in=[one.pk for one in ours]).update(
            status=Status.DONE, progress=100, step="", position="", error="", ended_at=timezone.now()
        )
