"""This process as a worker: it beats, hears wake-ups, polls, and ends where work in it must end."""

import logging
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from celery import current_app
from celery.signals import celeryd_after_setup, worker_shutting_down
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from jobs.claims import PROCESS, Claim, stopping
from jobs.kinds import KINDS, at_work, start_thread
from jobs.models import Job, Status, Worker
from jobs.wakeups import listen, listener
from jobs.workers import beat_seconds, process_start, take_back

log = logging.getLogger(__name__)

POLL_SECONDS = 1.0
GRACE_SECONDS = 20.0  # for work to report, and so to notice that it was cancelled: a page may take 14
STOP_SECONDS = 4.0  # to notice that the process stops: sooner than whoever stops it loses patience


class Process:
    """queues: whose jobs it does; without any it is there for suspects alone, and whoever made it does them."""

    def __init__(self, queues: Iterable[str] = ()) -> None:
        self.queues = sorted(queues)
        self.kinds = {name: kind for name, kind in KINDS.items() if kind.queue in self.queues}
        pid, own = os.getpid(), {"queues": self.queues, "kinds": sorted(self.kinds)}
        self.row = Worker(id=PROCESS, host=socket.gethostname(), pid=pid, started=process_start(pid), **own)
        self.polled_at, self.beaten_at, self.punctual_beats = 0.0, 0.0, 0
        self.suspects: dict[str, subprocess.Popen[bytes]] = {}  # kind → who does those of it

    def start(self) -> None:
        self.thread = start_thread(self.run)

    def run(self) -> None:
        inboxes = [listener(queue) for queue in self.queues if settings.BROKER_IS_LOCAL]
        while not stopping.is_set():
            try:
                if time.monotonic() - self.polled_at >= POLL_SECONDS:
                    self.polled_at = time.monotonic()
                    self.look_around()
                for name in set(listen(inboxes, POLL_SECONDS)):
                    wake(name.decode())
            except Exception:  # the database is away, or whatever else: without a beat all is lost
                log.exception("It is tried again.")
                connection.close()
                stopping.wait(POLL_SECONDS)

    def look_around(self) -> None:
        if time.monotonic() - self.beaten_at >= beat_seconds():
            self.beat()
            take_back_forgotten()
            if self.punctual_beats > 3:
                take_back(self.row)
                self.end_what_must()
        self.poll()

    def beat(self) -> None:
        """Where it is late the machine slept, or the database was away: the others get time to beat, too."""
        silent = (timezone.now() - self.row.seen_at).total_seconds()
        self.punctual_beats = self.punctual_beats + 1 if silent < 3 * beat_seconds() else 0
        self.row.seen_at = timezone.now()
        with transaction.atomic():  # waits in a row with other writers; where none gets on, this hangs
            self.row.save()
        self.beaten_at, starting = time.monotonic(), [] if self.beaten_at else [*self.kinds.values()]
        for kind in starting:  # with a row: others would take back what they claim without
            kind.start()

    def poll(self) -> None:
        """Find what no message told of."""
        queued = Job.objects.filter(status=Status.QUEUED, task__in=self.kinds).order_by()
        for name, is_suspect in set(queued.values_list("task", "is_suspect").distinct()):
            if not is_suspect:
                self.kinds[name].wake()
            elif name not in self.suspects or self.suspects[name].poll() is not None:
                command = [sys.executable, "manage.py", "do_suspects", self.kinds[name].work.__module__, name]
                self.suspects[name] = subprocess.Popen(command, cwd=settings.BASE_DIR)

    def end_what_must(self) -> None:
        """Work that hangs, or that goes on without a report although its jobs are no longer ours."""
        for held in list(at_work.values()):
            left = [claim for claim in held if not claim.is_over]
            silent = time.monotonic() - max(claim.reported_at for claim in held)
            patience = GRACE_SECONDS * len(at_work)  # the others would have to begin anew
            is_lost = left and silent > patience and not any(claim.row().exists() for claim in left)
            if is_lost or silent > KINDS[held[0].task].silence:
                self.replace(held)

    def replace(self, culprits: list[Claim]) -> None:
        """Nothing ends a thread from outside: this process ends, and whoever started it starts another."""
        stopping.set()
        log.error("%s neither reports nor ends: this process is replaced.", culprits[0].task)
        try:
            for claim in culprits:
                claim.crash(is_suspect=True)
            self.leave()
        finally:
            os._exit(1)

    def stop(self, *_args: object) -> None:
        """Nothing else begins; what runs goes back into the queue at its next report, or after a moment without."""
        stopping.set()
        children = [*self.suspects.values()]
        for child in children:
            child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while at_work and time.monotonic() < deadline:
            time.sleep(0.02)
        self.thread.join(POLL_SECONDS)
        try:
            self.leave()
            for child in children:
                child.wait(1)  # it began to stop when this process did
        finally:
            os._exit(0)  # whatever native code is at, or a broker that does not answer

    def leave(self) -> None:
        connection.close()  # whatever state it is in
        Worker.objects.filter(pk=PROCESS).delete()
        Job.objects.running_in(PROCESS).give_back()


def take_back_forgotten() -> None:
    """What this process has claimed and no thread is at: the database was away when it was to end."""
    held = [claim.pk for held in list(at_work.values()) for claim in held]
    just_claimed = timezone.now() - timedelta(seconds=GRACE_SECONDS)
    Job.objects.running_in(PROCESS).filter(started_at__lt=just_claimed).exclude(pk__in=held).give_back()


def wake(name: str) -> None:
    """Have what waits of this name done: jobs of a kind, or a periodic task."""
    if name in KINDS:
        KINDS[name].wake()
    elif name in current_app.tasks:
        start_thread(current_app.tasks[name])


@celeryd_after_setup.connect
def start(instance: Any, **_kwargs: object) -> None:
    """Before Celery has found its broker: rows are polled without it."""
    process = Process(instance.app.amqp.queues.consume_from)
    process.start()
    worker_shutting_down.connect(lambda **_kwargs: start_thread(process.stop, is_daemon=False), weak=False)
