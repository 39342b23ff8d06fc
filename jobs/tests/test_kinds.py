"""Small jobs that wait at the same moment are done together, and each for itself where it matters."""

import errno
import threading
from collections.abc import Callable, Iterator

import pytest

from conftest import wait_until
from jobs import kinds
from jobs.claims import Claim, Rejected, claim, finishing, stopping
from jobs.kinds import KINDS, Kind, task
from jobs.models import TRIES, Job, Queue, Status
from jobs.process import wake
from jobs.services import cancel

pytestmark = pytest.mark.django_db
NAME = "jobs.probe_batch"


@pytest.fixture
def done() -> list[list[Claim]]:
    """The batches that were done, in order."""
    return []


@pytest.fixture
def add_kind(monkeypatch) -> Iterator[Callable[..., Kind]]:
    """Registers a kind for the time of a test; its threads end with it."""
    made: list[Kind] = []

    def add(work: Callable, **options) -> Kind:
        monkeypatch.delitem(KINDS, NAME, raising=False)
        made.append(task(NAME, queue=Queue.QUICK, **options)(work))
        return made[-1]

    yield add
    stopping.set()
    for thread in [one for one in threading.enumerate() if one.name == NAME]:
        for kind in made:
            kind.wake()
        thread.join()
    stopping.clear()
    KINDS.pop(NAME, None)


@pytest.fixture
def batch(add_kind, done) -> Kind:
    def work(jobs: list[Claim]) -> None:
        with finishing(*jobs) as ours:
            done.append(ours)

    return add_kind(work, most=4, order="oldest")


def jobs_of(owner, count: int) -> list[Job]:
    return [Job.objects.create(owner=owner, task=NAME, queue=Queue.QUICK) for _ in range(count)]


def test_what_waits_is_done_together_the_oldest_first(alice, batch, done):
    made = jobs_of(alice, 6)
    batch()
    assert [[one.pk for one in ours] for ours in done] == [
        [one.pk for one in made[:4]],
        [one.pk for one in made[4:]],
    ]
    assert set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)}


def test_jobs_of_another_kind_are_left_alone(alice, batch):
    other = Job.objects.create(owner=alice, task="jobs.probe_quick")
    batch()
    other.refresh_from_db()
    assert other.status == Status.QUEUED


def test_a_second_call_finds_nothing_to_do(alice, batch, done):
    jobs_of(alice, 2)
    batch()
    batch()
    assert len(done) == 1


def test_a_job_that_is_cancelled_meanwhile_is_left_out(alice):
    first, second = jobs_of(alice, 2)
    held = claim(NAME, 16, "oldest")
    cancel(job=first)
    with finishing(*held) as ours:
        assert [one.pk for one in ours] == [second.pk]
    first.refresh_from_db()
    assert first.status == Status.CANCELLED


def test_one_that_fails_the_others_is_tried_alone(alice, batch):
    bad, *good = jobs_of(alice, 3)

    def work(jobs: list[Claim]) -> None:
        if bad.pk in [one.pk for one in jobs]:
            raise ZeroDivisionError
        with finishing(*jobs):
            pass

    batch.work = work
    batch()
    assert {Job.objects.get(pk=one.pk).status for one in good} == {Status.DONE}
    assert Job.objects.get(pk=bad.pk).status == Status.QUEUED


def test_one_that_is_rejected_ends_alone(alice, batch):
    bad, good = jobs_of(alice, 2)

    def work(jobs: list[Claim]) -> None:
        for one in jobs:
            if one.pk == bad.pk:
                one.reject("That is no digit.")
        with finishing(*jobs):
            pass

    batch.work = work
    batch()
    assert Job.objects.get(pk=bad.pk).status == Status.FAILED
    assert Job.objects.get(pk=good.pk).status == Status.DONE


def test_a_batch_that_forgets_to_finish_leaves_no_job_running(alice, batch):
    jobs_of(alice, 2)
    batch.work = lambda jobs: None
    batch.most = 16
    batch()
    assert set(Job.objects.values_list("status", flat=True)) == {Status.QUEUED}


