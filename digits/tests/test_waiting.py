"""Who waits for an answer gets it: told by a knock, found by looking, or told before anyone waited."""

import threading

import pytest

from digits.models import Reading
from digits.services import read
from jobs.models import Job, Status
from jobs.waiting import Waiter, Watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def watch() -> Watch[Reading]:
    return Watch(Reading.objects.select_related("job"))


@pytest.fixture
def reading(alice) -> Reading:
    return read(owner=alice, source=Reading.Source.PIXELS, pixels=bytes(784))


def end(reading: Reading) -> None:
    Job.objects.filter(pk=reading.job_id).update(status=Status.DONE)


def test_an_answer_that_is_there_is_not_waited_for(watch, reading):
    reading.job.status = Status.DONE
    assert watch.wait(reading, 30) is reading


def test_who_does_not_want_to_wait_gets_the_row_as_it_is(watch, reading):
    assert watch.wait(reading, 0) is reading


def test_waiting_ends_with_the_time(watch, reading):
    assert watch.wait(reading, 0.1).job.status == Status.QUEUED


def test_an_ending_that_no_knock_told_is_found(watch, reading):
    end(reading)
    assert watch.wait(reading, 30).job.status == Status.DONE


def test_all_who_wait_for_one_answer_get_it(watch, reading):
    got = []
    threads = [threading.Thread(target=lambda: got.append(watch.wait(reading, 30))) for _ in range(3)]
    for thread in threads:
        thread.start()
    end(reading)
    for thread in threads:
        thread.join(30)
    assert [one.job.status for one in got] == [Status.DONE] * 3


def test_an_ending_told_before_anyone_waited_is_remembered(watch, reading):
    assert watch.hear([reading.job_id.bytes]) == []
    end(reading)
    assert watch.wait(reading, 30).job.status == Status.DONE


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_the_thread_has_died_the_next_one_who_waits_is_told(watch, reading, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(watch, "find_ended", lambda jobs: 1 / 0)
        watch.wait(reading, 0.1)
        watch.thread.join(30)
    end(reading)
    waiter = Waiter()
    watch.enter(reading.job_id, waiter)
    is_told = waiter.wait(30)
    watch.leave(reading.job_id, waiter)
    assert is_told and waiter.row == reading


def test_a_row_that_is_deleted_is_said_to_be_gone(watch, reading):
    Job.objects.filter(pk=reading.job_id).delete()
    with pytest.raises(Reading.DoesNotExist):
        watch.wait(reading, 0.1)


def test_whose_job_does_not_end_is_not_told_of_the_end_of_others(watch, reading, alice):
    other = read(owner=alice, source=Reading.Source.PIXELS, pixels=bytes(784))
    end(other)
    assert watch.wait(reading, 0.2).job.status == Status.QUEUED
