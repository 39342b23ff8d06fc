"""From the rows to the broker. The row is the outbox: what is not sent now, sweep() sends later."""

import logging
import socket
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop
from kombu.exceptions import OperationalError

from jobs.models import Job, Status

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(minutes=2)  # a broker that lost its memory must not keep a job waiting for ever
GIVEN_UP = gettext_noop(
    "The work was interrupted too often. Try again; if it happens again, tell an administrator."
)


def announce(job: Job) -> None:
    """Tell that `job` waits. A broker that is down is never an error here: sweep() comes by again."""
    if settings.BROKER_IS_LOCAL:
        wake_dispatcher()
    else:
        send(job)


def send(job: Job) -> bool:
    """Hand the id to the broker and note it on the row; False where the broker cannot be reached."""
    try:
        current_app.send_task(job.task, args=[str(job.pk)])
    except (OperationalError, OSError) as error:
        log.warning("The broker did not take %s: %s", job, error)
        return False
    Job.objects.filter(pk=job.pk, status=Status.QUEUED).update(sent_at=timezone.now())
    return True


def wake_dispatcher() -> None:
    """One datagram to the worker of this machine; where none listens, its next poll finds the row."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.setblocking(False)
        try:
            door.sendto(b"!", str(settings.DISPATCHER_SOCKET))
        except OSError:
            log.debug("No dispatcher listens.")


def sweep(*, limit: int = 1000) -> int:
    """Take back what no worker renewed, then send up to `limit` unsent jobs, oldest first; returns how many."""
    take_back(older_than=timedelta(seconds=settings.JOB_LEASE_SECONDS))
    lost = Q(status=Status.QUEUED, sent_at__lt=timezone.now() - RESEND_AFTER)
    if not settings.BROKER_IS_LOCAL:
        Job.objects.filter(lost).update(sent_at=None)
    sent = 0
    for job in Job.objects.unsent().order_by("created_at")[:limit]:
        if not send(job):
            break
        sent += 1
    return sent


def take_back(*, older_than: timedelta) -> None:
    """Jobs whose lease ran out go back into the queue, or end failed where no try is left."""
    now = timezone.now()
    dead = Job.objects.filter(status=Status.RUNNING, seen_at__lte=now - older_than)
    dead.filter(tries_left=0).update(status=Status.FAILED, error=GIVEN_UP, ended_at=now)
    dead.filter(tries_left__gt=0).update(status=Status.QUEUED, sent_at=None)
