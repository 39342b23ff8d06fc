"""What Prometheus is told of jobs, workers and networks."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from administration.metrics import exposition
from digits.models import Reading
from digits.services import READ
from grading.services import create_exam
from jobs.models import Job, Queue, Status, Worker
from registry.models import ModelVersion, Shadow

pytestmark = pytest.mark.django_db
READ_SCAN = "grading.read_scan"


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


class Told(dict[tuple[str, frozenset[str]], float]):
    """Name and values of labels, in whatever order → what is told, as Prometheus reads it."""

    def __getitem__(self, key: tuple[str, tuple[str, ...]]) -> float:
        return super().__getitem__((key[0], frozenset(key[1])))

    def __contains__(self, key: object) -> bool:
        return super().__contains__((key[0], frozenset(key[1])))


def told() -> Told:
    families = text_string_to_metric_families(exposition().decode())
    samples = [sample for family in families for sample in family.samples]
    return Told({(sample.name, frozenset(sample.labels.values())): sample.value for sample in samples})


def asked(owner, seconds_ago: float, **fields: object) -> Job:
    at = timezone.now() - timedelta(seconds=seconds_ago)
    return Job.objects.create(owner=owner, created_at=at, **{"task": READ_SCAN, **fields})


def done(owner, waited: float, worked: float, **fields: object) -> Job:
    """Ended a minute ago."""
    ended = timezone.now() - timedelta(minutes=1)
    started = ended - timedelta(seconds=worked)
    times = {"started_at": started, "ended_at": ended, "created_at": started - timedelta(seconds=waited)}
    return Job.objects.create(
        owner=owner, **{"task": READ_SCAN, "status": Status.DONE, "attempt": 1, **times, **fields}
    )


def test_open_jobs_are_counted_and_the_oldest_that_waits_has_an_age(alice):
    asked(alice, 90)
    asked(alice, 30)
    asked(alice, 500, status=Status.RUNNING, attempt=1)
    asked(alice, 5, task=READ, queue=Queue.QUICK)
    metrics = told()
    assert metrics["nunbit_jobs", (READ_SCAN, "work", "queued")] == 2
    assert metrics["nunbit_jobs", (READ_SCAN, "work", "running")] == 1
    assert metrics["nunbit_oldest_waiting_seconds", ("work",)] == pytest.approx(90, abs=10)
    assert metrics["nunbit_oldest_waiting_seconds", ("quick",)] == pytest.approx(5, abs=10)


def test_where_nothing_waits_no_age_grows():
    metrics = told()
    assert {metrics["nunbit_oldest_waiting_seconds", (queue,)] for queue in Queue.values} == {0}


def test_durations_are_of_work_done_in_the_last_hour(alice):
    for worked in range(1, 101):
        done(alice, waited=worked / 10, worked=worked)
    old = done(alice, 1, 1000)
    Job.objects.filter(pk=old.pk).update(ended_at=timezone.now() - timedelta(hours=2))
    done(alice, 1, 1000, status=Status.FAILED)
    metrics = told()
    assert metrics["nunbit_job_seconds", (READ_SCAN, "0.5")] == pytest.approx(51)
    assert metrics["nunbit_job_seconds", (READ_SCAN, "0.99")] == pytest.approx(100)
    assert metrics["nunbit_job_wait_seconds", ("work", "0.99")] == pytest.approx(10, abs=0.2)
    assert metrics["nunbit_jobs_ended_last_hour", (READ_SCAN, "done")] == 100
    assert metrics["nunbit_jobs_ended_last_hour", (READ_SCAN, "failed")] == 1


def test_workers_that_beat_are_counted_and_gone_ones_only_have_their_last_beat():
    now = timezone.now()
    Worker.objects.create(host="elsewhere", pid=1, queues=["work"], seen_at=now)
    Worker.objects.create(host="elsewhere", pid=2, queues=["quick"], seen_at=now - timedelta(hours=1))
    metrics = told()
    assert (metrics["nunbit_workers", ("work",)], metrics["nunbit_workers", ("quick",)]) == (1, 0)
    beat = metrics["nunbit_worker_beat_timestamp_seconds", ("elsewhere", "2")]
    assert beat == pytest.approx((now - timedelta(hours=1)).timestamp())


def test_disk_and_memory_of_this_process_are_told():
    metrics = told()
    assert 0 < metrics["nunbit_disk_free_bytes", ()] < metrics["nunbit_disk_total_bytes", ()]
    held = [figure for (name, labels), figure in metrics.items() if name == "nunbit_memory_bytes"]
    assert held and min(held) > 2**20


@pytest.fixture
def version() -> ModelVersion:
    return ModelVersion.objects.get(kind="digits", state=ModelVersion.State.ACTIVE)


def read(owner, version: ModelVersion, days_ago: float, **fields: object) -> None:
    job = done(owner, 1, 1, task=READ)
    at = timezone.now() - timedelta(days=days_ago)
    Reading.objects.create(owner=owner, job=job, source="pixels", model=version, created_at=at, **fields)


def test_a_network_that_grows_unsure_shows_beside_its_own_week_before(alice, version):
    for days_ago, is_certain in [(0.5, False), (0.5, True), (3, True), (3, True), (20, False)]:
        read(alice, version, days_ago, is_certain=is_certain)
    metrics, named = told(), ("digits", version.name, version.sha256[:8])
    assert metrics["nunbit_certain_share", (*named, "day")] == 0.5
    assert metrics["nunbit_certain_share", (*named, "week")] == 1
    assert metrics["nunbit_answers", (*named, "day")] == metrics["nunbit_answers", (*named, "week")] == 2


def test_a_version_in_the_shadow_tells_on_how_much_it_agrees(version):
    other = ModelVersion.objects.create(kind="digits", name="other", sha256="0" * 64)
    Shadow.objects.create(kind="digits", version=other, live=version, percent=10, compared=9, agreed=7)
    metrics, named = told(), ("digits", str(other), str(version), "false")
    assert metrics["nunbit_shadow_compared_total", named] == 9
    assert metrics["nunbit_shadow_agreed_total", named] == 7


def test_one_scrape_asks_the_same_few_times_however_much_there_is(alice, version):
    counts = []
    for _ in range(2):
        for _ in range(10):
            asked(alice, 10)
            read(alice, version, 0.1)
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            exposition()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads small tables whole")
def test_no_scrape_reads_all_jobs():
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        exposition()
    of_jobs = [query["sql"] for query in queries if 'FROM "jobs_job"' in query["sql"]]
    with connection.cursor() as cursor:
        plans = [str(cursor.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()) for sql in of_jobs]
    assert len(plans) == 2 and all("job_open" in plan or "job_asked" in plan for plan in plans)


def test_where_the_database_is_away_the_disk_is_still_told(monkeypatch):
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr("administration.metrics.open_jobs", away)
    metrics = told()
    assert metrics["nunbit_database_up", ()] == 0 and ("nunbit_disk_free_bytes", ()) in metrics


def test_no_person_and_no_title_is_among_the_labels(alice):
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    create_exam(owner=alice, title="기말고사", language="ko", id_digits=4, items=items)
    asked(alice, 10, subject="기말고사")
    text = exposition().decode()
    assert not [name for name in ("기말고사", "alice") if name in text]
