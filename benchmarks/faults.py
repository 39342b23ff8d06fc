#!/usr/bin/env python
"""What happens to people's jobs when things die: workers, web, supervisor, Redis, PostgreSQL, and under a hostile file.

    python benchmarks/faults.py [--jobs 300] [--kills 10] [--json]       the way of `make run`
    DATABASE_URL=postgres://… REDIS_URL=redis://… python benchmarks/faults.py     the way between machines
    python benchmarks/faults.py --services        that way on a PostgreSQL and a Redis of its own, which die, too
    python benchmarks/faults.py --jobs 20 --kills 1 --faults work,quick,web,supervisor     the short form

Several people ask for jobs of all kinds while processes are killed with SIGKILL. A kill counts only where a job of that
process was running and the process used the processor in that second. Exit status 1 where a job was lost, done twice,
got stuck, or failed without being the hostile one.
"""

import argparse
import json
import os
import random
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fault_jobs import (  # noqa: E402
    OF_ADMINS,
    OF_ALL,
    OPEN,
    Ledger,
    Person,
    hostile_pdf,
    live,
)
from benchmarks.fault_site import QUEUES, ROOT, FaultySite, Machines, OneMachine, Rows, Services  # noqa: E402
from benchmarks.fault_verdict import Job, all_jobs, verdict  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from benchmarks.processes import cpu_seconds  # noqa: E402
from ml.tests.tiny_mnist import write_mnist  # noqa: E402

PEOPLE = 5
GOOD_UPLOADS = 20
SEEN_SECONDS = 0.5  # for so long a process is watched before it is killed
BUSY = 0.05  # seconds of CPU in that time, at least
CHANCE_SECONDS = 120  # for a process to be busy
OTHERS = ("hostile", "stop", "redis", "postgres")


@dataclass
class Record:
    """kills: role → counted; first, again: role → seconds from a fault to the next progress of its queue, and until
    all jobs that were interrupted ran again or had ended; inf where that did not happen."""

    kills: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    first: dict[str, float] = field(default_factory=dict)
    again: dict[str, float] = field(default_factory=dict)
    hostile: str = ""

    def note(self, longest: dict[str, float], role: str, seconds: float) -> None:
        longest[role] = max(longest.get(role, 0), seconds)


