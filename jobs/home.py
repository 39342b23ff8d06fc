"""What the first page says of jobs: how many are at work, and which failed lately."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from jobs.context import tell_ring
from jobs.models import OPEN, Job, Status
from web.home import MOST_WAITING, Waiting

LATELY = timedelta(days=3)
MOST = 50  # that are counted


def waiting(user: User) -> Iterator[Waiting]:
    failed_lately = Q(status=Status.FAILED, ended_at__gte=timezone.now() - LATELY)
    jobs = Job.objects.for_user(user).listed().filter(Q(status__in=OPEN) | failed_lately)[:MOST]
    failed = [job for job in jobs if job.status == Status.FAILED]
    count = len(jobs) - len(failed)
    if len(jobs) < MOST:
        tell_ring(user, count)
    for job in failed[:MOST_WAITING]:
        yield Waiting(job.title, job.error_text, job.result_url, gettext_lazy("Look at it"), "triangle-alert")
    if count:
        title = ngettext("%(count)s job is at work", "%(count)s jobs are at work", count) % {"count": count}
        yield Waiting(
            title, "", reverse("jobs:history"), gettext_lazy("See how far"), "activity", is_pressing=False
        )
