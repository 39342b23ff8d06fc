"""Jobs through a real worker process and its real broker."""

import os
import signal

import pytest
from django.utils import timezone

from conftest import wait_for_end, wait_until
from jobs.models import TRIES, Job, Status, Worker
from jobs.services import cancel, submit
from jobs.supervision import kill_hung
from jobs.workers import GIVEN_UP

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]
PROBE = "jobs.tests.probe_worker"


def asked(owner, name: str) -> Job:
    return submit(owner=owner, task=f"jobs.probe_{name}")[0]


def has_begun(job: Job) -> bool:
    return Job.objects.get(pk=job.pk).progress > 0


def test_hundred_jobs_are_done_each_once(alice, worker):
    jobs = [asked(alice, "quick") for _ in range(100)]
    worker(PROBE)
    for job in jobs:
        wait_for_end(job)
    assert set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)}


def test_a_job_whose_message_was_lost_is_done(alice, worker):
    first = asked(alice, "quick")
    worker(PROBE)
    wait_for_end(first)
    lost = Job.objects.create(owner=alice, task="jobs.probe_quick", sent_at=timezone.now())
    assert wait_for_end(lost).status == Status.DONE


def test_a_killed_workers_job_is_done_by_the_next_one(alice, worker):
    job = asked(alice, "slow")
    first = worker(PROBE, JOB_LEASE_SECONDS="3")
    wait_until(lambda: has_begun(job))
    first.kill()
    worker(PROBE, JOB_LEASE_SECONDS="3")
    assert wait_for_end(job).status == Status.DONE
    assert job.attempt == 2


@pytest.mark.parametrize("name", ["slow", "native"])  # the one reports all the time, the other never
def test_a_stopped_worker_gives_its_job_back_and_keeps_the_try(alice, worker, name):
    job = asked(alice, name)
    first = worker(PROBE)
    wait_until(lambda: has_begun(job))
    first.stop()
    job.refresh_from_db()
    assert (job.status, job.tries_left, job.is_suspect) == (Status.QUEUED, TRIES, False)
    assert not Worker.objects.exists()


def test_endings_of_all_kinds_arrive(alice, worker):
    rejected, crashed, slow = (asked(alice, name) for name in ("rejects", "crashes", "slow"))
    worker(PROBE)
    wait_until(lambda: has_begun(slow))
    cancel(job=slow)
    assert (wait_for_end(rejected).status, rejected.attempt) == (Status.FAILED, 1)
    assert (wait_for_end(crashed).status, crashed.attempt) == (Status.FAILED, TRIES)
    assert wait_for_end(slow).status == Status.CANCELLED


@pytest.mark.full
def test_a_job_that_kills_its_process_costs_its_neighbours_no_try(alice, bob, worker, tmp_path):
    killer, neighbour = asked(alice, "kills"), asked(bob, "slow")
    Job.objects.filter(pk=killer.pk).update(tries_left=2)
    both_run = tmp_path / "both"
    first = worker(PROBE, JOB_LEASE_SECONDS="3", PROBE_FILE=str(both_run))
    wait_until(lambda: has_begun(killer) and has_begun(neighbour))
    both_run.touch()
    first.process.wait(60)
    second = worker(PROBE, JOB_LEASE_SECONDS="3", PROBE_FILE=str(both_run))
    assert wait_for_end(neighbour).status == Status.DONE
    assert neighbour.tries_left == TRIES - 1  # that of the attempt which ended it
    assert (wait_for_end(killer).status, killer.error) == (Status.FAILED, GIVEN_UP)
    assert killer.attempt == 3  # once beside the other, then alone
    assert second.process.poll() is None


def test_cancel_ends_work_that_never_reports_by_replacing_the_process_and_others_go_on(alice, bob, worker):
    job, neighbour = asked(alice, "native"), asked(bob, "slow")
    first = worker(PROBE)
    wait_until(lambda: has_begun(job) and has_begun(neighbour))
    cancel(job=job)
    first.process.wait(60)
    neighbour.refresh_from_db()
    assert (neighbour.status, neighbour.tries_left) == (Status.QUEUED, TRIES)
    worker(PROBE)
    assert wait_for_end(neighbour).status == Status.DONE
    assert not neighbour.is_suspect


@pytest.mark.full
def test_native_code_that_hangs_is_ended_and_done_again(alice, worker):
    job = asked(alice, "native_soon")
    first = worker(PROBE)
    first.process.wait(60)
    worker(PROBE)
    assert wait_for_end(job).status == Status.DONE
    assert (job.attempt, job.tries_left) == (2, TRIES - 2)


@pytest.mark.full
def test_a_process_that_hangs_is_said_and_killed_and_its_work_goes_on(alice, worker, browse, settings):
    job = asked(alice, "slow")
    first = worker(PROBE, JOB_LEASE_SECONDS="6")
    wait_until(lambda: has_begun(job))
    settings.JOB_LEASE_SECONDS = 6
    wait_until(lambda: browse().get("/readyz").json()["workers"])
    os.kill(first.process.pid, signal.SIGSTOP)
    wait_until(lambda: not browse().get("/readyz").json()["workers"])
    assert "jobs.probe_slow" in browse().get("/readyz").json()["silent"]
    wait_until(kill_hung)
    first.process.wait(60)
    worker(PROBE, JOB_LEASE_SECONDS="6")
    assert wait_for_end(job).status == Status.DONE
    wait_until(lambda: browse().get("/readyz").json()["workers"])
