"""Waiting for jobs to end: one thread of the web process looks for all who wait, however many they are."""

import threading
import time
from uuid import UUID

from django.db import DatabaseError, connection

from jobs.models import OPEN, Job

YOUNG_SECONDS = 2.0  # so long a quick answer may take: it is looked for often
OFTEN, SELDOM = 0.004, 0.05  # seconds between two looks


class Watch:
    """Who waits for what. Its thread runs only while someone waits."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.waiters: dict[UUID, list[threading.Event]] = {}
        self.busy_until = 0.0
        self.thread: threading.Thread | None = None

    def wait(self, job_id: UUID, seconds: float) -> None:
        """Returns once the job has ended, or after so many seconds."""
        ended = threading.Event()
        with self.lock:
            self.waiters.setdefault(job_id, []).append(ended)
            self.busy_until = time.monotonic() + YOUNG_SECONDS
            if self.thread is None:
                self.thread = threading.Thread(target=self.run, name="waiting", daemon=True)
                self.thread.start()
        ended.wait(seconds)
        with self.lock:
            self.leave(job_id, ended)

    def leave(self, job_id: UUID, ended: threading.Event) -> None:
        left = [one for one in self.waiters.pop(job_id, []) if one is not ended]
        if left:
            self.waiters[job_id] = left

    def run(self) -> None:
        try:
            while self.goes_on():
                for job_id in self.ended():
                    for waiter in self.waiters.get(job_id, ()):
                        waiter.set()
                time.sleep(OFTEN if time.monotonic() < self.busy_until else SELDOM)
        finally:
            connection.close()

    def goes_on(self) -> bool:
        """False, and the thread forgotten, where nobody waits and nobody is likely to soon."""
        with self.lock:
            if self.waiters or time.monotonic() < self.busy_until:
                return True
            self.thread = None
            return False

    def ended(self) -> list[UUID]:
        with self.lock:
            asked = list(self.waiters)
        if not asked:
            return []
        try:
            return list(
                Job.objects.filter(pk__in=asked).exclude(status__in=OPEN).values_list("pk", flat=True)
            )
        except DatabaseError:  # it is asked again in a moment
            connection.close()
            return []


watch = Watch()


def wait_for(*, job: Job, seconds: float) -> bool:
    """Hold on until `job` has ended, `seconds` at most; whether it has. The row is fresh afterwards."""
    job.refresh_from_db()
    if not job.has_ended and seconds > 0:
        watch.wait(job.pk, seconds)
        job.refresh_from_db()
    return job.has_ended
