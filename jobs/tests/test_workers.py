"""Who is alive, and what becomes of the jobs of those who are not."""

import os
import signal
import socket
import subprocess
import sys
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import wait_until
from jobs.models import TRIES, Job, Queue, Status, Worker
from jobs.supervision import kill_hung, note_death, stop_large
from jobs.workers import is_gone, process_start, take_back

pytestmark = pytest.mark.django_db


def a_worker(silent: float = 0, **fields) -> Worker:
    """This process, unless said otherwise; silent: seconds since its last beat."""
    known = {"host": socket.gethostname(), "pid": os.getpid(), "started": process_start(os.getpid())}
    seen_at = timezone.now() - timedelta(seconds=silent)
    return Worker.objects.create(id=uuid.uuid4(), seen_at=seen_at, **known | fields)


def running(owner, worker: Worker, **fields) -> Job:
    more = {"tries_left": TRIES - 1, "attempt": 1} | fields
    return Job.objects.create(owner=owner, task="a.b", status=Status.RUNNING, process=worker.pk, **more)


def state(job: Job) -> tuple[str, bool, int]:
    job.refresh_from_db()
    return job.status, job.is_suspect, job.tries_left


def test_a_worker_that_beats_keeps_its_jobs(alice):
    job = running(alice, a_worker())
    take_back()
    assert state(job) == (Status.RUNNING, False, TRIES - 1)


def test_jobs_of_one_that_has_not_beaten_for_the_lease_are_queued_again(alice, settings):
    job = running(alice, a_worker(silent=settings.JOB_LEASE_SECONDS + 1))
    take_back()
    assert state(job)[:2] == (Status.QUEUED, True)


def test_a_process_that_is_no_longer_here_is_gone_before_its_lease_is(alice, settings):
    assert is_gone(a_worker(silent=7, started="1"))
    assert not is_gone(a_worker(silent=7))
    assert not is_gone(a_worker(silent=7, started="1", host="elsewhere"))


def test_whoever_started_a_process_that_died_says_so_at_once(alice, bob):
    here, elsewhere = running(alice, a_worker()), running(bob, a_worker(host="elsewhere"))
    note_death(os.getpid())
    assert (state(here)[0], state(elsewhere)[0]) == (Status.QUEUED, Status.RUNNING)


def test_jobs_that_ran_together_keep_their_tries(alice, bob, settings):
    dead = a_worker(silent=settings.JOB_LEASE_SECONDS + 1)
    jobs = [running(owner, dead) for owner in (alice, bob)]
    take_back()
    assert [state(job) for job in jobs] == [(Status.QUEUED, True, TRIES)] * 2


def test_a_job_that_was_alone_loses_a_try_and_in_the_end_fails_with_a_sentence(alice, settings):
    first, last = (
        running(alice, a_worker(silent=settings.JOB_LEASE_SECONDS + 1), tries_left=left)
        for left in (TRIES - 1, 0)
    )
    take_back()
    assert state(first) == (Status.QUEUED, True, TRIES - 1)
    assert state(last)[0] == Status.FAILED
    assert "interrupted too often" in last.error


def test_what_ran_before_workers_had_rows_is_queued_again(alice):
    jobs = [Job.objects.create(owner=alice, task="a.b", status=Status.RUNNING) for _ in range(2)]
    take_back()
    assert {state(job)[0] for job in jobs} == {Status.QUEUED}


def test_a_dead_worker_is_remembered_until_another_serves_its_kinds(browse, settings):
    silent = settings.JOB_LEASE_SECONDS + 1
    a_worker(silent=silent, kinds=["digits.read"], queues=[Queue.QUICK])
    other = a_worker(kinds=["grading.read_scan"], queues=[Queue.WORK])
    take_back(other)
    answer = browse().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["workers"] is False
    assert answer.json()["silent"] == ["digits.read", "quick"]
    take_back(a_worker(kinds=["digits.read"], queues=[Queue.QUICK]))
    assert Worker.objects.count() == 2
    assert browse().get("/readyz").json()["workers"] is True


def test_a_site_without_workers_says_which_queues_nobody_serves(browse):
    assert browse().get("/readyz").json()["silent"] == sorted(Queue.values)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells when a process began")
def test_only_the_process_that_hangs_is_killed_not_a_later_one_with_its_pid(settings):
    silent = settings.JOB_LEASE_SECONDS
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        later = a_worker(silent=silent, pid=process.pid, started="1")
        assert kill_hung() == []
        assert process.poll() is None
        later.delete()
        os.kill(process.pid, signal.SIGSTOP)
        hung = a_worker(silent=silent, pid=process.pid, started=process_start(process.pid))
        assert kill_hung() == [hung]
        wait_until(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGKILL


def test_where_the_disk_is_full_nobody_is_taken_to_hang(settings):
    settings.DISK_RESERVE_MB = 10**9
    a_worker(silent=settings.JOB_LEASE_SECONDS)
    assert kill_hung() == []


def test_a_worker_that_has_grown_too_large_stops_when_it_has_nothing_to_do(alice, settings):
    settings.WORKER_MEMORY_MB = 1
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        wait_until(lambda: process_start(process.pid))
        large = a_worker(pid=process.pid, started=process_start(process.pid))
        a_worker(pid=process.pid, started="1")  # of a process before it that had the same number
        job = running(alice, large)
        assert stop_large() == [] and process.poll() is None
        job.delete()
        assert stop_large() == [large]
        wait_until(lambda: process.poll() is not None)
    assert process.returncode == -signal.SIGTERM


def test_a_worker_of_a_sensible_size_goes_on():
    a_worker()
    assert stop_large() == []


def test_a_worker_that_beats_is_not_killed():
    a_worker(silent=5)
    assert kill_hung() == []
