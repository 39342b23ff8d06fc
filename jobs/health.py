"""Is this process alive; can it reach what it needs? What is told in detail is for those who run the site."""

import socket
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from kombu.exceptions import OperationalError

from jobs.models import Queue, Worker
from jobs.wakeups import socket_of
from jobs.workers import is_gone
from web.disk import disk_is_full, disk_is_short, free_bytes

PROXY_HEADERS = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    parts = {"database": has_database(), "broker": has_broker(), "storage": has_storage()}
    silent = silent_workers() if parts["database"] else []
    parts["workers"] = parts["database"] and not silent
    is_ready = all(parts.values())
    details: dict[str, object] = parts | ({"silent": silent} if silent else {})
    if disk_is_short():
        details |= {"free_mb": free_bytes() // 2**20}
    said = details if runs_the_site(request) else {"status": "ready" if is_ready else "not ready"}
    return JsonResponse(said, status=200 if is_ready else 503)


def runs_the_site(request: HttpRequest) -> bool:
    """Who brings METRICS_TOKEN; where there is none, who asks from this machine and through no proxy; and admins."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        is_known = constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}")
    else:
        is_known = is_local(request)
    return is_known or is_admin(request)


def is_local(request: HttpRequest) -> bool:
    """Whoever comes through a proxy on this machine has its address, and what proxies add."""
    try:
        is_loopback = ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:  # a Unix socket has no address: who listens there is behind a proxy
        return False
    return is_loopback and not any(name in request.headers for name in PROXY_HEADERS)


def is_admin(request: HttpRequest) -> bool:
    """Of the session; where the database is away there is none."""
    try:
        return bool(request.user.is_authenticated and request.user.is_staff)
    except DatabaseError:
        return False


def silent_workers() -> list[str]:
    """Queues and kinds of jobs that no worker serves which has beaten lately."""
    return silent_among(list(Worker.objects.all()))


def silent_among(workers: Sequence[Worker]) -> list[str]:
    alive = [worker for worker in workers if not is_gone(worker)]
    known = {*Queue.values, *(name for worker in workers for name in worker.kinds)}
    served = {name for worker in alive for name in (*worker.queues, *worker.kinds)}
    return sorted(known - served)


def has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def has_broker() -> bool:
    """On one machine workers hear by their sockets."""
    return all(opens(socket_of(queue)) for queue in Queue.values) if settings.BROKER_IS_LOCAL else has_redis()


def opens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def has_redis() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except (OperationalError, OSError):
        return False
    return True


def has_storage() -> bool:
    """Whether it can be read, and there is still room for whatever runs."""
    try:
        Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
        default_storage.listdir("")
    except OSError:
        return False
    return not disk_is_full()
