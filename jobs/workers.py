"""Which workers are alive: whoever beats looks for those that do not, and what they held goes back into the queue.

Jobs that were running when a process died are suspects: a process of its own for each kind (`manage.py do_suspects`)
does them one at a time, and only the one that is alone when a process dies loses a try.
"""

import socket
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from jobs.models import Job, Status, Worker

GIVEN_UP = gettext_noop(
    "The work was interrupted too often. Try again; if it happens again, tell an administrator."
)


def beat_seconds() -> float:
    return min(2.0, float(settings.JOB_LEASE_SECONDS) / 6)


def take_back(own: Worker | None = None) -> None:
    """What ran in processes that are gone is queued again; where it was alone and has no try left, it has failed."""
    running = Job.objects.filter(status=Status.RUNNING).order_by()
    processes = set(running.values_list("process", flat=True).distinct())
    workers = list(Worker.objects.all())  # asked after the jobs: whoever holds one has a row by then
    for process in processes - {worker.pk for worker in workers if not is_gone(worker)}:
        take_back_from(process)
    for worker in workers:
        if own and is_gone(worker) and {*worker.kinds} <= {*own.kinds}:  # else readyz says what is missing
            worker.delete()


@transaction.atomic
def take_back_from(process: UUID | None) -> None:
    held = Job.objects.running_in(process)
    was_alone = held.count() == 1
    if was_alone:
        held.filter(tries_left=0).fail(GIVEN_UP)
    held.give_back(0 if was_alone else 1, is_suspect=True)


def is_gone(worker: Worker) -> bool:
    """It has not beaten for the lease, or for three beats and is no longer on this machine."""
    silent = (timezone.now() - worker.seen_at).total_seconds()
    is_missing = worker.host == socket.gethostname() and process_start(worker.pid) != worker.started
    return silent > settings.JOB_LEASE_SECONDS or (is_missing and silent > 3 * beat_seconds())


def process_start(pid: int) -> str:
    """When a process of this machine began, in the kernel's ticks (proc(5)); empty where it is gone or nobody knows."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state == "Z" else rest[18]
