from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from jobs import worker
from jobs.models import TRIES, Job, Status
from jobs.outbox import sweep, take_back
from jobs.services import cancel
from jobs.worker import LeaseLost, Rejected, claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(alice) -> Job:
    return Job.objects.create(owner=alice, task="jobs.probe_quick")


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_of_two_deliveries_one_gets_the_claim(job):
    assert claim(str(job.pk)).attempt == 1
    assert claim(str(job.pk)) is None
    assert fresh(job).status == Status.RUNNING


def test_a_message_for_a_deleted_job_does_nothing(job):
    key = str(job.pk)
    job.delete()
    assert claim(key) is None


def test_results_and_done_commit_together(job, alice):
    held = claim(str(job.pk))
    with held.finishing():
        alice.first_name = "saved"
        alice.save()
    alice.refresh_from_db()
    assert (alice.first_name, fresh(job).status, fresh(job).progress) == ("saved", Status.DONE, 100)


def test_a_worker_given_up_for_dead_cannot_save(job, alice):
    held = claim(str(job.pk))
    take_back(older_than=timedelta(0))
    second = claim(str(job.pk))
    with pytest.raises(LeaseLost), held.finishing():
        alice.first_name = "too late"
        alice.save()
    alice.refresh_from_db()
    assert alice.first_name == ""
    with second.finishing():
        pass
    assert fresh(job).attempt == 2


def test_a_cancelled_job_stops_at_its_next_report_and_saves_nothing(job):
    held = claim(str(job.pk))
    cancel(job=job)
    with pytest.raises(LeaseLost):
        held.report(50)
    with pytest.raises(LeaseLost), held.finishing():
        pass
    assert fresh(job).status == Status.CANCELLED


def test_a_report_shows_progress_and_renews_the_lease(job):
    held = claim(str(job.pk))
    Job.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    held.report(41.6, "Reading pages", "5 / 12")
    row = fresh(job)
    with translation.override("en"):
        assert (row.progress, row.step_text) == (42, "Reading pages 5 / 12")
    assert timezone.now() - row.seen_at < timedelta(seconds=5)


def test_a_report_never_says_hundred_before_the_end(job):
    held = claim(str(job.pk))
    held.report(100)
    assert fresh(job).progress == 99


def test_sweep_takes_back_what_no_one_renewed(job, settings):
    settings.BROKER_IS_LOCAL = False
    claim(str(job.pk))
    take_back(older_than=timedelta(seconds=settings.JOB_LEASE_SECONDS))
    assert fresh(job).status == Status.RUNNING
    Job.objects.update(seen_at=timezone.now() - timedelta(seconds=settings.JOB_LEASE_SECONDS + 1))
    take_back(older_than=timedelta(seconds=settings.JOB_LEASE_SECONDS))
    assert fresh(job).status == Status.QUEUED


def test_a_job_that_kills_every_worker_ends_failed_with_a_sentence(job):
    for _ in range(TRIES):
        assert claim(str(job.pk))
        take_back(older_than=timedelta(0))
    assert claim(str(job.pk)) is None
    assert fresh(job).status == Status.FAILED
    assert "interrupted too often" in fresh(job).error


def test_a_rejection_ends_at_once_and_is_shown(job):
    def work(held):
        raise Rejected("This page is not an answer sheet of this exam.")

    worker.attempt(work, claim(str(job.pk)))
    assert fresh(job).status == Status.FAILED
    assert fresh(job).error == "This page is not an answer sheet of this exam."


def test_a_crash_is_tried_again_up_to_its_limit_and_shows_no_traceback(job, caplog):
    def work(held):
        raise ZeroDivisionError("secret")

    for attempt in range(1, TRIES + 1):
        worker.attempt(work, claim(str(job.pk)))
        assert fresh(job).attempt == attempt
    row = fresh(job)
    assert row.status == Status.FAILED
    assert "secret" not in row.error
    assert "ZeroDivisionError" in caplog.text


def test_a_task_that_forgets_to_finish_is_an_error_not_a_job_stuck_in_running(job):
    worker.attempt(lambda held: None, claim(str(job.pk)))
    assert fresh(job).status == Status.QUEUED


def test_a_worker_that_shuts_down_gives_the_job_back_without_costing_a_try(job):
    held = claim(str(job.pk))
    worker.stopping.set()
    try:
        worker.attempt(lambda held: held.report(10), held)
    finally:
        worker.stopping.clear()
    assert (fresh(job).status, fresh(job).tries_left) == (Status.QUEUED, TRIES)


def test_the_heartbeat_stops_vouching_for_work_that_has_been_silent_too_long(job, monkeypatch):
    held = claim(str(job.pk))
    assert held.renew()
    monkeypatch.setattr(worker, "LONGEST_SILENCE", -1)
    assert not held.renew()


def test_the_outbox_is_found_by_its_index(job):
    if connection.vendor != "sqlite":
        pytest.skip("EXPLAIN is read for SQLite only.")
    with connection.cursor() as cursor:
        query = "SELECT id FROM jobs_job WHERE status = 'queued' AND sent_at IS NULL ORDER BY created_at"
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        assert "job_outbox" in str(cursor.fetchall())


def test_sweep_sends_the_oldest_first_and_no_more_than_asked(alice, monkeypatch):
    made = [Job.objects.create(owner=alice, task="a.b") for _ in range(3)]
    sent = []
    monkeypatch.setattr("jobs.outbox.current_app.send_task", lambda task, args, queue: sent.append(args[0]))
    assert sweep(limit=2) == 2
    assert sent == [str(job.pk) for job in made[:2]]
