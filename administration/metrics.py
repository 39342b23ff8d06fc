"""What Prometheus is told: what the web processes count, and how the site stands, asked of the database at each scrape.

Web and workers are many processes, on many machines; the rows are what all of them know.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from jobs.lately import (
    HOUR,
    MEDIAN,
    NEARLY_ALL,
    begun_since,
    ended_since,
    oldest_waiting,
    open_jobs,
    quantile,
    recent_jobs,
)
from jobs.memory import resident_bytes, web_processes
from jobs.models import Queue, Worker
from jobs.supervision import resident
from jobs.workers import is_gone
from registry.certainty import certainties
from registry.models import Shadow
from web.disk import tightest_disk

QUANTILES = (MEDIAN, NEARLY_ALL)
SHARED = "PROMETHEUS_MULTIPROC_DIR"  # where the web processes of `manage.py up` count together
Figures = Iterable[tuple[tuple[object, ...], float | None]]  # values of labels, and what is told of them


class SiteCollector(Collector):
    """Nine queries at most."""

    def collect(self) -> Iterator[Metric]:
        total, free = tightest_disk()
        yield gauge("nunbit_disk_free_bytes", "Free where the data lie.", (), [((), free)])
        yield gauge("nunbit_disk_total_bytes", "In all, where the data lie.", (), [((), total)])
        try:
            metrics = [*what_is_open(), *recent_work(), *workers(), *networks()]
        except DatabaseError:
            metrics = []
        text = "Whether the database answers; where it does not, all else is missing."
        yield gauge("nunbit_database_up", text, (), [((), bool(metrics))])
        yield from metrics


def exposition() -> bytes:
    """In Prometheus' own format."""
    counted, site = REGISTRY, CollectorRegistry()
    if SHARED in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    site.register(SiteCollector())
    return generate_latest(counted) + generate_latest(site)


def gauge(name: str, text: str, labels: Iterable[str], figures: Figures) -> GaugeMetricFamily:
    """Without what is not known."""
    made = GaugeMetricFamily(name, text, labels=[*labels])
    for values, figure in figures:
        if figure is not None:
            made.add_metric([str(value) for value in values], figure)
    return made


def what_is_open() -> Iterator[Metric]:
    found, now = open_jobs(), timezone.now()
    counts = [((jobs.task, jobs.queue, jobs.status), jobs.count) for jobs in found]
    yield gauge("nunbit_jobs", "That wait or run.", ("kind", "queue", "state"), counts)
    oldest = {queue: oldest_waiting(found, queue) for queue in Queue.values}
    ages = [((queue,), (now - (at or now)).total_seconds()) for queue, at in oldest.items()]
    yield gauge(
        "nunbit_oldest_waiting_seconds", "Since the longest waiting job was asked for.", ("queue",), ages
    )


def recent_work() -> Iterator[Metric]:
    recent = recent_jobs()
    ended, begun = ended_since(recent, HOUR), begun_since(recent, HOUR)
    counted = Counter((job.task, job.status) for job in ended)
    text = "Of the latest 2,000 those that ended in the last hour, by how."
    yield gauge("nunbit_jobs_ended_last_hour", text, ("kind", "state"), counted.items())
    took = {task: [job.worked for job in ended if job.task == task] for task, _status in counted}
    text = "Of work done in the last hour: that share of it took no longer."
    yield gauge("nunbit_job_seconds", text, ("kind", "quantile"), quantiles(took))
    waited = {queue: [job.waited for job in begun if job.queue == queue] for queue in Queue.values}
    text = "Until work began, in the last hour: that share of it waited no longer."
    yield gauge("nunbit_job_wait_seconds", text, ("queue", "quantile"), quantiles(waited))


def quantiles(seconds: dict[str, list[float | None]]) -> Figures:
    return [((name, share), quantile(found, share)) for name, found in seconds.items() for share in QUANTILES]


def workers() -> Iterator[Metric]:
    known = list(Worker.objects.all())
    alive = Counter(queue for worker in known if not is_gone(worker) for queue in worker.queues)
    yield gauge("nunbit_workers", "That beat.", ("queue",), [((name,), alive[name]) for name in Queue.values])
    beats = [((worker.host, worker.pid), worker.seen_at.timestamp()) for worker in known]
    text = "When a worker last said that it lives."
    yield gauge("nunbit_worker_beat_timestamp_seconds", text, ("host", "pid"), beats)
    held = [(("worker", worker.pid), resident(worker)) for worker in known]
    held += [(("web", pid), resident_bytes(pid)) for pid in web_processes()]
    text = "Held by the processes of the machine that answers."
    yield gauge("nunbit_memory_bytes", text, ("process", "pid"), [one for one in held if one[1]])


def networks() -> Iterator[Metric]:
    labels, found = ("kind", "network", "version", "window"), certainties()
    named = {(one.kind, one.network, one.version, one.window): one for one in found}
    answers = [(name, one.answers) for name, one in named.items()]
    text = "Of a version, in the last day and in the week before."
    yield gauge("nunbit_answers", text, labels, answers)
    shares = [(name, one.share) for name, one in named.items()]
    yield gauge("nunbit_certain_share", "Of these answers, those it was sure of.", labels, shares)
    yield from shadows()


def shadows() -> Iterator[Metric]:
    labels = ("kind", "version", "beside", "is_canary")
    compared = CounterMetricFamily(
        "nunbit_shadow_compared", "Things that two versions answered.", labels=labels
    )
    agreed = CounterMetricFamily("nunbit_shadow_agreed", "Things on which they agreed.", labels=labels)
    running = Shadow.objects.filter(ended_at=None).select_related("version", "live")
    for shadow in running.defer("version__card", "live__card"):
        named = [shadow.kind, str(shadow.version), str(shadow.live), str(shadow.is_canary).lower()]
        compared.add_metric(named, shadow.compared)
        agreed.add_metric(named, shadow.agreed)
    yield from (compared, agreed)
