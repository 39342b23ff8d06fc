"""Activating networks under load: does a request fail, is one answered by half a change, how soon is the new one used?

    DATABASE_URL=postgres://… REDIS_URL=redis://… SECRET_KEY=… python -m benchmarks.activation [--requests 2000]

Starts one web and two worker processes on that database (which it fills with tables) and broker, asks for digits from
several threads, and meanwhile lets two versions answer in turn. Exits with 1 where something is wrong.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

from benchmarks.client import Refused, Site
from benchmarks.machine import machine
from benchmarks.own_site import ROOT, free_port, is_ready

START_SECONDS = 300
WARM = 60  # answers after which each worker has had some
SEVEN = [
    255 if row in (5, 6) and 7 <= at <= 20 or at == 20 - row // 3 and row > 6 else 0
    for row in range(28)
    for at in range(28)
]


@dataclass(frozen=True)
class Answer:
    """Asked and answered: seconds; version: its id."""

    asked: float
    answered: float
    version: int


@dataclass(frozen=True)
class Change:
    """begun, done: seconds of the request that let `version` answer."""

    begun: float
    done: float
    version: int


@dataclass
class Record:
    answers: list[Answer] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def out_of_order(self) -> list[Answer]:
        """Answers of a version that was live at no moment between question and answer."""
        return [one for one in self.answers if one.version not in self.live_during(one)]

    def live_during(self, one: Answer) -> set[int]:
        before = [change.version for change in self.changes if change.done <= one.asked][-1:]
        return {*before, *(c.version for c in self.changes if c.begun <= one.answered and c.done > one.asked)}

    def delays(self) -> list[float]:
        """From the end of each change to the first answer of the new version, as far as one came before the next."""
        found = []
        for change in self.changes[1:]:
            later = [
                one.answered
                for one in self.answers
                if one.version == change.version and one.answered > change.begun
            ]
            found.append(max(0.0, min(later, default=float("inf")) - change.done))
        return found


@contextmanager
def processes(folder: str) -> Iterator[tuple[str, str]]:
    """Web and two workers; gives address and password of the admin."""
    port, password = free_port(), secrets.token_urlsafe(12)
    own = {
        "DATA_DIR": folder,
        "NUNBIT_ADMIN_PASSWORD": password,
        "LOG_LEVEL": "WARNING",
        "QUOTA_REQUESTS": "0",
    }
    environment = os.environ | own
    python = [sys.executable]
    for command in ("migrate", "first_admin"):
        subprocess.run(
            [*python, "manage.py", command], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    gunicorn = [
        "gunicorn",
        "config.wsgi",
        "--worker-class",
        "config.waitress_worker.WaitressWorker",
        "--threads",
        "16",
        "--log-level",
        "warning",
    ]
    web = [*python, "-m", *gunicorn, "--bind", f"127.0.0.1:{port}"]
    celery = ["celery", "--quiet", "-A", "config", "worker", "--pool", "threads", "--concurrency", "2"]
    worker = [*python, "-m", *celery, "--queues", "work,quick", "--without-gossip", "--without-mingle"]
    commands = [web, *([*worker, "--hostname", f"{number}@%h"] for number in (1, 2))]
    started = [subprocess.Popen(command, cwd=ROOT, env=environment) for command in commands]
    try:
        yield f"http://127.0.0.1:{port}", password
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait(30)


def wait_until_ready(site: Site) -> None:
    """Until the web process is there."""
    deadline = time.monotonic() + START_SECONDS
    while not is_ready(site.url):
        if time.monotonic() > deadline:
            raise SystemExit("The site did not start.")
        time.sleep(0.3)


def read_digit(site: Site) -> int:
    """The id of the version that read one. Raises Refused."""
    found = site.post("/api/digits/", {"pixels": SEVEN}, wait=30)
    if found["job"]["status"] != "done" or not found["model"]:
        raise Refused(f"No answer: {found['job']}")
    return int(found["model"]["id"])


def warm_up(site: Site) -> None:
    """Both workers ready the network that answers now: what is measured is the change, not the start."""
    deadline, answers = time.monotonic() + START_SECONDS, 0
    while answers < WARM and time.monotonic() < deadline:
        try:
            read_digit(site)
            answers += 1
        except (Refused, OSError):
            time.sleep(0.3)


def ask(site: Site, record: Record, left: Iterator[int], requests: int) -> None:
    while next(left) < requests:
        asked = time.monotonic()
        try:
            version = read_digit(site)
        except (Refused, OSError) as problem:
            record.errors.append(str(problem))
        else:
            record.answers.append(Answer(asked, time.monotonic(), version))


def change(site: Site, record: Record, version: int) -> None:
    begun = time.monotonic()
    site.post(f"/api/models/{version}/activate/", {"why": "Measured under load."})
    record.changes.append(Change(begun, time.monotonic(), version))


def run(site: Site, requests: int, times: int, clients: int) -> Record:
    record, left = Record(), count()
    pair = [row["id"] for row in site.get("/api/models/?kind=digits&ordering=name")["results"]][:2]
    for version in pair:  # or it would not answer
        site.post(f"/api/models/{version}/measurement/", {}, wait=30)
    # Each worker readies both: a network that was never used is made ready for many seconds.
    for version in pair:
        change(site, record, version)
        warm_up(site)
    record.changes = record.changes[-1:]
    asking = [threading.Thread(target=ask, args=[site, record, left, requests]) for _ in range(clients)]
    for one in asking:
        one.start()
    for number in range(times):
        while len(record.answers) + len(record.errors) < (number + 0.5) * requests / times:
            time.sleep(0.005)
        change(site, record, pair[number % 2])
    for one in asking:
        one.join()
    return record


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--clients", type=int, default=8)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nunbit-") as folder, processes(folder) as (url, password):
        site = Site(url)
        wait_until_ready(site)
        site.sign_in("admin", password)
        started = time.monotonic()
        record = run(site, asked.requests, asked.changes, asked.clients)
        seconds = time.monotonic() - started
    delays = record.delays()
    found = {
        "requests": len(record.answers) + len(record.errors),
        "errors": len(record.errors),
        "changes": len(record.changes),
        "answers out of order": len(record.out_of_order()),
        "slowest until the new version answered, ms": round(1000 * max(delays), 1),
        "seconds": round(seconds, 1),
        **machine("celery", "django"),
    }
    print(json.dumps(found, indent=2))
    if record.errors or record.out_of_order() or max(delays) > 2:
        raise SystemExit(f"Something is wrong: {record.errors[:3]} {record.out_of_order()[:3]}")


if __name__ == "__main__":
    main()
