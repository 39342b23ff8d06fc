"""Messages that wake: over Redis, and as datagrams on one machine."""

import re

import pytest
from django.conf import settings as site
from django.utils import timezone
from redis import Redis

from jobs import wakeups
from jobs.claims import claim, finishing
from jobs.management.commands.up import commands
from jobs.models import Job, Queue, Status
from jobs.services import submit
from jobs.wakeups import (
    ending_of,
    listen,
    listener,
    notify,
    notify_ended,
    send_datagram,
    send_unsent,
    socket_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sent(monkeypatch, settings) -> list[tuple[str, str]]:
    """Ids and queues of what Redis got."""
    settings.BROKER_IS_LOCAL = False
    messages: list[tuple[str, str]] = []
    monkeypatch.setattr(
        wakeups.current_app, "send_task", lambda task, args, queue: messages.append((args[0], queue))
    )
    return messages


@pytest.fixture
def broken_redis(monkeypatch, settings) -> None:
    def refuse(*args, **kwargs):
        raise wakeups.OperationalError("connection refused")

    settings.BROKER_IS_LOCAL = False
    monkeypatch.setattr(wakeups.current_app, "send_task", refuse)


def a_job(owner, queue: Queue = Queue.WORK, **more) -> Job:
    return Job.objects.create(owner=owner, task="a.b", queue=queue, **more)


def test_a_job_for_redis_is_one_message_that_names_its_queue(alice, sent):
    job, _ = submit(owner=alice, task="a.b", queue=Queue.QUICK)
    job.refresh_from_db()
    assert sent == [(str(job.pk), "quick")] and job.sent_at


def test_a_broker_that_is_down_is_no_error_and_the_row_stays_in_the_outbox(alice, broken_redis):
    job, _ = submit(owner=alice, task="a.b")
    job.refresh_from_db()
    assert (job.status, job.sent_at) == (Status.QUEUED, None)


def test_what_was_not_sent_is_sent_later_the_oldest_first_and_once(alice, sent):
    made = [a_job(alice) for _ in range(3)]
    assert send_unsent(most=2) == 2
    assert send_unsent() == 1
    assert send_unsent() == 0
    assert [pk for pk, _queue in sent] == [str(job.pk) for job in made]


def test_while_the_broker_is_down_the_outbox_keeps_what_it_has(alice, broken_redis):
    a_job(alice)
    assert send_unsent() == 0
    assert Job.objects.unsent().count() == 1


def test_a_new_job_wakes_the_worker_of_its_queue_alone(alice, settings, tmp_path, monkeypatch):
    settings.BROKER_IS_LOCAL = True
    monkeypatch.chdir(tmp_path)
    settings.DATA_DIR = "."  # a socket's path is short
    with listener(Queue.QUICK) as quick, listener(Queue.WORK) as work:
        submit(owner=alice, task="a.b", queue=Queue.QUICK)
        assert list(listen([quick, work], 10)) == [b"a.b"]
        assert list(listen([work], 0)) == []


@pytest.fixture(params=["datagrams", "redis"])
def transport(request, settings) -> None:
    """Both ways to tell of endings, the second where there is a Redis."""
    if request.param == "redis" and not settings.REDIS_URL:
        pytest.skip("Redis is not there.")
    settings.BROKER_IS_LOCAL = request.param == "datagrams"


def test_every_ending_is_told_who_waits_for_it(alice, transport):
    done, rejected, other = a_job(alice), a_job(alice), a_job(alice)
    with ending_of(done.pk) as is_done, ending_of(rejected.pk) as is_rejected, ending_of(other.pk) as is_over:
        with finishing(*claim("a.b")):
            assert not is_done(0)
        claim("a.b")[0].reject("No.")
        assert is_done(60) and is_rejected(60)
        assert not is_over(0)


@pytest.mark.parametrize("transport", ["redis"], indirect=True)
def test_an_ending_that_redis_told_before_anyone_waited_is_kept_for_a_while(alice, transport):
    job = a_job(alice)
    notify_ended(job.pk)
    assert 0 < wakeups.redis().ttl(f"ended:{job.pk}") <= wakeups.KEPT
    with ending_of(job.pk) as is_over:
        assert is_over(60)
    assert not wakeups.redis().exists(f"ended:{job.pk}")


def test_where_redis_is_away_nobody_is_told_and_nothing_fails(alice, settings, monkeypatch):
    settings.BROKER_IS_LOCAL = False
    monkeypatch.setattr(wakeups, "redis", lambda: Redis(port=1, socket_connect_timeout=1))
    job = a_job(alice)
    notify_ended(job.pk)
    with ending_of(job.pk) as is_over:
        assert not is_over(0)


def test_a_datagram_where_nobody_listens_is_no_error(alice, settings):
    settings.BROKER_IS_LOCAL = True
    gone = a_job(alice)
    socket_of(gone.pk).touch()
    notify_ended(gone.pk)
    notify(gone)
    assert not send_datagram("quick", b"a.b")


def test_no_file_is_left_where_someone_waited(alice, settings):
    settings.BROKER_IS_LOCAL = True
    job = a_job(alice)
    with ending_of(job.pk):
        assert socket_of(job.pk).exists()
    assert not socket_of(job.pk).exists()


def test_several_datagrams_are_heard_together():
    with listener("quick") as inbox:
        assert send_datagram("quick", b"a.b")
        assert send_datagram("quick", b"a.c")
        assert list(listen([inbox], 5)) == [b"a.b", b"a.c"]
        assert list(listen([inbox], 0)) == []


def test_a_socket_that_cannot_be_opened_is_silent(settings, tmp_path):
    settings.DATA_DIR = tmp_path / ("long" * 40)
    with listener(Queue.WORK) as inbox:
        assert not inbox.getsockname()
        assert list(listen([inbox], 0)) == []


def test_up_starts_a_worker_for_every_queue():
    started = commands("127.0.0.1", 8000)
    queues = [command[command.index("--queues") + 1] for name, command in started.items() if "worker" in name]
    assert sorted(queues) == sorted(Queue.values)


def test_docker_compose_starts_a_worker_for_every_queue():
    composed = (site.BASE_DIR / "docker-compose.yml").read_text()
    assert set(re.findall(r"celery -A config worker -Q (\w+)", composed)) == set(Queue.values)


def test_what_is_sent_again_is_noted_with_its_time(alice, sent):
    before = timezone.now()
    job = a_job(alice)
    send_unsent()
    job.refresh_from_db()
    assert job.sent_at >= before
