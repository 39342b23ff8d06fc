"""Datagrams between the processes of one machine: a knock says "look now" and mostly at what.

The rows are the truth and a knock may be lost: whoever listens looks by itself now and then, too.
"""

import logging
import select
import socket
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self
from uuid import UUID

from django.conf import settings

log = logging.getLogger(__name__)

LONGEST = 65_536  # bytes of a knock
ENDED = "ended"  # suffix of the doors of those who wait for jobs to end


class Door:
    """Where knocks arrive. Where it cannot be opened (a path too long, an odd system) none ever does."""

    def __init__(self, path: Path) -> None:
        self.path, self.is_open = path, False
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setblocking(False)

    def __enter__(self) -> Self:
        try:
            self.path.unlink(missing_ok=True)
            self.socket.bind(str(self.path))
            self.is_open = True
        except OSError as error:
            log.warning("No one can knock at %s: %s", self.path, error)
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()
        if self.is_open:
            self.path.unlink(missing_ok=True)

    def wait(self, seconds: float) -> list[bytes]:
        """What was said with the knocks until now; where there were none, the next one is waited for."""
        select.select([self.socket], [], [], seconds)
        said = []
        with suppress(BlockingIOError):
            while True:
                said.append(self.socket.recv(LONGEST))
        return said


def knock(path: Path, words: bytes) -> bool:
    """False where none listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as visitor:
        visitor.setblocking(False)
        try:
            visitor.sendto(words, str(path))
        except OSError:
            return False
    return True


def door_of(queue: str) -> Path:
    """Where the dispatcher of this queue listens on this machine."""
    return Path(settings.DATA_DIR) / f"{queue}.sock"


def tell_ended(jobs: Iterable[UUID]) -> None:
    """Knock where processes of this machine wait for jobs to end."""
    words = b"".join(job.bytes for job in jobs)
    for path in Path(settings.DATA_DIR).glob(f"*.{ENDED}"):
        knock(path, words)


def ended_of(words: bytes) -> list[UUID]:
    """The jobs that a knock of `tell_ended` is about."""
    return [UUID(bytes=words[at : at + 16]) for at in range(0, len(words), 16)]
