"""What one person may ask of a site that many share: how refusals are worded and answered, and requests a minute.

Who refuses raises QuotaExceeded from wherever it is: pages and API answer 429 with its sentence, `Retry-After` and the
`RateLimit-…` headers of draft-ietf-httpapi-ratelimit-headers that clients know (its first three, up to version 07).
"""

import fcntl
import mmap
import os
import struct
import threading
import time
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

MINUTE = 60
SLOT = struct.Struct("=II")  # a minute, and the requests in it
SLOTS = 2**16
# In a minute from one address without an account: a school is one address, and a page with a scan is three requests
MOST_VISITS = 600


class QuotaExceeded(Exception):
    """sentence: what is too much, and what to do; limit: how much there is; seconds: when to try again."""

    def __init__(self, sentence: str, *, limit: int, seconds: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = {
            "Retry-After": str(seconds),
            "RateLimit-Limit": str(limit),
            "RateLimit-Remaining": "0",
            "RateLimit-Reset": str(seconds),
        }


class RequestCounts:
    """Requests of this minute by person: a small file that all web processes of a machine map into their memory.

    Five microseconds; a row or a file of Django's cache would take a hundred times that, for every request.
    """

    def __init__(self, path: Path) -> None:
        self.lock = threading.Lock()  # those of files are a process's, not a thread's
        self.file = path.open("a+b")
        os.posix_fallocate(
            self.file.fileno(), 0, SLOTS * SLOT.size
        )  # else a full disk would end the process later
        self.memory = mmap.mmap(self.file.fileno(), SLOTS * SLOT.size)

    def add(self, person: int, minute: int) -> int:
        """One more; how many they are."""
        place = person % SLOTS * SLOT.size
        with self.lock:
            fcntl.lockf(self.file, fcntl.LOCK_EX, SLOT.size, place)
            try:
                counted, count = SLOT.unpack_from(self.memory, place)
                count = count + 1 if counted == minute else 1
                SLOT.pack_into(self.memory, place, minute, count)
            finally:
                fcntl.lockf(self.file, fcntl.LOCK_UN, SLOT.size, place)
        return count


@lru_cache(maxsize=2)
def counts_in(path: Path) -> RequestCounts:
    return RequestCounts(path)


def count_request(person: int) -> None:
    """Raises QuotaExceeded where it is one too many in this minute."""
    count_in("requests.counts", person, settings.QUOTA_REQUESTS)


def count_visit(address: str) -> None:
    """The same for who comes by a link, without an account: by where they come from."""
    count_address("visits.counts", address, MOST_VISITS if settings.QUOTA_REQUESTS else 0)


def count_address(name: str, address: str, limit: int) -> None:
    count_in(name, zlib.crc32(address.encode()), limit)


def count_in(name: str, who: int, limit: int) -> None:
    if not limit:
        return
    now = int(time.time())
    try:
        count = counts_in(settings.DATA_DIR / name).add(who, now // MINUTE)
    except OSError:  # no room even for this file: that must not keep anyone from deleting something
        return
    if count > limit:
        seconds = MINUTE - now % MINUTE
        sentence = _("These are more than %(limit)s requests in a minute. Try again in %(seconds)s seconds.")
        raise QuotaExceeded(sentence % {"limit": limit, "seconds": seconds}, limit=limit, seconds=seconds)


class RequestThrottle(BaseThrottle):
    """Counts what comes to the API, whoever signed in by a token or a page."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user.is_authenticated:
            count_request(request.user.pk)
        return True
