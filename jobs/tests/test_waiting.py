"""Requests that hold on for an answer: one look at the database for all of them."""

import threading

import pytest
from django.db import connection

from jobs.models import Job, Status
from jobs.services import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


def wait_in_a_thread(job: Job, seconds: float, ended: dict) -> threading.Thread:
    def wait() -> None:
        try:
            ended[job.pk] = wait_for(job=job, seconds=seconds)
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def test_everyone_is_told_of_the_end_of_ones_own_job(alice):
    jobs = [Job.objects.create(owner=alice, task="a.b") for _ in range(6)]
    ended: dict = {}
    threads = [wait_in_a_thread(Job.objects.get(pk=job.pk), 30, ended) for job in jobs for _ in range(2)]
    for job, status in zip(jobs, [Status.DONE, Status.FAILED, Status.CANCELLED] * 2, strict=True):
        Job.objects.filter(pk=job.pk).update(status=status)
    for thread in threads:
        thread.join(30)
    assert ended == {job.pk: True for job in jobs}


def test_the_row_is_fresh_when_the_wait_is_over(alice):
    job = Job.objects.create(owner=alice, task="a.b")
    Job.objects.filter(pk=job.pk).update(status=Status.FAILED, error="Broken.")
    assert wait_for(job=job, seconds=0)
    assert (job.status, job.error) == (Status.FAILED, "Broken.")


def test_whose_job_does_not_end_is_not_told_of_the_end_of_others(alice):
    mine, other = (Job.objects.create(owner=alice, task="a.b") for _ in range(2))
    Job.objects.filter(pk=other.pk).update(status=Status.DONE)
    assert not wait_for(job=mine, seconds=0.2)
    assert mine.status == Status.QUEUED
