"""What the page of the site's health tells: made anew every few seconds while somebody looks."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, F, Min, Q
from django.utils import timezone

from administration.presentation.storage import disk
from backups.services import last_backup, release
from jobs.health import has_broker, has_database, has_storage, silent_among
from jobs.models import Job, Queue, Status, Worker
from jobs.workers import is_gone

LATEST = 5_000  # jobs that the times of waiting are told of, at most
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class QueueState:
    name: str
    waiting: int
    oldest_at: datetime | None  # when the longest waiting one was asked for
    running: int
    median: float | None  # seconds from asked to begun, of the last hour
    longest: float | None  # of all but one percent


def health_context() -> dict[str, Any]:
    workers = list(Worker.objects.all())
    for worker in workers:
        worker.is_alive = not is_gone(worker)  # type: ignore[attr-defined]
    silent = silent_among(workers)
    return {
        "parts": {"database": has_database(), "broker": has_broker(), "storage": has_storage()},
        "has_workers": not silent,
        "workers": workers,
        "silent": silent,
        "queues": queue_states(),
        "failed": failures(),
        "disk": disk(),
        "backup": last_backup(),
        "versions": versions(),
        "now": timezone.now(),
    }


def queue_states() -> list[QueueState]:
    is_waiting = Q(status=Status.QUEUED)
    rows = Job.objects.filter(ended_at=None).order_by().values("queue")
    counted = rows.annotate(
        waiting=Count("pk", filter=is_waiting),
        oldest=Min("created_at", filter=is_waiting),
        running=Count("pk", filter=Q(status=Status.RUNNING)),
    )
    found = {row["queue"]: row for row in counted}
    waits = waits_of_the_last_hour()
    return [
        QueueState(
            name=str(queue.label),
            waiting=found[queue]["waiting"] if queue in found else 0,
            oldest_at=found[queue]["oldest"] if queue in found else None,
            running=found[queue]["running"] if queue in found else 0,
            median=share_of(waits[queue], 0.5),
            longest=share_of(waits[queue], 0.99),
        )
        for queue in Queue
    ]


def waits_of_the_last_hour() -> dict[Queue, list[float]]:
    """Seconds that jobs waited until they were begun for the first time, the shortest first."""
    waits: dict[Queue, list[float]] = {queue: [] for queue in Queue}
    begun = Job.objects.filter(created_at__gte=timezone.now() - HOUR, attempt=1, started_at__isnull=False)
    times = begun.order_by("-created_at").values_list("queue", F("started_at") - F("created_at"))
    for queue, wait in times[:LATEST]:
        waits[Queue(queue)].append(wait.total_seconds())
    return {queue: sorted(found) for queue, found in waits.items()}


def share_of(ordered: Sequence[float], share: float) -> float | None:
    """So large is none of that share of them; None where there are none."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


def failures() -> list[tuple[str, int]]:
    """What was asked in the last day and failed: titles and how many, most first."""
    failed = Job.objects.filter(created_at__gte=timezone.now() - DAY, status=Status.FAILED).order_by()
    counted = failed.values_list("task").annotate(count=Count("pk")).order_by("-count")
    return [(Job(task=task).title, count) for task, count in counted]


def versions() -> list[tuple[str, str]]:
    """Packages are asked by what is installed: importing PyTorch takes a web process seconds and 300 MB."""
    names = {"Django": "django", "Celery": "celery", "PyTorch": "torch", "ONNX Runtime": "onnxruntime"}
    installed = [(name, installed_version(package)) for name, package in names.items()]
    broker = "Redis" if settings.REDIS_URL else "datagrams"
    return [
        ("Nunbit", release()),
        ("Python", platform.python_version()),
        *installed,
        (connection.display_name, database_version()),
        ("Broker", broker),
    ]


def installed_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def database_version() -> str:
    return ".".join(str(part) for part in connection.get_database_version())
