"""Who waits for an answer gets it: told by a datagram, found by a poll, or told before anyone waited."""

import threading
from concurrent.futures import Future

import pytest

from digits.models import Reading
from digits.services import read
from jobs.long_poll import LongPoll
from jobs.models import Job, Status

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


def test_an_ending_told_before_anyone_waited_is_remembered(long_poll, reading):
    assert long_poll.hear([reading.job_id.bytes]) == []
    end(reading)
    assert long_poll.wait(reading, 30).job.status == Status.DONE


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_the_thread_has_died_the_next_one_who_waits_is_told(long_poll, reading, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(long_poll, "answer", lambda jobs: 1 / 0)
        long_poll.wait(reading, 0.1)
        long_poll.thread.join(30)
    end(reading)
    answer: Future[Reading] = Future()
    long_poll.enter(reading.job_id, answer)
    assert answer.result(30) == reading
    long_poll.leave(reading.job_id, answer)


def test_a_row_that_is_deleted_is_said_to_be_gone(long_poll, reading):
    Job.objects.filter(pk=reading.job_id).delete()
    with pytest.raises(Reading.DoesNotExist):
        long_poll.wait(reading, 0.1)


def test_whose_job_does_not_end_is_not_told_of_the_end_of_others(long_poll, reading, alice):
    other = read(owner=alice, source=Reading.Source.PIXELS, pixels=bytes(784))
    end(other)
    assert long_poll.wait(reading, 0.2).job.status == Status.QUEUED
