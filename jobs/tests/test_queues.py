"""Quick answers have a queue of their own: they wait for no class of answer sheets."""

import re

import pytest
from django.conf import settings as site
from django.utils import timezone

from jobs import outbox
from jobs.dispatcher import dispatch, forget_earlier_worker, open_door
from jobs.management.commands.up import commands
from jobs.models import Job, Queue, Status
from jobs.services import submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, str]]:
    handed: list[tuple[str, str]] = []
    monkeypatch.setattr(
        outbox.current_app, "send_task", lambda task, args, queue: handed.append((args[0], queue))
    )
    return handed


def a_job(owner, queue: Queue, **more) -> Job:
    return Job.objects.create(owner=owner, task="a.b", queue=queue, **more)


def test_a_dispatcher_sends_the_jobs_of_its_own_queue(alice, sent):
    quick, _work = (a_job(alice, queue) for queue in (Queue.QUICK, Queue.WORK))
    assert dispatch(Queue.QUICK) == 1
    assert sent == [(str(quick.pk), "quick")]


def test_a_worker_that_starts_takes_back_only_what_its_own_queue_left(alice):
    for queue in (Queue.QUICK, Queue.WORK):
        a_job(alice, queue, status=Status.RUNNING, seen_at=timezone.now())
    forget_earlier_worker(Queue.QUICK)
    assert dict(Job.objects.values_list("queue", "status")) == {"quick": "queued", "work": "running"}


@pytest.mark.django_db(transaction=True)
def test_a_new_job_knocks_at_the_door_of_its_queue_alone(alice, settings, tmp_path, monkeypatch):
    settings.BROKER_IS_LOCAL = True
    monkeypatch.chdir(tmp_path)
    settings.DATA_DIR = "."  # a socket's path is short
    with open_door(Queue.QUICK) as quick, open_door(Queue.WORK) as work:
        submit(owner=alice, task="a.b", queue=Queue.QUICK)
        assert quick.recv(16)
        work.setblocking(False)
        with pytest.raises(BlockingIOError):
            work.recv(16)


def test_a_job_for_a_broker_elsewhere_names_its_queue(alice, settings, sent):
    settings.BROKER_IS_LOCAL = False
    job = a_job(alice, Queue.QUICK)
    assert outbox.send(job) and sent == [(str(job.pk), "quick")]


def test_up_starts_a_worker_for_every_queue():
    started = commands("127.0.0.1", 8000)
    queues = [command[command.index("--queues") + 1] for name, command in started.items() if "worker" in name]
    assert sorted(queues) == sorted(Queue.values)


def test_docker_compose_starts_a_worker_for_every_queue():
    composed = (site.BASE_DIR / "docker-compose.yml").read_text()
    assert set(re.findall(r"celery -A config worker -Q (\w+)", composed)) == set(Queue.values)
