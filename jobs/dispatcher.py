"""On one machine: the thread of the worker that moves ids from the rows to the broker in its memory.

A committed job wakes it by a datagram; a slow poll finds what a lost datagram did not tell. It hands out only as
many ids as the worker will soon take, since a full memory broker stalls.
"""

import logging
import socket
import threading
from datetime import timedelta

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from jobs.models import Job, Status
from jobs.outbox import sweep, take_back
from jobs.worker import stopping

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
AHEAD = 8  # ids in the broker for each thread of the worker


def dispatch() -> int:
    """Send what fits into the bound; returns how many."""
    in_broker = Job.objects.filter(status=Status.QUEUED).exclude(sent_at=None).count()
    return sweep(limit=max(settings.WORKER_THREADS * AHEAD - in_broker, 0))


def forget_earlier_worker() -> None:
    """This worker is the only one and its broker is empty: whatever was sent or running before is queued again."""
    take_back(older_than=timedelta(0))
    Job.objects.filter(status=Status.QUEUED).update(sent_at=None)


def open_door() -> socket.socket:
    """The socket that web processes knock at; without it (a path too long, an odd system) the poll remains."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.settimeout(POLL_SECONDS)
    try:
        settings.DISPATCHER_SOCKET.unlink(missing_ok=True)
        door.bind(str(settings.DISPATCHER_SOCKET))
    except OSError as error:
        log.warning("New jobs start up to %s s late: %s", POLL_SECONDS, error)
    return door


def wait_for_knock(door: socket.socket) -> None:
    try:
        door.recv(16)
    except TimeoutError:
        return
    door.setblocking(False)
    try:
        while door.recv(16):  # several knocks are one
            pass
    except BlockingIOError:
        door.settimeout(POLL_SECONDS)


def run_dispatcher() -> None:
    with open_door() as door:
        while not stopping.is_set():
            try:
                dispatch()
            except DatabaseError as error:
                log.warning("The dispatcher tries again: %s", error)
                connection.close()
            wait_for_knock(door)


@worker_ready.connect
def start_dispatcher(**_kwargs: object) -> None:
    if settings.BROKER_IS_LOCAL:
        forget_earlier_worker()
        threading.Thread(target=run_dispatcher, name="dispatcher", daemon=True).start()


@worker_shutting_down.connect
def stop_work(**_kwargs: object) -> None:
    stopping.set()
