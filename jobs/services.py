"""What people do with jobs: submit, cancel, retry. Pages, API and admin all come through here."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from jobs.models import OPEN, TRIES, Job, Queue, Status
from jobs.outbox import announce


def submit(*, owner: User, task: str, key: str = "", queue: Queue = Queue.WORK) -> tuple[Job, bool]:
    """A job that will run once the surrounding transaction commits, and whether it is new.

    The same non-empty `key` of the same owner for the same task gives the job that was made first.
    """
    if key:
        job, is_new = Job.objects.get_or_create(owner=owner, task=task, key=key, defaults={"queue": queue})
    else:
        job, is_new = Job(owner=owner, task=task, queue=queue), True
        job.save(force_insert=True)
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
