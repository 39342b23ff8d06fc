"""What the page of the site's health tells: made anew every few seconds while somebody looks."""

import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.utils import timezone

from administration.presentation.findings import findings
from administration.presentation.storage import disk
from backups.services import last_backup, release
from jobs.health import has_broker, has_database, has_storage, silent_among
from jobs.lately import (
    DAY,
    HOUR,
    MEDIAN,
    NEARLY_ALL,
    OpenJobs,
    RecentJob,
    begun_since,
    ended_since,
    oldest_waiting,
    open_jobs,
    quantile,
    recent_jobs,
)
from jobs.memory import resident_bytes, web_processes
from jobs.models import Job, Queue, Status, Worker
from jobs.supervision import resident
from jobs.workers import is_gone
from registry.certainty import certainties


@dataclass(frozen=True)
class QueueState:
    name: str
    waiting: int
    oldest_at: datetime | None  # when the longest waiting one was asked for
    running: int
    median: float | None  # seconds from asked to begun, of the last hour
    longest: float | None  # of all but one percent


@dataclass(frozen=True)
class Times:
    """Of so many jobs half took up to `median` seconds, 99 of 100 up to `longest`."""

    count: int
    median: float | None
    longest: float | None


@dataclass(frozen=True)
class KindState:
    """How long work of one kind took."""

    title: str
    windows: tuple[Times, Times]  # of the last hour, of the last day


def health_context() -> dict[str, Any]:
    workers, found, recent = list(Worker.objects.all()), open_jobs(), recent_jobs()
    for worker in workers:
        worker.is_alive = not is_gone(worker)  # type: ignore[attr-defined]
        worker.memory = resident(worker)  # type: ignore[attr-defined]
    silent = silent_among(workers)
    return {
        "parts": {"database": has_database(), "broker": has_broker(), "storage": has_storage()},
        "findings": findings(found, recent, certainties()),
        "has_workers": not silent,
        "workers": workers,
        "silent": silent,
        "queues": queue_states(found, recent),
        "kinds": kind_states(recent),
        "failed": failures(),
        "disk": disk(),
        "web_memory": sum(resident_bytes(pid) for pid in web_processes()),
        "backup": last_backup(),
        "versions": versions(),
        "now": timezone.now(),
    }


def queue_states(found: Sequence[OpenJobs], recent: Sequence[RecentJob]) -> list[QueueState]:
    begun = begun_since(recent, HOUR)
    return [queue_state(queue, found, [job for job in begun if job.queue == queue]) for queue in Queue]


def queue_state(queue: Queue, found: Sequence[OpenJobs], begun: Sequence[RecentJob]) -> QueueState:
    counted = Counter[str]()
    for jobs in found:
        if jobs.queue == queue:
            counted[jobs.status] += jobs.count
    waits = [job.waited for job in begun]
    return QueueState(
        name=str(queue.label),
        waiting=counted[Status.QUEUED],
        oldest_at=oldest_waiting(found, queue),
        running=counted[Status.RUNNING],
        median=quantile(waits, MEDIAN),
        longest=quantile(waits, NEARLY_ALL),
    )


def kind_states(recent: Sequence[RecentJob]) -> list[KindState]:
    """What was done in the last day, what was done most often first."""
    hour, day = ended_since(recent, HOUR), ended_since(recent, DAY)
    by_count = Counter(job.task for job in day if job.worked is not None).most_common()
    return [
        KindState(Job(task=task).title, (times_of(task, hour), times_of(task, day)))
        for task, _count in by_count
    ]


def times_of(task: str, ended: Sequence[RecentJob]) -> Times:
    took = [job.worked for job in ended if job.task == task and job.worked is not None]
    return Times(len(took), quantile(took, MEDIAN), quantile(took, NEARLY_ALL))


def failures() -> list[tuple[str, int]]:
    """What was asked in the last day and failed: titles and how many, most first."""
    failed = Job.with_trashed.filter(created_at__gte=timezone.now() - DAY, status=Status.FAILED).order_by()
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
