"""What people do with jobs: submit, cancel, retry. Pages, API and admin all come through here."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from jobs.models import OPEN, SUBJECT_LENGTH, TRIES, Job, Queue, Status
from jobs.wakeups import notify
from prepared.queries import prepared
from web.logs import request_id
from web.quotas import QuotaExceeded

ONE_WAITS = 30  # seconds after which someone with too many jobs asks again; some will have ended
ONE_TIDIES = 3600  # seconds


def submit(
    *,
    owner: User,
    task: str,
    subject: str = "",
    key: str = "",
    queue: Queue = Queue.WORK,
    files: Sequence[File] = (),
) -> tuple[Job, bool]:
    """A job that will run once the surrounding transaction commits, and whether it is new.

    subject: what it is about, for the history. The same non-empty `key` of the same owner for the same task gives the
    job that was made first. files: what was uploaded for it, which counts as kept until the job is deleted for good.
    Raises QuotaExceeded.
    """
    if known := find(owner=owner, task=task, key=key):
        return known, False
    size = sum(file.size or 0 for file in files)
    require_quota(owner=owner, size=size)
    # As if it were sent: only where that fails is it noted (the outbox), and no answer pays for a note.
    fields = {
        "queue": queue,
        "subject": subject[:SUBJECT_LENGTH],
        "size": size or None,
        "request_id": request_id(),
        "sent_at": None if settings.BROKER_IS_LOCAL else timezone.now(),
    }
    if key:
        job, is_new = Job.objects.get_or_create(owner=owner, task=task, key=key, defaults=fields)
    else:
        job, is_new = Job.objects.create(owner=owner, task=task, **fields), True
    if is_new:
        transaction.on_commit(lambda: notify(job))
    return job, is_new


def find(*, owner: User, task: str, key: str) -> Job | None:
    """The one that was made for this key."""
    return Job.objects.filter(owner=owner, task=task, key=key).first() if key else None


def require_quota(*, owner: User, size: int = 0) -> None:
    """Raises QuotaExceeded where this person has too many jobs that wait or run, or no room for `size` bytes more."""
    if settings.QUOTA_JOBS and sum(open_jobs(owner.pk)) >= settings.QUOTA_JOBS:
        sentence = _(
            "No more than %(limit)s of your jobs may wait or run. Wait until some have ended, or cancel some."
        )
        limit = settings.QUOTA_JOBS
        raise QuotaExceeded(sentence % {"limit": limit}, limit=limit, seconds=ONE_WAITS)
    limit = settings.QUOTA_GB * 2**30
    if size and limit and sum(kept_bytes(owner.pk)) + size > limit:
        sentence = _(
            "You keep up to %(limit)s GB of files here. Delete some of them, empty the trash, then send this again."
        )
        raise QuotaExceeded(sentence % {"limit": settings.QUOTA_GB}, limit=limit, seconds=ONE_TIDIES)


@prepared
def open_jobs(owner: int) -> QuerySet[Job, int]:
    """One row with how many jobs of this person wait or run; none where none do."""
    rows = Job.objects.filter(owner=owner, ended_at=None).order_by().values("owner")
    return rows.annotate(count=Count("pk")).values_list("count", flat=True)


@prepared
def kept_bytes(owner: int) -> QuerySet[Job, int]:
    """One row with the size of what this person uploaded and keeps, also in the trash; none where that is nothing."""
    rows = Job.with_trashed.filter(owner=owner, size__isnull=False).order_by().values("owner")
    return rows.annotate(sum=Sum("size")).values_list("sum", flat=True)


def cancel(*, job: Job) -> bool:
    """End a job that has not ended; a running one notices at its next report. False where it had ended."""
    open_jobs = Job.objects.filter(pk=job.pk, status__in=OPEN)
    changed = open_jobs.update(status=Status.CANCELLED, ended_at=timezone.now())
    job.refresh_from_db()
    return bool(changed)


def retry(*, job: Job) -> bool:
    """Queue a failed or cancelled job again, with all its tries. False where it is neither. Raises QuotaExceeded."""
    return queue_again(job, (Status.FAILED, Status.CANCELLED))


def do_again(*, job: Job) -> bool:
    """Queue a job again, however it ended. False where it has not. Raises QuotaExceeded."""
    return queue_again(job, (Status.DONE, Status.FAILED, Status.CANCELLED))


def queue_again(job: Job, ended_as: Sequence[Status]) -> bool:
    require_quota(owner=job.owner)
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, status__in=ended_as)
        changed = ended.update(
            status=Status.QUEUED,
            sent_at=None,
            is_suspect=False,
            request_id=request_id(),
            ended_at=None,
            forgotten=None,
            error="",
            step="",
            position="",
            progress=0,
            tries_left=TRIES,
        )
        if changed:
            transaction.on_commit(lambda: notify(job))
    job.refresh_from_db()
    return bool(changed)


def forget(*, owner: User, ids: Collection[UUID]) -> tuple[UUID, int]:
    """Leave those that have ended out of the history: what came of them stays. Answers what `recall` takes, and how
    many they are."""
    deletion = uuid4()
    ended = Job.objects.for_user(owner).listed().filter(pk__in=ids, ended_at__isnull=False)
    return deletion, ended.update(forgotten=deletion)


def recall(*, owner: User, deletion: UUID) -> int:
    """Back into the history; how many they are."""
    return Job.objects.for_user(owner).filter(forgotten=deletion).update(forgotten=None)
