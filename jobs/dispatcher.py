"""On one machine: the threads of a worker that move ids from the rows to the broker in its memory, one a queue.

A committed job wakes its queue's thread by a datagram; a slow poll finds what a lost datagram did not tell. A thread
hands out only as many ids as the worker will soon take, since a full memory broker stalls.
"""

import logging
import socket
import threading
import time
from datetime import timedelta
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from jobs.models import Job, Status
from jobs.outbox import door_of, send_unsent, take_back
from jobs.worker import stopping

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
AHEAD = 8  # ids in the broker for each thread of the worker


def dispatch(queue: str) -> int:
    """Send what fits into the bound; returns how many."""
    jobs = Job.objects.filter(queue=queue)
    in_broker = jobs.filter(status=Status.QUEUED).exclude(sent_at=None).count()
    return send_unsent(jobs, settings.WORKER_THREADS * AHEAD - in_broker)


def forget_earlier_worker(queue: str) -> None:
    """This worker is the only one of its queue and its broker is empty: what was sent or running is queued again."""
    jobs = Job.objects.filter(queue=queue)
    take_back(older_than=timedelta(0), among=jobs)
    jobs.filter(status=Status.QUEUED).update(sent_at=None)


def open_door(queue: str) -> socket.socket:
    """The socket that web processes knock at; without it (a path too long, an odd system) the poll remains."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    door.settimeout(POLL_SECONDS)
    try:
        door_of(queue).unlink(missing_ok=True)
        door.bind(str(door_of(queue)))
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


def run_dispatcher(queue: str) -> None:
    looked_at = 0.0
    with open_door(queue) as door:
        while not stopping.is_set():
            try:
                if time.monotonic() - looked_at > POLL_SECONDS:
                    take_back(older_than=timedelta(seconds=settings.JOB_LEASE_SECONDS))
                    looked_at = time.monotonic()
                dispatch(queue)
            except DatabaseError as error:
                log.warning("The dispatcher tries again: %s", error)
                connection.close()
            wait_for_knock(door)


@worker_ready.connect
def start_dispatchers(sender: Any, **_kwargs: object) -> None:
    if not settings.BROKER_IS_LOCAL:
        return
    for queue in sender.app.amqp.queues.consume_from:
        forget_earlier_worker(queue)
        threading.Thread(target=run_dispatcher, args=[queue], name=f"dispatcher-{queue}", daemon=True).start()


@worker_shutting_down.connect
def stop_work(**_kwargs: object) -> None:
    stopping.set()
