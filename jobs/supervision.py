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

from jobs.memory import resident_bytes
from jobs.models import Job, Worker
from jobs.workers import beat_seconds, process_start, take_back_from
from web.disk import disk_is_full

log = logging.getLogger(__name__)


def note_death(pid: int) -> None:
    """Whoever started a process of this machine knows before anyone that it is gone."""
    for worker in Worker.objects.filter(host=socket.gethostname(), pid=pid):
        take_back_from(worker.pk)


def stop_large() -> list[Worker]:
    """Ask workers of this machine that have grown too large to stop, while they do nothing: others are started.

    A job that they begin at this moment goes back into the queue and keeps its try.
    """
    most = settings.WORKER_MEMORY_MB * 1_000_000
    here = [worker for worker in Worker.objects.filter(host=socket.gethostname()) if resident(worker) > most]
    large = [worker for worker in here if not Job.objects.running_in(worker.pk).exists()]
    for worker in large:
        log.warning("%s holds more than %s MB and is replaced.", worker, settings.WORKER_MEMORY_MB)
        with suppress(OSError):
            os.kill(worker.pid, signal.SIGTERM)
    return large


def resident(worker: Worker) -> int:
    """Bytes of its process that are in memory; 0 where it is gone, or on another machine."""
    is_here = worker.host == socket.gethostname() and worker.started == process_start(worker.pid)
    return resident_bytes(worker.pid) if is_here else 0


def kill_hung() -> list[Worker]:
    """Kill the processes of this machine that have stopped beating, so that whoever started them starts others.

    Not where the disk is full: there nobody can write that it lives.
    """
    if disk_is_full():
        return []
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
