"""On one machine: the threads of a worker that move ids from the rows to the broker in its memory, one a queue.

A committed job wakes its queue's thread by a datagram; a slow poll finds what a lost datagram did not tell. A thread
hands out only as many ids as the worker will soon take, since a full memory broker stalls.
"""

import logging
import threading
import time
from datetime import timedelta
from typing import Any

from celery.signals import worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from jobs.batches import FETCHERS
from jobs.chores import do_what_is_due
from jobs.doors import Door, door_of
from jobs.models import Job, Status
from jobs.outbox import send_unsent, take_back
from jobs.worker import stopping

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
AHEAD = 8  # ids in the broker for each thread of the worker


def dispatch(queue: str) -> int:
    """Send what fits into the bound and call for what this process fetches itself; returns how many were sent."""
    jobs = Job.objects.filter(queue=queue)
    for kind in jobs.unsent().filter(task__in=FETCHERS).values_list("task", flat=True).distinct().order_by():
        FETCHERS[kind].call()
    alone = jobs.exclude(task__in=FETCHERS)
    in_broker = alone.filter(status=Status.QUEUED).exclude(sent_at=None).count()
    return send_unsent(alone, settings.WORKER_THREADS * AHEAD - in_broker)


def attend(queue: str, knocks: list[bytes]) -> None:
    """A knock says of which task a job waits; what is fetched is called for without a look at the rows."""
    kinds = {task.decode() for task in knocks}
    for kind in kinds & FETCHERS.keys():
        FETCHERS[kind].call()
    if kinds - FETCHERS.keys():
        dispatch(queue)


def forget_earlier_worker(queue: str) -> None:
    """This worker is the only one of its queue and its broker is empty: what was sent or running is queued again."""
    jobs = Job.objects.filter(queue=queue)
    take_back(older_than=timedelta(0), among=jobs)
    jobs.filter(status=Status.QUEUED).update(sent_at=None)


def run_dispatcher(queue: str) -> None:
    looked_at = 0.0
    with Door(door_of(queue)) as door:
        while not stopping.is_set():
            try:
                if time.monotonic() - looked_at >= POLL_SECONDS:
                    looked_at = time.monotonic()
                    take_back(older_than=timedelta(seconds=settings.JOB_LEASE_SECONDS))
                    dispatch(queue)
                    do_what_is_due()
                attend(queue, door.wait(POLL_SECONDS))
            except DatabaseError as error:
                log.warning("The dispatcher tries again: %s", error)
                connection.close()


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


@worker_shutdown.connect
def finish_fetched(**_kwargs: object) -> None:
    """What runs ends, and nothing else begins."""
    for fetcher in FETCHERS.values():
        fetcher.finish()