def test_a_rejection_that_all_share_ends_each(alice, batch):
    def work(jobs: list[Claim]) -> None:
        raise Rejected("No network.")

    jobs_of(alice, 2)
    batch.work = work
    batch()
    assert set(Job.objects.values_list("status", "error")) == {(Status.FAILED, "No network.")}


def test_nothing_new_is_begun_while_the_worker_stops(alice, batch, done):
    jobs_of(alice, 1)
    stopping.set()
    try:
        batch()
    finally:
        stopping.clear()
    assert done == []
    assert Job.objects.get().status == Status.QUEUED


def test_a_message_wakes_its_kind_without_a_look_at_the_rows(batch, django_assert_num_queries):
    with django_assert_num_queries(0):
        wake(NAME)
    assert batch.woken.is_set()


@pytest.mark.django_db(transaction=True)
def test_as_many_batches_as_were_asked_for_are_done_at_once(alice, add_kind):
    together = threading.Barrier(2)

    def work(jobs: list[Claim]) -> None:
        together.wait(20)  # passed only by two at the same time
        with finishing(*jobs):
            pass

    kind = add_kind(work, most=3, threads=2, order="oldest")
    jobs_of(alice, 6)
    kind.start()
    kind.wake()
    wait_until(lambda: set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)})


@pytest.mark.django_db(transaction=True)
def test_a_small_job_does_not_wait_for_another_persons_many(alice, bob, add_kind):
    order: list[int] = []

    def work(job: Claim) -> None:
        order.append(job.owner_id)
        with finishing(job):
            pass

    kind = add_kind(work)
    jobs_of(alice, 3)
    jobs_of(bob, 1)
    kind()
    assert order == [alice.pk, bob.pk, alice.pk, alice.pk]


@pytest.mark.django_db(transaction=True)
def test_a_thread_outlives_whatever_goes_wrong(alice, add_kind, monkeypatch, caplog):
    def work(job: Claim) -> None:
        with finishing(job):
            pass

    def refuse(*_args, **_more) -> None:
        raise ZeroDivisionError

    kind = add_kind(work)
    kind.start()
    with monkeypatch.context() as broken:
        broken.setattr(kinds, "claim", refuse)
        kind.wake()
        wait_until(lambda: "The next poll" in caplog.text)
    (job,) = jobs_of(alice, 1)
    kind.wake()
    wait_until(lambda: Job.objects.get(pk=job.pk).status == Status.DONE)


def test_jobs_wait_for_room_on_the_disk_and_keep_their_tries(alice, batch, done, settings):
    reserve, settings.DISK_RESERVE_MB = settings.DISK_RESERVE_MB, 10**9
    job = Job.objects.create(owner=alice, task=NAME, queue=Queue.QUICK)
    batch()
    job.refresh_from_db()
    assert (job.status, job.tries_left) == (Status.QUEUED, TRIES)
    settings.DISK_RESERVE_MB = reserve
    batch()
    assert [claims[0].pk for claims in done] == [job.pk]


def test_a_job_that_filled_the_disk_waits_too(alice, add_kind, settings):
    def work(job: Claim) -> None:
        settings.DISK_RESERVE_MB = 10**9
        raise OSError(errno.ENOSPC, "No space left on device")

    job = Job.objects.create(owner=alice, task=NAME, queue=Queue.QUICK)
    add_kind(work)()
    job.refresh_from_db()
    assert (job.status, job.tries_left) == (Status.QUEUED, TRIES)


def test_work_whose_job_is_deleted_ends_quietly_whatever_it_stumbles_over(alice, add_kind, caplog):
    def work(job: Claim) -> None:
        Job.objects.all().delete()
        raise FileNotFoundError

    jobs_of(alice, 1)
    kind = add_kind(work)
    kind()
    assert not caplog.records and not kind.crashed
