"""Who waits for an answer gets it: told by a message, or found by a poll."""

import threading

import pytest

from conftest import wait_until
from digits.models import Reading
from digits.services import read
from jobs.claims import claim, finishing
from jobs.long_poll import LongPoll
from jobs.models import Job, Status
from jobs.wakeups import socket_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def long_poll() -> LongPoll[Reading]:
    return LongPoll(Reading.objects.select_related("job"))


@pytest.fixture
def reading(alice) -> Reading:
    return read(owner=alice, source=Reading.Source.PIXELS, pixels=bytes(784))


def end(reading: Reading) -> None:
    Job.objects.filter(pk=reading.job_id).update(status=Status.DONE)


def test_an_answer_that_is_there_is_not_waited_for(long_poll, reading):
    reading.job.status = Status.DONE
    assert long_poll.wait(reading, 30) is reading


def test_who_does_not_want_to_wait_gets_the_row_as_it_is(long_poll, reading):
    assert long_poll.wait(reading, 0) is reading


def test_waiting_ends_with_the_time(long_poll, reading):
    assert long_poll.wait(reading, 0.1).job.status == Status.QUEUED


def test_an_ending_that_no_datagram_told_is_found(long_poll, reading):
    end(reading)
    assert long_poll.wait(reading, 30).job.status == Status.DONE


def test_all_who_wait_for_one_answer_get_it(long_poll, reading):
    got = []
    threads = [threading.Thread(target=lambda: got.append(long_poll.wait(reading, 30))) for _ in range(3)]
    for thread in threads:
        thread.start()
    end(reading)
    for thread in threads:
        thread.join(30)
    assert [one.job.status for one in got] == [Status.DONE] * 3


def test_an_answer_is_there_as_soon_as_its_ending_is_told(long_poll, reading, monkeypatch, settings):
    settings.BROKER_IS_LOCAL = True
    monkeypatch.setattr("jobs.long_poll.FIRST", 30.0)  # no poll finds it before
    thread = threading.Thread(target=tell_while_someone_waits, args=[reading])
    thread.start()
    assert long_poll.wait(reading, 30).job.status == Status.DONE
    thread.join()


def tell_while_someone_waits(reading: Reading) -> None:
    wait_until(lambda: socket_of(reading.job_id).exists())
    with finishing(*claim("digits.read")):
        pass


def test_a_row_that_is_deleted_is_said_to_be_gone(long_poll, reading):
    Job.objects.filter(pk=reading.job_id).delete()
    with pytest.raises(Reading.DoesNotExist):
        long_poll.wait(reading, 0.1)


def test_whose_job_does_not_end_is_not_told_of_the_end_of_others(long_poll, reading, alice):
    other = read(owner=alice, source=Reading.Source.PIXELS, pixels=bytes(784))
    end(other)
    assert long_poll.wait(reading, 0.2).job.status == Status.QUEUED