class Faults:
    """What is done to the site, and what the rows say after it."""

    def __init__(self, site: FaultySite, ledger: Ledger, people: list[Person], patience: float) -> None:
        self.site, self.ledger, self.people, self.patience = site, ledger, people, patience
        self.record = Record()

    def kill(self, role: str) -> None:
        """SIGKILL once such a process is in the middle of something."""
        pid, deadline = None, time.monotonic() + CHANCE_SECONDS
        while pid is None and time.monotonic() < deadline:
            pid = self.busy(role)
        if pid is None:
            self.record.missed[role] += 1
            return
        before = all_jobs(self.site.rows)
        os.kill(pid, signal.SIGKILL)
        self.record.kills[role] += 1
        self.watch(role, before)

    def busy(self, role: str) -> int | None:
        """A process of this role that used the processor just now and holds work."""
        for pid in random.sample(found := self.site.pids(role), len(found)):
            with suppress(OSError):  # it went by itself
                before = cpu_seconds(pid)
                time.sleep(SEEN_SECONDS)
                if cpu_seconds(pid) - before >= BUSY and self.holds(role):
                    return pid
        return None

    def holds(self, role: str) -> bool:
        """Whether work of such a process is under way: of a worker's queue a job is running, of the web a request."""
        if role == "web":
            return self.ledger.in_flight > 0
        jobs = all_jobs(self.site.rows).values()
        return any(job.status == "running" and job.queue in queues(role) for job in jobs)

    def watch(self, role: str, before: dict[str, Job]) -> None:
        """Until the interrupted jobs go on, or nothing happens for too long."""
        fault = time.monotonic()
        if role == "web":
            return self.watch_web(fault)
        cut = [job for job in before.values() if job.status == "running" and job.queue in queues(role)]
        is_first = True
        while time.monotonic() - fault < self.patience:
            now = all_jobs(self.site.rows)
            mine = [job for job in now.values() if job.queue in queues(role)]
            if is_first and any(job.has_gone_on(before.get(job.id)) for job in mine):
                self.record.note(self.record.first, role, time.monotonic() - fault)
                is_first = False
            if not is_first and all(job.has_been_resumed(now.get(job.id)) for job in cut):
                return self.record.note(self.record.again, role, time.monotonic() - fault)
            time.sleep(0.1)
        self.record.note(self.record.first if is_first else self.record.again, role, float("inf"))
        return None

    def watch_web(self, fault: float) -> None:
        while self.ledger.accepted_at < fault and time.monotonic() - fault < self.patience:
            time.sleep(0.02)
        spent = self.ledger.accepted_at - fault
        self.record.note(self.record.first, "web", spent if spent > 0 else float("inf"))

    # --- other faults

    def hostile(self) -> None:
        """A file that asks for 10^9 drawings, amid good ones of other people."""
        half = GOOD_UPLOADS // 2
        for number in range(half):
            self.upload(self.people[number % len(self.people)])
        self.record.hostile = self.upload(self.people[0], hostile_pdf())
        for number in range(half):
            self.upload(self.people[1 + number % (len(self.people) - 1)])

    def upload(self, person: Person, content: bytes = b"") -> str:
        files = [("files[]", "a.pdf", content or person.sheets)]
        body = person.ask("grading.read_scan", f"/api/exams/{person.exam}/scans/", {}, files)
        return str(body["job"]["id"]).replace("-", "")

    def stop(self) -> None:
        """One worker stands still for good, as on a machine that hangs; after the patience it is killed."""
        pid, deadline = None, time.monotonic() + CHANCE_SECONDS
        while pid is None and time.monotonic() < deadline:
            pid = self.busy("work")
        if pid is None:
            self.record.missed["stop"] += 1
            return
        before = all_jobs(self.site.rows)
        os.kill(pid, signal.SIGSTOP)
        self.record.kills["stop"] += 1
        self.watch("stop", before)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def lose(self, role: str, fault: Callable[[], None]) -> None:
        before = all_jobs(self.site.rows)
        fault()
        self.record.kills[role] += 1
        self.watch(role, before)


def queues(role: str) -> tuple[str, ...]:
    """Whose jobs such a process runs. By queue, since rows do not say yet which process holds them."""
    return (role,) if role in QUEUES else ("work",) if role == "stop" else QUEUES


# --- one run


def people_of(site: FaultySite, ledger: Ledger) -> list[Person]:
    """Teachers and, last, the admin, signed in."""
    password = secrets.token_urlsafe(12)
    names = [f"teacher{number}" for number in range(PEOPLE)]
    script = (
        "from accounts.models import User\n"
        f"for name in {names}: User.objects.create_user(name, password={password!r}, role='teacher')"
    )
    site.manage("shell", "--no-imports", "-c", script)
    found = []
    for name, secret in [*((name, password) for name in names), ("admin", site.password)]:
        found.append(Person(site.url, ledger))
        found[-1].sign_in(name, secret)
    for person in found[:-1]:
        person.prepare()
    return found


