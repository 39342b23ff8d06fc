"""A disk that fills up. Below a reserve nothing large is taken in; reading, correcting and deleting go on.

The reserve is what the database and running jobs may still use. Where even that is gone, a request that cannot be
written down is answered with 507, not 500, and workers begin nothing: both go on by themselves once there is room.
"""

import errno
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from web.errors import error_page, error_response, is_api

INSUFFICIENT_STORAGE = 507  # RFC 4918
LAST_SHARE = 0.1  # of the reserve: below it no job begins
FULL = (errno.ENOSPC, errno.EDQUOT)
DATABASE_FULL = (
    "database or disk is full",
    "disk I/O error",
    "No space left on device",
)  # SQLite, PostgreSQL
SENTENCE = gettext_noop(
    "The site has no room for more files. Delete what you no longer need, or tell an administrator: nothing was stored."
)


def free_bytes() -> int:
    """What this process may still write into the folder that has least room."""
    return tightest_disk()[1]


def tightest_disk() -> tuple[int, int]:
    """Bytes in all and bytes free where the folder lies that has least room."""
    folders = {Path(settings.DATA_DIR), Path(settings.MEDIA_ROOT), Path(settings.FILE_UPLOAD_TEMP_DIR)}
    disks = [shutil.disk_usage(folder) for folder in folders if folder.exists()]
    return min(((disk.total, disk.free) for disk in disks), key=lambda disk: disk[1])


def reserve_bytes() -> int:
    return int(settings.DISK_RESERVE_MB) * 2**20


def disk_is_short(coming: int = 0) -> bool:
    """Whether less than the reserve is left once that many bytes have come."""
    return free_bytes() - coming < reserve_bytes()


def disk_is_full() -> bool:
    """Whether the reserve is used up, too: what is begun now would end half-written."""
    return free_bytes() < LAST_SHARE * reserve_bytes()


def is_disk_full(problem: BaseException | None) -> bool:
    """Whether that is what went wrong, or what led to it."""
    return any(
        (isinstance(cause, OSError) and cause.errno in FULL)
        or any(words in str(cause) for words in DATABASE_FULL)
        for cause in causes(problem)
    )


def causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


class DiskMiddleware:
    """Answers 507: to a form with files before its body is read, to any other request once writing has failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        got_request_exception.connect(note_full_disk, dispatch_uid="web.disk")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        return refusal(request) if getattr(request, "found_disk_full", False) else response

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        """Stands before the check for CSRF, which reads the form."""
        if request.content_type != "multipart/form-data" or not disk_is_short(length_of(request)):
            return None
        return refusal(request)


def note_full_disk(request: HttpRequest | None = None, **_signal: Any) -> None:
    """Pages and API alike send this signal from within the `except` of what would be a 500."""
    if request is not None and is_disk_full(sys.exc_info()[1]):
        request.found_disk_full = True  # type: ignore[attr-defined]


def length_of(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or ""
    return int(length) if length.isdecimal() and len(length) < 20 else 0


def refusal(request: HttpRequest) -> HttpResponse:
    """Renders without the database, which may be what is full."""
    if is_api(request):
        return error_response(INSUFFICIENT_STORAGE, "insufficient_storage", _(SENTENCE))
    return error_page(request, INSUFFICIENT_STORAGE, _(SENTENCE))
