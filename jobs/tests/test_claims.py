"""Claims are exclusive, and only who holds one ends the job."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone, translation

from jobs import kinds
from jobs.claims import Claim, LeaseLost, Rejected, claim, finishing, stopping
from jobs.models import TRIES, Job, Status
from jobs.services import cancel
from jobs.workers import take_back

pytestmark = pytest.mark.django_db
NAME = "jobs.probe_quick"


@pytest.fixture
def job(alice) -> Job:
    return Job.objects.create(owner=alice, task=NAME)


def fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def claimed() -> Claim:
    (held,) = claim(NAME)
    return held


def attempt(work) -> None:
    kinds.Kind(NAME, work).do(claim(NAME))


def test_of_two_who_claim_one_gets_the_job(job):
    assert claimed().attempt == 1
    assert claim(NAME) == []
    assert fresh(job).status == Status.RUNNING


def test_a_claim_takes_no_more_than_asked_the_oldest_first(alice):
    made = [Job.objects.create(owner=alice, task=NAME) for _ in range(3)]
    assert [one.pk for one in claim(NAME, 2, "oldest")] == [job.pk for job in made[:2]]


def test_a_claim_by_owner_takes_one_job_each(alice, bob):
    for owner in (alice, alice, bob):
        Job.objects.create(owner=owner, task=NAME)
    assert {one.owner_id for one in claim(NAME, 3)} == {alice.pk, bob.pk}
    assert [one.owner_id for one in claim(NAME, 3)] == [alice.pk]


def test_jobs_to_skip_and_suspects_are_left_alone(alice):
    skipped = Job.objects.create(owner=alice, task=NAME)
    suspect = Job.objects.create(owner=alice, task=NAME, is_suspect=True)
    assert claim(NAME, skip={skipped.pk}) == []
    assert [one.pk for one in claim(NAME, 5, suspects=True)] == [suspect.pk]


def test_results_and_done_commit_together(job, alice):
    with finishing(claimed()):
        alice.first_name = "saved"
        alice.save()
    alice.refresh_from_db()
    assert (alice.first_name, fresh(job).status, fresh(job).progress) == ("saved", Status.DONE, 100)


def test_what_was_written_before_an_error_is_not_kept(job, alice):
    with pytest.raises(ZeroDivisionError), finishing(claimed()):
        alice.first_name = "half"
        alice.save()
        raise ZeroDivisionError
    alice.refresh_from_db()
    assert (alice.first_name, fresh(job).status) == ("", Status.RUNNING)


def test_a_worker_given_up_for_dead_cannot_save(job, alice):
    held = claimed()
    take_back()
    (second,) = claim(NAME, suspects=True)
    with pytest.raises(LeaseLost), finishing(held):
        alice.first_name = "too late"
        alice.save()
    alice.refresh_from_db()
    assert alice.first_name == ""
    with finishing(second):
        pass
    assert (fresh(job).status, fresh(job).attempt) == (Status.DONE, 2)


def test_a_cancelled_job_stops_at_its_next_report_and_saves_nothing(job):
    held = claimed()
    cancel(job=job)
    with pytest.raises(LeaseLost):
        held.report(50)
    with pytest.raises(LeaseLost), finishing(held):
        pass
    assert fresh(job).status == Status.CANCELLED


def test_a_report_shows_progress(job):
    held = claimed()
    Job.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    held.report(41.6, "Reading pages", "5 / 12")
    row = fresh(job)
    with translation.override("en"):
        assert (row.progress, row.step_text) == (42, "Reading pages 5 / 12")
    assert timezone.now() - row.seen_at < timedelta(seconds=5)


def test_a_report_never_says_hundred_before_the_end(job):
    claimed().report(100)
    assert fresh(job).progress == 99


def test_a_rejection_ends_at_once_and_is_shown(job):
    def work(held):
        raise Rejected("This page is not an answer sheet of this exam.")

    attempt(work)
    assert fresh(job).status == Status.FAILED
    assert fresh(job).error == "This page is not an answer sheet of this exam."


def test_a_crash_is_tried_again_up_to_its_limit_and_shows_no_traceback(job, caplog):
    def work(held):
        raise ZeroDivisionError("secret")

    for number in range(1, TRIES + 1):
        attempt(work)
        assert fresh(job).attempt == number
    row = fresh(job)
    assert row.status == Status.FAILED
    assert "secret" not in row.error
    assert "ZeroDivisionError" in caplog.text


def test_a_task_that_forgets_to_finish_is_an_error_not_a_job_stuck_in_running(job):
    attempt(lambda held: None)
    assert fresh(job).status == Status.QUEUED


def test_a_worker_that_shuts_down_gives_the_job_back_without_costing_a_try(job):
    held = claim(NAME)
    stopping.set()
    try:
        kinds.Kind(NAME, lambda one: one.report(10)).do(held)
    finally:
        stopping.clear()
    assert (fresh(job).status, fresh(job).tries_left) == (Status.QUEUED, TRIES)


def test_the_outbox_is_found_by_its_index(job):
    if connection.vendor != "sqlite":
        pytest.skip("EXPLAIN is read for SQLite only.")
    with connection.cursor() as cursor:
        query = "SELECT id FROM jobs_job WHERE status = 'queued' AND sent_at IS NULL ORDER BY created_at"
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        assert "job_outbox" in str(cursor.fetchall())
