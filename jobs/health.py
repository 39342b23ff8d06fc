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

from jobs.doors import door_of
from jobs.models import Queue


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    parts = {"database": has_database(), "broker": has_broker(), "storage": has_storage()}
    return JsonResponse(parts, status=200 if all(parts.values()) else 503)


def has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def has_broker() -> bool:
    return has_dispatcher() if settings.BROKER_IS_LOCAL else has_redis()


def has_dispatcher() -> bool:
    """The local broker lives in the workers: do their doors open?"""
    return all(opens(door_of(queue)) for queue in Queue.values)


def opens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        try:
            door.connect(str(path))
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
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    try:
        default_storage.listdir("")
    except OSError:
        return False
    return True
