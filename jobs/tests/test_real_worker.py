"""Jobs through a real worker process and its real broker."""

import pytest

from conftest import wait_for_end, wait_until
from jobs.models import TRIES, Job, Status
from jobs.services import cancel, submit

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PROBE = "jobs.tests.probe"


def test_hundred_jobs_are_done_each_once(alice, worker):
    jobs = [submit(owner=alice, task="jobs.probe_quick")[0] for _ in range(100)]
    worker(PROBE)
    for job in jobs:
        wait_for_end(job)
    assert set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)}


def test_a_killed_workers_job_is_done_by_the_next_one(alice, worker, settings):
    job, _ = submit(owner=alice, task="jobs.probe_slow")
    first = worker(PROBE, JOB_LEASE_SECONDS="3")
    wait_until(lambda: Job.objects.get(pk=job.pk).progress > 0)
    first.kill()
    worker(PROBE, JOB_LEASE_SECONDS="3")
    assert wait_for_end(job).status == Status.DONE
    assert job.attempt == 2


def test_a_stopped_worker_gives_its_job_back_and_keeps_the_try(alice, worker):
    job, _ = submit(owner=alice, task="jobs.probe_slow")
    first = worker(PROBE)
    wait_until(lambda: Job.objects.get(pk=job.pk).progress > 0)
    first.stop()
    job.refresh_from_db()
    assert (job.status, job.tries_left) == (Status.QUEUED, TRIES)


def test_endings_of_all_kinds_arrive(alice, worker):
    rejected, _ = submit(owner=alice, task="jobs.probe_rejects")
    crashed, _ = submit(owner=alice, task="jobs.probe_crashes")
    slow, _ = submit(owner=alice, task="jobs.probe_slow")
    worker(PROBE)
    wait_until(lambda: Job.objects.get(pk=slow.pk).progress > 0)
    cancel(job=slow)
    assert (wait_for_end(rejected).status, rejected.attempt) == (Status.FAILED, 1)
    assert (wait_for_end(crashed).status, crashed.attempt) == (Status.FAILED, TRIES)
    assert wait_for_end(slow).status == Status.CANCELLED
