"""Is this process alive; can it reach what it needs?"""

import socket
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from kombu.exceptions import OperationalError

from jobs.models import Queue, Worker
from jobs.wakeups import socket_of
from jobs.workers import is_gone
from web.disk import disk_is_full, disk_is_short, free_bytes


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    parts = {"database": has_database(), "broker": has_broker(), "storage": has_storage()}
    silent = silent_workers() if parts["database"] else []
    parts["workers"] = parts["database"] and not silent
    details = ({"silent": silent} if silent else {}) | (
        {"free_mb": free_bytes() // 2**20} if disk_is_short() else {}
    )
    return JsonResponse(parts | details, status=200 if all(parts.values()) else 503)


def silent_workers() -> list[str]:
    """Queues and kinds of jobs that no worker serves which has beaten lately."""
    workers = list(Worker.objects.all())
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
