"""Jobs that wait at the same moment are done together, and none suffers for another."""

import pytest

from jobs.batches import batch_task, claim_waiting, finishing
from jobs.models import TRIES, Job, Status
from jobs.services import cancel
from jobs.worker import Claim, Rejected

pytestmark = pytest.mark.django_db

TOGETHER = "jobs.test_together"
batches: list[list[Claim]] = []
troubled: dict = {}  # by job: what its work raises


@batch_task(TOGETHER, most=3)
def together(jobs: list[Claim]) -> None:
    batches.append(jobs)
    for job in jobs:
        if job.pk in troubled:
            raise troubled[job.pk]
    with finishing(jobs):
        pass


@pytest.fixture(autouse=True)
def forget() -> None:
    batches.clear()
    troubled.clear()


@pytest.fixture
def jobs(alice) -> list[Job]:
    return [Job.objects.create(owner=alice, task=TOGETHER) for _ in range(5)]


def statuses() -> list[str]:
    return list(Job.objects.order_by("created_at").values_list("status", flat=True))


def test_a_message_has_all_done_that_wait_the_oldest_first_in_batches_of_the_most(jobs):
    together(str(jobs[4].pk))
    assert [[one.pk for one in batch] for batch in batches] == [
        [job.pk for job in jobs[:3]],
        [job.pk for job in jobs[3:]],
    ]
    assert statuses() == ["done"] * 5


def test_what_was_taken_along_is_not_done_again_by_its_own_message(jobs):
    for job in jobs:
        together(str(job.pk))
    assert sorted(one.pk for batch in batches for one in batch) == sorted(job.pk for job in jobs)
    assert set(Job.objects.values_list("status", "attempt")) == {(Status.DONE, 1)}


def test_another_kind_of_job_is_left_alone(jobs, alice):
    other = Job.objects.create(owner=alice, task="jobs.probe_quick")
    together(str(jobs[0].pk))
    other.refresh_from_db()
    assert other.status == Status.QUEUED


def test_a_rejection_ends_its_own_job_and_the_others_are_done(jobs):
    troubled[jobs[1].pk] = Rejected("This is no picture.")
    together(str(jobs[0].pk))
    assert statuses()[:3] == ["done", "failed", "done"]
    assert Job.objects.get(pk=jobs[1].pk).error == "This is no picture."


def test_a_crash_costs_only_its_own_job_a_try(jobs):
    troubled[jobs[1].pk] = ZeroDivisionError("secret")
    together(str(jobs[0].pk))
    assert statuses() == ["done", "queued", "done", "done", "done"]
    assert Job.objects.get(pk=jobs[1].pk).tries_left < TRIES


def test_what_was_cancelled_meanwhile_is_left_out_of_the_ending(jobs):
    held = claim_waiting(TOGETHER, 3)
    cancel(job=jobs[1])
    with finishing(held) as ours:
        assert {one.pk for one in ours} == {jobs[0].pk, jobs[2].pk}
    assert statuses()[:3] == ["done", "cancelled", "done"]


def test_what_was_given_to_another_worker_is_left_out_too(jobs):
    held = claim_waiting(TOGETHER, 1)
    Job.objects.filter(pk=jobs[0].pk).update(status=Status.QUEUED)
    claim_waiting(TOGETHER, 1)
    with finishing(held) as ours:
        assert ours == []
    assert statuses()[0] == "running"


def test_nothing_is_done_where_the_results_cannot_be_saved(jobs):
    held = claim_waiting(TOGETHER, 3)
    with pytest.raises(ZeroDivisionError), finishing(held):
        raise ZeroDivisionError
    assert statuses()[:3] == ["running"] * 3


def test_a_message_for_a_deleted_job_does_nothing_where_nothing_waits(jobs):
    key = str(jobs[0].pk)
    Job.objects.all().delete()
    together(key)
    assert batches == []
