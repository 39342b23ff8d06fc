"""What starts the workers of this machine also does for them: `manage.py up`, and a container's health check."""

import logging
import os
import signal
import socket
import time
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from jobs.models import Worker
from jobs.workers import beat_seconds, process_start, take_back_from

log = logging.getLogger(__name__)


def note_death(pid: int) -> None:
    """Whoever started a process of this machine knows before anyone that it is gone."""
    for worker in Worker.objects.filter(host=socket.gethostname(), pid=pid):
        take_back_from(worker.pk)


def kill_hung() -> list[Worker]:
    """Kill the processes of this machine that have stopped beating, so that whoever started them starts others."""
    silent = timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS / 2)
    here = Worker.objects.filter(host=socket.gethostname(), seen_at__lt=silent)
    suspected = {worker.pk: worker for worker in here if worker.started == process_start(worker.pid) != ""}
    if suspected:  # the machine may have slept, or the database been away: do they beat now?
        time.sleep(3 * beat_seconds())
    hung = list(here.filter(pk__in=suspected))
    for worker in hung:
        log.error("%s (process %s) hangs and is killed.", worker, worker.pid)
        with suppress(OSError):
            os.kill(worker.pid, signal.SIGKILL)
    return hung
