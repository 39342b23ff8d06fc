"""What people do with jobs: submit, wait, cancel, retry. Pages, API and admin all come through here."""

import time

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from jobs.models import OPEN, TRIES, Job, Status
from jobs.outbox import announce

POLL_SECONDS = 0.05


def submit(*, owner: User, task: str, key: str = "") -> tuple[Job, bool]:
    """A job that will run once the surrounding transaction commits, and whether it is new.

    The same non-empty `key` of the same owner for the same task gives the job that was made first.
    """
    if key:
        job, is_new = Job.objects.get_or_create(owner=owner, task=task, key=key)
    else:
        job, is_new = Job.objects.create(owner=owner, task=task), True
    if is_new:
        transaction.on_commit(lambda: announce(job))
    return job, is_new


def cancel(*, job: Job) -> bool:
    """End a job that has not ended; a running one notices at its next report. False where it had ended."""
    open_jobs = Job.objects.filter(pk=job.pk, status__in=OPEN)
    changed = open_jobs.update(status=Status.CANCELLED, ended_at=timezone.now())
    job.refresh_from_db()
    return bool(changed)


def retry(*, job: Job) -> bool:
    """Queue a failed or cancelled job again, with all its tries. False where it is neither."""
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, status__in=[Status.FAILED, Status.CANCELLED])
        changed = ended.update(
            status=Status.QUEUED,
            sent_at=None,
            ended_at=None,
            error="",
            step="",
            position="",
            progress=0,
            tries_left=TRIES,
        )
        if changed:
            transaction.on_commit(lambda: announce(job))
    job.refresh_from_db()
    return bool(changed)


def wait_for(*, job: Job, seconds: float) -> bool:
    """Hold on until `job` has ended, `seconds` at most; whether it has. The row is fresh afterwards."""
    deadline = time.monotonic() + seconds
    job.refresh_from_db()
    while not job.has_ended and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        job.refresh_from_db()
    return job.has_ended
