"""What the page of the site's health says is not well, and what to do."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from administration.presentation import findings
from administration.presentation.findings import long_waits, many_failed, unsure
from jobs.lately import open_jobs, recent_jobs
from jobs.models import Job, Queue, Status, Worker
from registry.certainty import DAY, WEEK, Certainty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
WELL = "All is well"


@pytest.fixture(autouse=True)
def a_site_that_is_well(monkeypatch) -> None:
    cache.clear()
    Worker.objects.create(host="elsewhere", pid=1, queues=Queue.values)
    monkeypatch.setattr("administration.presentation.health.has_broker", lambda: True)
    monkeypatch.setattr(
        "administration.presentation.findings.disk", lambda: {"free": 50, "total": 100, "reserve": 1}
    )


def page(client) -> str:
    return client.get("/settings/health/").text


def ended(owner, count: int, status: Status) -> None:
    now = timezone.now()
    times = {
        "created_at": now - timedelta(seconds=9),
        "started_at": now - timedelta(seconds=5),
        "ended_at": now,
    }
    for _ in range(count):
        Job.objects.create(owner=owner, task="digits.read", status=status, attempt=1, **times)


def test_a_site_on_which_nothing_is_wrong_says_so(browse, root):
    assert WELL in page(browse(root))


def test_a_job_that_waits_long_is_told_with_what_to_do_and_more_urgent_where_someone_waits(alice):
    for queue, seconds in ((Queue.WORK, 150), (Queue.QUICK, 61)):
        at = timezone.now() - timedelta(seconds=seconds)
        Job.objects.create(owner=alice, task="digits.read", queue=queue, created_at=at)
    work, quick = long_waits(open_jobs())
    assert work.text == "Longest wait in the queue “Work”: 2 min 30 s." and "workers" in work.advice
    assert (work.is_urgent, quick.is_urgent) == (False, True)


def test_a_job_that_has_just_been_asked_for_is_no_finding(alice, browse, root):
    Job.objects.create(owner=alice, task="digits.read", queue=Queue.QUICK)
    assert not [*long_waits(open_jobs())] and WELL in page(browse(root))


@pytest.mark.parametrize(("failed", "done", "is_found"), [(3, 20, True), (2, 20, False), (3, 5, False)])
def test_many_failures_are_told_where_there_were_enough_jobs(alice, failed, done, is_found):
    ended(alice, failed, Status.FAILED)
    ended(alice, done, Status.DONE)
    found = [*many_failed(recent_jobs())]
    assert bool(found) == is_found
    if found:
        assert found[0].text == "Failed in the last hour: 3 of 23 jobs."


def test_a_disk_that_fills_up_is_told_on_the_page(browse, root, monkeypatch):
    monkeypatch.setattr(findings, "disk", lambda: {"free": 9, "total": 100, "reserve": 1})
    text = page(browse(root))
    assert "Of the disk, 9 % are free." in text and WELL not in text


@pytest.mark.parametrize(
    ("certain", "answers", "is_found"), [(80, 100, True), (85, 100, False), (8, 10, False)]
)
def test_a_network_that_is_less_certain_than_in_the_week_before_is_told(certain, answers, is_found):
    week = Certainty("digits", "digits", "abcd", WEEK, 1000, 950)
    found = [*unsure([week, Certainty("digits", "digits", "abcd", DAY, answers, certain)])]
    assert bool(found) == is_found
    if found:
        assert "certain of 80 % of its answers, of 95 %" in found[0].text


def test_a_network_that_is_new_today_is_compared_with_nothing():
    assert not [*unsure([Certainty("digits", "digits", "abcd", DAY, 1000, 1)])]


def test_how_long_work_took_is_told_by_kind(alice, browse, root):
    ended(alice, 2, Status.DONE)
    text = page(browse(root))
    assert "How long work took" in text and "5.0 s" in text and "web processes of this machine hold" in text


def test_the_page_and_the_alerts_have_the_same_figures():
    alerts = (settings.BASE_DIR / "deploy/alerts.yml").read_text()
    assert alerts.count(f"> {findings.LONG_WAIT}") == 2
    assert f"> {findings.FAILED_SHARE}\n" in alerts and f">= {findings.FEW_JOBS}\n" in alerts
    assert f"nunbit_disk_total_bytes < {findings.FREE_SHARE}\n" in alerts
    assert f'{{window="day"}} > {findings.LESS_CERTAIN}\n' in alerts
    assert alerts.count(f">= {findings.FEW_ANSWERS}\n") == 2
