"""Small jobs that wait at the same moment are done together, and each for itself where it matters."""

import threading

import pytest
from django.db import connection

from jobs import dispatcher
from jobs.batches import FETCHERS, Batch, claim_waiting, finishing
from jobs.models import Job, Queue, Status
from jobs.services import cancel
from jobs.worker import Claim, Rejected, stopping

pytestmark = pytest.mark.django_db
KIND = "jobs.probe_batch"


@pytest.fixture
def done() -> list[list[Claim]]:
    """The batches that were done, in order."""
    return []


@pytest.fixture
def batch(monkeypatch, done) -> Batch:
    def work(jobs: list[Claim]) -> None:
        with finishing(jobs) as ours:
            done.append(ours)

    batch = Batch(KIND, work, 4)
    monkeypatch.setattr(batch, "serve", lambda: None)  # its thread: a test runs a batch itself
    monkeypatch.setitem(FETCHERS, KIND, batch)
    return batch


def jobs_of(owner, count: int) -> list[Job]:
    return [Job.objects.create(owner=owner, task=KIND, queue=Queue.QUICK) for _ in range(count)]


def test_what_waits_is_done_together_the_oldest_first(alice, batch, done):
    made = jobs_of(alice, 6)
    batch.run()
    assert [[one.pk for one in ours] for ours in done] == [
        [one.pk for one in made[:4]],
        [one.pk for one in made[4:]],
    ]
    assert set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)}


def test_jobs_of_another_kind_are_left_alone(alice, batch):
    other = Job.objects.create(owner=alice, task="jobs.probe_quick")
    batch.run()
    other.refresh_from_db()
    assert other.status == Status.QUEUED


def test_a_second_call_finds_nothing_to_do(alice, batch, done):
    jobs_of(alice, 2)
    batch.run()
    batch.run()
    assert len([ours for ours in done if ours]) == 1


def test_a_job_that_is_cancelled_meanwhile_is_left_out(alice):
    first, second = jobs_of(alice, 2)
    held = claim_waiting(KIND)
    cancel(job=first)
    with finishing(held) as ours:
        assert [one.pk for one in ours] == [second.pk]
    first.refresh_from_db()
    assert first.status == Status.CANCELLED


def test_one_that_fails_the_others_is_tried_alone(alice, batch):
    bad, *good = jobs_of(alice, 3)

    def work(jobs: list[Claim]) -> None:
        if bad.pk in [one.pk for one in jobs]:
            raise ZeroDivisionError
        with finishing(jobs):
            pass

    batch.work = work
    batch.run()
    assert {Job.objects.get(pk=one.pk).status for one in good} == {Status.DONE}
    assert Job.objects.get(pk=bad.pk).status == Status.QUEUED


def test_one_that_is_rejected_ends_alone(alice, batch):
    bad, good = jobs_of(alice, 2)

    def work(jobs: list[Claim]) -> None:
        for one in jobs:
            if one.pk == bad.pk:
                one.reject("That is no digit.")
        with finishing(jobs):
            pass

    batch.work = work
    batch.run()
    assert Job.objects.get(pk=bad.pk).status == Status.FAILED
    assert Job.objects.get(pk=good.pk).status == Status.DONE


def test_a_batch_that_forgets_to_finish_leaves_no_job_running(alice, batch):
    jobs_of(alice, 2)
    batch.work = lambda jobs: None
    batch.most = 16
    batch.run()
    assert set(Job.objects.values_list("status", flat=True)) == {Status.QUEUED}


def test_a_rejection_that_all_share_ends_each(alice, batch):
    def work(jobs: list[Claim]) -> None:
        raise Rejected("No network.")

    jobs_of(alice, 2)
    batch.work = work
    batch.run()
    assert set(Job.objects.values_list("status", "error")) == {(Status.FAILED, "No network.")}


def test_nothing_new_is_begun_while_the_worker_stops(alice, batch, done):
    jobs_of(alice, 1)
    stopping.set()
    try:
        batch.run()
    finally:
        stopping.clear()
    assert done == []
    assert Job.objects.get().status == Status.QUEUED


def test_a_knock_calls_its_batch_without_a_look_at_the_rows(batch, django_assert_num_queries):
    with django_assert_num_queries(0):
        dispatcher.attend("quick", [KIND.encode()] * 3)
    assert batch.called.is_set()


def test_a_lost_knock_is_made_good_by_the_poll(alice, batch):
    jobs_of(alice, 3)
    assert dispatcher.dispatch("quick") == 0
    assert batch.called.is_set()


def test_other_jobs_of_the_queue_are_sent_one_by_one(alice, batch, monkeypatch):
    sent = []
    monkeypatch.setattr("jobs.outbox.current_app.send_task", lambda task, args, queue: sent.append(task))
    jobs_of(alice, 1)
    Job.objects.create(owner=alice, task="jobs.probe_quick", queue=Queue.QUICK)
    dispatcher.attend("quick", [b"jobs.probe_quick"])
    assert sent == ["jobs.probe_quick"]


@pytest.mark.django_db(transaction=True)
def test_as_many_batches_as_were_asked_for_are_done_at_once(alice, monkeypatch):
    together, ended = threading.Barrier(2), threading.Semaphore(0)

    def work(jobs: list[Claim]) -> None:
        together.wait(20)  # passed only by two at the same time
        with finishing(jobs):
            pass
        ended.release()

    batch = Batch(KIND, work, 3, at_once=2)
    monkeypatch.setattr(batch, "serve", lambda: (batch.run(), connection.close()))
    jobs_of(alice, 6)
    batch.call()
    assert all(ended.acquire(timeout=20) for _ in range(2))
    for thread in batch.threads:
        thread.join()
    assert set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)}


def test_after_the_last_batches_no_other_begins(batch):
    batch.finish()
    assert not batch.turns.acquire(blocking=False)