def run(site: FaultySite, services: Services | None, asked: argparse.Namespace) -> tuple[Ledger, Faults]:
    ledger = Ledger()
    people = people_of(site, ledger)
    faults = Faults(site, ledger, people[:-1], asked.patience)
    kinds = [OF_ALL] * PEOPLE + [OF_ADMINS]
    threads = [
        threading.Thread(target=live, args=[person, kinds[place], site.rows, 3 * place])
        for place, person in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    try:
        cause(faults, site, services, asked)
        while len(ledger.accepted) < asked.jobs:
            time.sleep(0.5)
    finally:
        ledger.is_over.set()
        for thread in threads:
            thread.join()
    settle(site.rows, asked.patience)
    return ledger, faults


def cause(faults: Faults, site: FaultySite, services: Services | None, asked: argparse.Namespace) -> None:
    for _ in range(asked.kills):
        for role in site.roles:
            if role in asked.faults:
                faults.kill(role)
                say(asked, f"{dict(faults.record.kills)} {len(faults.ledger.accepted)} jobs accepted")
    if services and "redis" in asked.faults:
        faults.lose("redis", services.lose_redis)
    if services and "postgres" in asked.faults:
        faults.lose("postgres", services.crash_postgres)
    if "hostile" in asked.faults:
        faults.hostile()
    if "stop" in asked.faults:
        faults.stop()


def settle(rows: Rows, patience: float) -> None:
    """Until nothing is open, or nothing has happened for so long."""
    seen, at = None, time.monotonic()
    while rows.ask(OPEN)[0][0] and time.monotonic() - at < patience:
        now = sorted((job.id, job.status, job.attempt, job.progress) for job in all_jobs(rows).values())
        if now != seen:
            seen, at = now, time.monotonic()
        time.sleep(0.5)


def say(asked: argparse.Namespace, text: str) -> None:
    if not asked.json:
        print(f"  {text}", file=sys.stderr)


# --- from the command line


def main() -> None:
    asked = parse()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nunbit-")))
        services = own_services(stack, folder) if asked.services else None
        site = site_in(folder, services)
        stack.callback(site.stop)
        site.start()
        started = time.monotonic()
        ledger, faults = run(site, services, asked)
        wrong = verdict(site.rows, ledger, faults.record.hostile)
        jobs = all_jobs(site.rows)
    found = {
        "way": type(site).__name__,
        "jobs": Counter(job.task for job in jobs.values()),
        "ended": Counter(job.status for job in jobs.values()),
        "kills that counted": faults.record.kills,
        "kills for want of work left out": faults.record.missed,
        "longest until the queue went on, s": faults.record.first,
        "longest until the interrupted jobs went on, s": faults.record.again,
        "hostile file": jobs[faults.record.hostile].status if faults.record.hostile else "not sent",
        **{what: len(cases) for what, cases in wrong.items()},
        "seconds": round(time.monotonic() - started),
        **machine("celery", "django"),
    }
    show(found, wrong, asked.json)
    if any(wrong.values()) or float("inf") in [*faults.record.first.values(), *faults.record.again.values()]:
        raise SystemExit(1)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=300, help="at least so many")
    parser.add_argument("--kills", type=int, default=10, help="of each kind of process")
    parser.add_argument(
        "--patience", type=float, default=120, help="seconds without progress that count as stuck"
    )
    every = ",".join([*OneMachine.roles, *OTHERS])
    parser.add_argument("--faults", type=lambda text: text.split(","), default=every.split(","), help=every)
    parser.add_argument(
        "--services", action="store_true", help="start PostgreSQL and Redis, and let them die"
    )
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def own_services(stack: ExitStack, folder: Path) -> Services:
    services = Services(folder)
    stack.callback(services.stop)
    services.start()
    os.environ.update(DATABASE_URL=services.database, REDIS_URL=services.redis_url)
    return services


def site_in(folder: Path, services: Services | None) -> FaultySite:
    """Networks are readied once for all runs; MNIST is a small drawn one."""
    write_mnist(folder / "collections" / "MNIST" / "raw")
    os.environ.setdefault("MODEL_CACHE_DIR", str(ROOT / "var" / "models"))
    os.environ["DATA_FOLDER"] = str(folder / "collections")
    data = folder / "data"
    data.mkdir()
    if "REDIS_URL" in os.environ and "DATABASE_URL" in os.environ:
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(30))
        return Machines(data, os.environ["DATABASE_URL"], {})
    return OneMachine(data)


def show(found: dict[str, Any], wrong: dict[str, list[str]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(found | {"cases": wrong}, indent=2))
        return
    for what, value in found.items():
        text = (
            ", ".join(f"{name} {one:.4g}" for name, one in value.items())
            if isinstance(value, dict)
            else value
        )
        print(f"{what:<46} {'-' if text == '' else text}")
    for what, cases in wrong.items():
        for case in cases[:10]:
            print(f"WRONG: {what}: {case}")


if __name__ == "__main__":
    main()
