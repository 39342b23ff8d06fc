"""Requests that hold on for an answer: one look at the database for all of them."""

import threading

import pytest
from django.db import connection

from digits.models import Reading
from jobs.doors import tell_ended
from jobs.models import Job, Status
from jobs.waiting import Watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watch() -> Watch:
    return Watch(Reading.objects.select_related("job"))


def asked(owner) -> Reading:
    job = Job.objects.create(owner=owner, task="digits.read")
    return Reading.objects.create(owner=owner, job=job, source=Reading.Source.PIXELS)


def end(reading: Reading, status: Status = Status.DONE) -> None:
    Job.objects.filter(pk=reading.job_id).update(status=status)


def wait_in_a_thread(watch: Watch, reading: Reading, seconds: float, ended: dict) -> threading.Thread:
    def wait() -> None:
        try:
            ended[reading.pk] = watch.wait(reading, seconds).job.status
        finally:
            connection.close()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.parametrize("is_told", [True, False], ids=["by a knock", "by nobody"])
def test_everyone_is_told_of_the_end_of_ones_own_job(alice, watch, is_told):
    readings = [asked(alice) for _ in range(6)]
    ended: dict = {}
    threads = [wait_in_a_thread(watch, reading, 30, ended) for reading in readings for _ in range(2)]
    expected = {}
    for reading, status in zip(readings, [Status.DONE, Status.FAILED, Status.CANCELLED] * 2, strict=True):
        end(reading, status)
        expected[reading.pk] = status
    if is_told:
        tell_ended([reading.job_id for reading in readings])
    for thread in threads:
        thread.join(30)
    assert ended == expected


def test_the_row_is_as_it_is_after_the_ending(alice, watch):
    reading = asked(alice)
    ended: dict = {}
    thread = wait_in_a_thread(watch, reading, 30, ended)
    Reading.objects.filter(pk=reading.pk).update(text="314")
    end(reading)
    thread.join(30)
    assert watch.wait(reading, 30).text == "314"


def test_whose_job_does_not_end_is_not_told_of_the_end_of_others(alice, watch):
    mine, other = asked(alice), asked(alice)
    end(other)
    tell_ended([other.job_id])
    assert watch.wait(mine, 0.2).job.status == Status.QUEUED


def test_who_waits_for_what_was_deleted_is_told(alice, watch):
    reading = asked(alice)
    Job.objects.filter(pk=reading.job_id).delete()
    with pytest.raises(Reading.DoesNotExist):
        watch.wait(reading, 0.2)
