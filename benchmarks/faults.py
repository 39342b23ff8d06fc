#!/usr/bin/env python
"""What happens to people's jobs when things die: workers, web, supervisor, Redis, PostgreSQL, and under a hostile file.

    python benchmarks/faults.py [--jobs 300] [--kills 10] [--json]       the way of `make run`
    DATABASE_URL=postgres://… REDIS_URL=redis://… python benchmarks/faults.py     the way between machines
    python benchmarks/faults.py --services        that way on a PostgreSQL and a Redis of its own, which die, too
    python benchmarks/faults.py --jobs 20 --kills 1 --faults work,quick,web,supervisor     the short form

Several people ask for jobs of all kinds while processes are killed with SIGKILL. A kill counts only where a job of that
process was running and the process used the processor in that second. Ctrl-C ends the faults early. Exit status 1 where
a job was lost, done twice, got stuck, or failed without being the hostile one.
"""

import argparse
import json
import os
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.fault_injection import NEVER, Faults  # noqa: E402
from benchmarks.fault_jobs import (  # noqa: E402
    OF_ADMINS,
    OF_ALL,
    OPEN,
    Ledger,
    Person,
    live,
)
from benchmarks.fault_site import ROOT, FaultySite, Machines, OneMachine, Rows, Services  # noqa: E402
from benchmarks.fault_verdict import all_jobs, verdict  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from tests.support.tiny_mnist import write_mnist  # noqa: E402

PEOPLE = 5
OTHERS = ("hostile", "stop", "redis", "postgres")


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
        with suppress(KeyboardInterrupt):
            cause(faults, site, services, asked)
        while len(ledger.accepted) < asked.jobs and any(thread.is_alive() for thread in threads):
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
        faults.strike("redis", services.lose_redis)
    if services and "postgres" in asked.faults:
        faults.strike("postgres", services.crash_postgres)
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
        hostile = faults.record.hostile
        wrong = verdict(site.rows, ledger, hostile)
        jobs = all_jobs(site.rows)
    found = {
        "way": type(site).__name__,
        "jobs": Counter(job.task for job in jobs.values()),
        "ended": Counter(job.status for job in jobs.values()),
        "kills that counted": faults.record.kills,
        "kills for want of work left out": faults.record.missed,
        "longest until the queue came on, s": shown(faults.record.first),
        "longest until the interrupted jobs went on, s": shown(faults.record.again),
        "hostile file": jobs[hostile].status if hostile in jobs else hostile,
        **{what: len(cases) for what, cases in wrong.items()},
        "seconds": round(time.monotonic() - started),
        **machine("celery", "django"),
    }
    show(found, wrong, asked.json)
    if any(wrong.values()) or NEVER in {*faults.record.first.values(), *faults.record.again.values()}:
        raise SystemExit(1)


def shown(longest: dict[str, float]) -> dict[str, float | str]:
    return {role: "never" if seconds == NEVER else round(seconds, 1) for role, seconds in longest.items()}


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
        text = ", ".join(f"{name} {one}" for name, one in value.items()) if isinstance(value, dict) else value
        print(f"{what:<46} {'-' if text == '' else text}")
    for what, cases in wrong.items():
        for case in cases[:10]:
            print(f"WRONG: {what}: {case}")


if __name__ == "__main__":
    main()
