"""What is done to a site while people use it, and how long it takes until their work goes on."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.client import Refused
from benchmarks.fault_jobs import Ledger, Person, hostile_pdf
from benchmarks.fault_site import QUEUES, FaultySite
from benchmarks.fault_verdict import Job, all_jobs
from benchmarks.processes import cpu_seconds

GOOD_UPLOADS = 20
SEEN_SECONDS = 0.5  # for so long a process is watched before it is killed
BUSY = 0.05  # seconds of CPU in that time, at least
CHANCE_SECONDS = 120  # for a process to be busy
NEVER = float("inf")


@dataclass
class Record:
    """kills: role → counted; missed: those that found no process at work. first, again: role → the longest, in seconds,
    from a fault until its queue came on and until all jobs that it interrupted ran again or had ended."""

    kills: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    first: dict[str, float] = field(default_factory=dict)
    again: dict[str, float] = field(default_factory=dict)
    hostile: str = "not sent"  # or the id of its job


def note(longest: dict[str, float], role: str, seconds: float) -> None:
    longest[role] = max(longest.get(role, 0), seconds)


def queues(role: str) -> tuple[str, ...]:
    """Whose jobs such a process runs."""
    return (role,) if role in QUEUES else ("work",) if role == "stop" else QUEUES


class Faults:
    """patience: seconds without progress after which a fault counts as never got over."""

    def __init__(self, site: FaultySite, ledger: Ledger, people: list[Person], patience: float) -> None:
        self.site, self.ledger, self.people, self.patience = site, ledger, people, patience
        self.record = Record()

    def kill(self, role: str) -> None:
        """SIGKILL once such a process is in the middle of something."""
        if pid := self.wait_for_busy(role, role):
            self.strike(role, lambda: os.kill(pid, signal.SIGKILL), pid if role in QUEUES else None)

    def stop(self) -> None:
        """A worker stands still for good, as on a machine that hangs; after the patience it is killed."""
        if pid := self.wait_for_busy("work", "stop"):
            self.strike("stop", lambda: os.kill(pid, signal.SIGSTOP), pid)
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def strike(self, role: str, fault: Callable[[], object], pid: int | None = None) -> None:
        """Do it, count it, and wait until it is got over."""
        began = time.monotonic()
        fault()
        self.record.kills[role] += 1
        if role == "web":
            self.watch_web(began)
        else:
            self.watch(role, began, pid)

    def wait_for_busy(self, role: str, fault: str) -> int | None:
        deadline = time.monotonic() + CHANCE_SECONDS
        while time.monotonic() < deadline:
            if pid := self.busy(role):
                return pid
        self.record.missed[fault] += 1
        return None

    def busy(self, role: str) -> int | None:
        """A process of this role that used the processor just now and holds work."""
        found = self.site.pids(role)
        for pid in random.sample(found, len(found)):
            with suppress(OSError):  # it went by itself
                before = cpu_seconds(pid)
                time.sleep(SEEN_SECONDS)
                if cpu_seconds(pid) - before >= BUSY and self.holds(role, pid):
                    return pid
        time.sleep(0.1)
        return None

    def holds(self, role: str, pid: int) -> bool:
        """Whether work of this process is under way: of a worker one of its jobs, of the web a request."""
        if role == "web":
            return self.ledger.in_flight > 0
        running = [job for job in all_jobs(self.site.rows).values() if job.status == "running"]
        return any(job.pid == pid or role == "supervisor" for job in running)

    def watch(self, role: str, began: float, pid: int | None) -> None:
        """Until the queue comes on and the interrupted jobs are resumed, or the patience ends."""
        before = self.jobs_of(role)
        cut = [job for job in before.values() if job.status == "running" and pid in (None, job.pid)]
        self.wait(self.record.first, role, began, lambda now: has_come_on(now, before))
        self.wait(
            self.record.again,
            role,
            began,
            lambda now: all(job.has_been_resumed(now.get(job.id)) for job in cut),
        )

    def wait(
        self, longest: dict[str, float], role: str, began: float, is_over: Callable[[dict[str, Job]], bool]
    ) -> None:
        while not is_over(self.jobs_of(role)):
            if time.monotonic() - began > self.patience:
                return note(longest, role, NEVER)
            time.sleep(0.1)
        return note(longest, role, time.monotonic() - began)

    def jobs_of(self, role: str) -> dict[str, Job]:
        return {job.id: job for job in all_jobs(self.site.rows).values() if job.queue in queues(role)}

    def watch_web(self, began: float) -> None:
        """Until a request is accepted."""
        while self.ledger.accepted_at < began and time.monotonic() - began < self.patience:
            time.sleep(0.02)
        spent = self.ledger.accepted_at - began
        note(self.record.first, "web", spent if spent > 0 else NEVER)

    def hostile(self) -> None:
        """A file that asks for 10^9 drawings, amid good ones of other people."""
        sender, *others = self.people
        for number in range(GOOD_UPLOADS // 2):
            self.upload(others[number % len(others)])
        try:
            self.record.hostile = self.upload(sender, hostile_pdf())
        except Refused as refusal:
            self.record.hostile = f"refused: {refusal}"
        for number in range(GOOD_UPLOADS // 2):
            self.upload(others[number % len(others)])

    def upload(self, person: Person, content: bytes = b"") -> str:
        files = [("files[]", "a.pdf", content or person.sheets)]
        body = person.ask("grading.read_scan", f"/api/exams/{person.exam}/scans/", {}, files)
        return str(body["job"]["id"]).replace("-", "")


def has_come_on(now: dict[str, Job], before: dict[str, Job]) -> bool:
    return any(job.has_gone_on(before.get(job.id)) for job in now.values())
