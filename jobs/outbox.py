"""From the rows to the broker. The row is the outbox: what is not sent now, sweep() sends later."""

import logging
from datetime import timedelta
from itertools import takewhile

from celery import current_app
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from jobs.doors import door_of, knock
from jobs.models import Job, JobQuerySet, Status

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(minutes=2)  # a broker that lost its memory must not keep a job waiting for ever
GIVEN_UP = gettext_noop(
    "The work was interrupted too often. Try again; if it happens again, tell an administrator."
)


def announce(job: Job) -> None:
    """Tell that `job` waits. A broker that is down is never an error here: sweep() comes by again."""
    if settings.BROKER_IS_LOCAL:
        knock(door_of(job.queue), job.task.encode())
    else:
        send(job)


def send(job: Job) -> bool:
    """Hand the id to the broker and note it on the row; False where the broker cannot be reached."""
    if not hand_over(job):
        return False
    note_sent([job])
    return True


def hand_over(job: Job) -> bool:
    try:
        current_app.send_task(job.task, args=[str(job.pk)], queue=job.queue)
    except (OperationalError, OSError) as error:
        log.warning("The broker did not take %s: %s", job, error)
        return False
    return True


def note_sent(jobs: list[Job]) -> None:
    ids = [job.pk for job in jobs]
    if ids:
        Job.objects.filter(pk__in=ids, status=Status.QUEUED).update(sent_at=timezone.now())


def sweep(*, limit: int = 1000) -> int:
    """Take back what no worker renewed, then send up to `limit` unsent jobs, oldest first; returns how many."""
    take_back(older_than=timedelta(seconds=settings.JOB_LEASE_SECONDS))
    lost = Q(status=Status.QUEUED, sent_at__lt=timezone.now() - RESEND_AFTER)
    Job.objects.filter(lost).update(sent_at=None)
    return send_unsent(Job.objects.all(), limit)


def send_unsent(among: JobQuerySet, limit: int) -> int:
    """Up to `limit` unsent jobs, oldest first; returns how many the broker took."""
    waiting = among.unsent().order_by("created_at")[: max(limit, 0)]
    sent = list(takewhile(hand_over, waiting))
    note_sent(sent)
    return len(sent)


def take_back(*, older_than: timedelta, among: JobQuerySet | None = None) -> None:
    """Jobs whose lease ran out go back into the queue, or end failed where no try is left."""
    now = timezone.now()
    jobs = Job.objects.all() if among is None else among
    dead = jobs.filter(status=Status.RUNNING, seen_at__lte=now - older_than)
    dead.filter(tries_left=0).update(status=Status.FAILED, error=GIVEN_UP, ended_at=now)
    dead.filter(tries_left__gt=0).update(status=Status.QUEUED, sent_at=None)
