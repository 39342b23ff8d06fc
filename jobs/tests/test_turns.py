"""Long jobs of many people take turns, so that a small one never waits for a large one."""

from collections.abc import Callable, Iterator

import pytest

from jobs import claims
from jobs.claims import Claim, finishing, stopping
from jobs.kinds import KINDS, Kind, task
from jobs.models import TRIES, Job, Status
from jobs.services import cancel

pytestmark = pytest.mark.django_db
KIND = "jobs.probe_turns"


class Works:
    """Each job is so many pieces; `done` says whose piece was done when."""

    def __init__(self) -> None:
        self.left: dict[object, int] = {}
        self.done: list[int] = []
        self.after_each: Callable[[Claim], None] = lambda job: None

    def add(self, owner, pieces: int) -> Job:
        job = Job.objects.create(owner=owner, task=KIND)
        self.left[job.pk] = pieces
        return job

    def __call__(self, job: Claim) -> None:
        while self.left[job.pk]:
            self.left[job.pk] -= 1
            self.done.append(job.owner_id)
            job.report(50)
            self.after_each(job)
            if self.left[job.pk]:
                job.make_way()
        with finishing(job):
            pass


@pytest.fixture
def works() -> Works:
    return Works()


@pytest.fixture
def turns(works, monkeypatch) -> Iterator[Kind]:
    monkeypatch.setattr(claims, "served", {})
    yield task(KIND)(works)
    del KINDS[KIND]


def test_a_small_job_waits_for_one_piece_of_a_large_one(alice, bob, works, turns):
    works.add(alice, 5)
    works.after_each = lambda job: works.done == [alice.pk, alice.pk] and works.add(bob, 1)
    turns()
    assert works.done == [alice.pk] * 2 + [bob.pk] + [alice.pk] * 3


def test_owners_are_served_in_turn_however_many_jobs_each_has(alice, bob, charlie, works, turns):
    for owner, pieces in ((alice, 2), (alice, 2), (bob, 3), (charlie, 1)):
        works.add(owner, pieces)
    turns()
    a, b, c = alice.pk, bob.pk, charlie.pk
    assert works.done == [a, b, c, a, b, a, b, a]
    assert set(Job.objects.values_list("status", flat=True)) == {Status.DONE}


def test_jobs_of_one_owner_are_done_one_after_the_other(alice, works, turns):
    first, second = works.add(alice, 3), works.add(alice, 1)
    turns()
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.ended_at < second.ended_at and first.attempt == 1


def test_making_way_costs_no_try(alice, bob, works, turns):
    jobs = [works.add(owner, 2 * TRIES) for owner in (alice, bob)]
    turns()
    for job in jobs:
        job.refresh_from_db()
        assert (job.status, job.tries_left) == (Status.DONE, TRIES - 1)


def test_a_job_that_is_cancelled_stops_after_its_piece(alice, works, turns):
    job = works.add(alice, 5)
    works.after_each = lambda held: cancel(job=Job.objects.get(pk=held.pk))
    turns()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED and works.left[job.pk] == 3


def test_one_that_fails_holds_up_no_other(alice, bob, works, turns):
    bad, good = works.add(alice, 1), works.add(bob, 1)
    del works.left[bad.pk]
    turns()
    assert Job.objects.get(pk=bad.pk).status == Status.QUEUED  # it is not tried again at once
    for _ in range(TRIES - 1):
        turns()
    assert Job.objects.get(pk=bad.pk).status == Status.FAILED
    assert Job.objects.get(pk=good.pk).status == Status.DONE


def test_a_worker_that_stops_gives_the_job_back(alice, works, turns):
    job = works.add(alice, 5)
    works.after_each = lambda held: stopping.set()
    try:
        turns()
    finally:
        stopping.clear()
    job.refresh_from_db()
    assert (job.status, job.tries_left, works.left[job.pk]) == (Status.QUEUED, TRIES, 3)
