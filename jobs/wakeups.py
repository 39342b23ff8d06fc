"""Wake-ups say that a job waits, or that it has ended. They may be lost: whoever listens polls the rows, too.

They travel as datagrams on one machine; between machines over Redis, as a Celery message for each job that waits and a
short-lived list for each that has ended.
"""

import logging
import select
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from itertools import takewhile
from pathlib import Path
from uuid import UUID

from celery import current_app, shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from jobs.models import Job

log = logging.getLogger(__name__)

UNHEARD = (RedisError, ValueError)  # Redis is away, or at an address that only Celery understands
KEPT = 30  # seconds that Redis remembers an ending: waiting for it may begin after it
redis = cache(lambda: Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1))


def notify(job: Job) -> None:
    """Tell workers that `job` waits. A broker that is down is never an error here."""
    if settings.BROKER_IS_LOCAL:
        send_datagram(job.queue, job.task.encode())
    elif not send(job):
        Job.objects.filter(pk=job.pk).update(sent_at=None)  # `send_unsent` comes by


def notify_ended(*jobs: UUID) -> None:
    """Tell who waits for these jobs to end."""
    if settings.BROKER_IS_LOCAL:
        for job in jobs:
            send_datagram(job)
        return
    with suppress(*UNHEARD), redis().pipeline(transaction=False) as commands:
        for job in jobs:
            commands.lpush(f"ended:{job}", 1)
            commands.expire(f"ended:{job}", KEPT)
        commands.execute()


@contextmanager
def ending_of(job: UUID) -> Iterator[Callable[[float], bool]]:
    """A function that waits for so many seconds to be told that `job` has ended. Of several who wait one is told."""
    if not settings.BROKER_IS_LOCAL:
        yield partial(hear_redis, f"ended:{job}")
        return
    try:
        with listener(job) as inbox:
            yield lambda seconds: any(True for _ in listen([inbox], seconds))
    finally:
        socket_of(job).unlink(missing_ok=True)


def send(job: Job) -> bool:
    """One Celery message; False where the broker cannot be reached."""
    try:
        current_app.send_task(job.task, args=[str(job.pk)], queue=job.queue)
    except (OperationalError, OSError) as error:
        log.warning("The broker did not take %s: %s", job, error)
        return False
    return True


@shared_task(name="jobs.sweep")
def send_unsent(most: int = 1000) -> int:
    """Messages for up to so many queued jobs that none was sent for, oldest first; how many the broker took."""
    sent = [job.pk for job in takewhile(send, Job.objects.unsent().order_by("created_at")[:most])]
    Job.objects.unsent().filter(pk__in=sent).update(sent_at=timezone.now())
    return len(sent)


def hear_redis(key: str, seconds: float) -> bool:
    with suppress(*UNHEARD):
        return bool(redis().blpop([key], max(seconds, 0.01)))  # 0 were for ever
    time.sleep(seconds)  # then it is the polls that find out
    return False


def socket_of(name: str | UUID) -> Path:
    """Where a worker hears names of tasks, or who waits for a job hears of its end: such a path must be short."""
    return Path(settings.DATA_DIR) / f"{str(name)[:8]}.sock"


def listener(name: str | UUID) -> socket.socket:
    """A socket for datagrams. Where it can have no name (a path too long, an odd system) none ever comes."""
    inbox = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    inbox.setblocking(False)
    with suppress(OSError):
        socket_of(name).unlink(missing_ok=True)
        inbox.bind(str(socket_of(name)))
    return inbox


def listen(inboxes: Sequence[socket.socket], seconds: float) -> Iterator[bytes]:
    """The datagrams that have come; where there are none, the next is waited for so long."""
    ready, _, _ = select.select(inboxes, [], [], seconds)
    for inbox in ready:
        with suppress(BlockingIOError):
            while True:
                yield inbox.recv(1_000)  # bytes: the name of a task


def send_datagram(name: str | UUID, message: bytes = b"") -> bool:
    """False where none listens."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            return sender.sendto(message, str(socket_of(name))) == len(message)
    except OSError:
        return False
