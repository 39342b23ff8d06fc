"""Wake-ups: a message says that a job waits, or that jobs have ended. The rows are the truth and a message may be lost,
so whoever listens polls the rows, too.

Between machines they travel over Redis, one Celery message a job; on one machine as datagrams.
"""

import logging
import select
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import takewhile
from pathlib import Path
from uuid import UUID

from celery import current_app, shared_task
from django.conf import settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs.models import Job

log = logging.getLogger(__name__)

LONGEST = 65_536  # bytes of a datagram
ENDED = "ended"  # suffix of the sockets of those who wait for jobs to end


def notify(job: Job) -> None:
    """Tell workers that `job` waits. A broker that is down is never an error here."""
    if settings.BROKER_IS_LOCAL:
        send_datagram(socket_of(job.queue), job.task.encode())
    elif not send(job):
        Job.objects.filter(pk=job.pk).update(sent_at=None)  # `send_unsent` comes by


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


# --- on one machine


@contextmanager
def listener(path: Path) -> Iterator[socket.socket]:
    """A socket for datagrams. Where it has no name (a path too long, an odd system) none ever comes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.setblocking(False)
        try:
            path.unlink(missing_ok=True)
            inbox.bind(str(path))
        except OSError as error:
            log.warning("No datagram will come to %s: %s", path, error)
        own = inode_of(path)
        try:
            yield inbox
        finally:
            if inbox.getsockname() and inode_of(path) == own:  # not that of a successor
                path.unlink(missing_ok=True)


def inode_of(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0


def listen(inboxes: Sequence[socket.socket], seconds: float) -> Iterator[bytes]:
    """The datagrams that have come; where there are none, the next is waited for so long."""
    ready, _, _ = select.select(inboxes, [], [], seconds)
    for inbox in ready:
        with suppress(BlockingIOError):
            while True:
                yield inbox.recv(LONGEST)


def send_datagram(path: Path, message: bytes) -> bool:
    """False where none listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            return sender.sendto(message, str(path)) == len(message)
        except OSError:
            return False


def socket_of(queue: str) -> Path:
    """Where the worker of this queue listens on this machine, for names of tasks."""
    return Path(settings.DATA_DIR) / f"{queue}.sock"


def notify_ended(jobs: Iterable[UUID]) -> None:
    """Tell the processes of this machine that wait for jobs to end."""
    message = b"".join(job.bytes for job in jobs)
    for path in Path(settings.DATA_DIR).glob(f"*.{ENDED}"):
        send_datagram(path, message)


def ended_jobs(message: bytes) -> list[UUID]:
    """The jobs that a message of `notify_ended` is about."""
    return [UUID(bytes=message[at : at + 16]) for at in range(0, len(message), 16)]
