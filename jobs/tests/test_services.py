import pytest
from django.db import transaction

from jobs.models import TRIES, Job, Status
from jobs.services import cancel, retry, submit

pytestmark = pytest.mark.django_db


def test_the_same_key_of_the_same_user_gives_the_same_job(alice):
    first, is_new = submit(owner=alice, task="grading.read_scan", key="once")
    again, is_new_again = submit(owner=alice, task="grading.read_scan", key="once")
    assert (first, is_new, is_new_again) == (again, True, False)


def test_the_same_key_of_another_user_is_another_job(alice, bob):
    assert submit(owner=alice, task="a.b", key="k")[0] != submit(owner=bob, task="a.b", key="k")[0]


def test_jobs_without_a_key_are_never_joined(alice):
    assert submit(owner=alice, task="a.b")[0] != submit(owner=alice, task="a.b")[0]


@pytest.mark.django_db(transaction=True)
def test_nobody_is_notified_before_the_commit_nor_after_a_rollback(alice, monkeypatch):
    notified = []
    monkeypatch.setattr("jobs.services.notify", notified.append)
    with transaction.atomic():
        kept, _ = submit(owner=alice, task="a.b")
        assert notified == []
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        submit(owner=alice, task="a.b")
        raise ZeroDivisionError
    assert notified == [kept]
    assert list(Job.objects.all()) == [kept]


def test_cancel_ends_a_queued_job_once(alice):
    job, _ = submit(owner=alice, task="a.b")
    assert cancel(job=job)
    assert job.status == Status.CANCELLED
    assert job.ended_at
    assert not cancel(job=job)


def test_retry_queues_an_ended_job_with_all_its_tries(alice):
    job = Job.objects.create(
        owner=alice, task="a.b", status=Status.FAILED, tries_left=0, error="Broken.", progress=40
    )
    assert retry(job=job)
    assert (job.status, job.tries_left, job.error, job.progress) == (Status.QUEUED, TRIES, "", 0)


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.DONE])
def test_only_failed_or_cancelled_jobs_can_be_retried(alice, status):
    job = Job.objects.create(owner=alice, task="a.b", status=status)
    assert not retry(job=job)
    assert job.status == status
