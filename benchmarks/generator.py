#!/usr/bin/env python
"""How many faces a second come through the queue, beside what the bare networks draw?

    python benchmarks/generator.py                    the table that docs/models.md quotes
    python benchmarks/generator.py --json             the same for machines
    python benchmarks/generator.py --only stylegan    one network

For each network, in turn and all in one run:

    bare      its loop alone, in this process: wish in, pixels out, in the batches that the worker takes, too
    queue     orders of 64 by one person through row, dispatcher and worker to the committed PNG files
    small     while one person's orders of 64 are drawn, another asks for one face: how long it waits, in batches

The worker is one process, as `manage.py up` starts it, and has a GPU where there is one. Needs no web server.
Exit status 1 where the share of the bare loop is below the target or a small order waits for more than one batch.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import django
import torch
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# A site of its own, without web: its settings are read when Django is set up, which what follows waits for.
FOLDER = tempfile.TemporaryDirectory(prefix="nunbit-bench-")
os.environ |= {
    "DATA_DIR": FOLDER.name,
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOG_LEVEL": "ERROR",
}
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)
django.setup()

from accounts.models import User  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from generator.models import Face, Order  # noqa: E402
from generator.serializers import OrderRequestSerializer  # noqa: E402
from generator.services import draw  # noqa: E402
from generator.tasks import MOMENT  # noqa: E402 - it sets torch to one thread, as in the worker
from jobs.management.commands.up import worker  # noqa: E402
from jobs.models import OPEN, Job, Status  # noqa: E402
from jobs.services import cancel  # noqa: E402
from ml.core.cards import WEIGHTS_FOLDER, Card  # noqa: E402
from ml.faces.drawing import Drawer, FaceRequest, load_drawer  # noqa: E402

NETWORKS = ("gan", "dcgan", "stylegan")
FULL = 64  # faces of an order
TARGET = 0.9  # of the bare loop
PATIENCE = 150  # seconds


@dataclass
class Figures:
    """Faces a second, medians of the rounds; of small orders the slowest: seconds until its face was begun, and how
    many batches of the large order were drawn meanwhile."""

    network: str
    bare: float
    queue: float
    share: float
    small_seconds: float
    small_batches: int
    batch: int  # faces between two commits


def main() -> int:
    options = parse()
    with FOLDER, site():
        rows = [measure(name, options) for name in options.only or NETWORKS]
    report(rows, options)
    return 0 if all(row.share >= TARGET and row.small_batches <= 1 for row in rows) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement, about")
    parser.add_argument("--only", choices=NETWORKS, nargs="*")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


# --- the site


@contextmanager
def site() -> Iterator[None]:
    """Its database and its worker."""
    call_command("migrate", verbosity=0)
    with log().open("wb") as out:
        process = subprocess.Popen(worker("work"), cwd=ROOT, env=os.environ, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def log() -> Path:
    return Path(FOLDER.name) / "log"


def person(name: str) -> User:
    return User.objects.get_or_create(username=name)[0]


def order(owner: User, network: str, count: int, seed: int) -> Order:
    ask = OrderRequestSerializer(data={"model": network, "count": count, "seed": seed})
    ask.is_valid(raise_exception=True)
    return draw(owner=owner, **ask.validated_data)


def wait(orders: Sequence[Order]) -> None:
    """Until all of them are drawn."""
    jobs = Job.objects.filter(pk__in=[one.job_id for one in orders])
    deadline = time.monotonic() + PATIENCE
    while jobs.filter(status__in=OPEN).exists():
        if time.monotonic() > deadline:
            raise SystemExit(f"The worker does not draw.\n{log().read_text()[-2000:]}")
        time.sleep(0.1)
    failed = jobs.exclude(status="done").first()
    if failed:
        raise SystemExit(f"An order is {failed.status}: {failed.error}")
    for one in orders:
        one.job.refresh_from_db()


# --- measuring


def measure(network: str, options: argparse.Namespace) -> Figures:
    drawer = bare_drawer(network)
    wait([order(person("warm"), network, FULL, 0)])
    rounds = [measure_round(drawer, network, options.seconds) for _ in range(options.rounds)]
    bare, queue, batch = (statistics.median(one[place] for one in rounds) for place in (0, 1, 2))
    share = statistics.median(one[1] / one[0] for one in rounds)
    smalls = [small_order(network, math.ceil(2 * bare / FULL) + 2) for _ in range(options.rounds)]
    seconds, batches = (max(column) for column in zip(*smalls, strict=True))
    return Figures(network, bare, queue, share, seconds, batches, round(batch))


def bare_drawer(network: str) -> Drawer:
    return load_drawer(Card.load(WEIGHTS_FOLDER, network), WEIGHTS_FOLDER)


def measure_round(drawer: Drawer, network: str, seconds: float) -> tuple[float, float, float]:
    """Faces a second bare, before and after, and through the queue; and faces between two commits."""
    before = bare_rate(drawer, seconds / 2)
    orders = [
        order(person("alice"), network, FULL, FULL * number)
        for number in range(max(2, math.ceil(before * seconds / FULL)))
    ]
    wait(orders)
    began = min(one.job.started_at for one in orders)
    ended = max(one.job.ended_at for one in orders)
    queue = FULL * len(orders) / (ended - began).total_seconds()
    after = bare_rate(drawer, seconds / 2)
    return (before + after) / 2, queue, batch_size(drawer, queue)


def batch_size(drawer: Drawer, rate: float) -> float:
    return min(FULL, drawer.batch * math.ceil(max(MOMENT * rate, 1) / drawer.batch))


def bare_rate(drawer: Drawer, seconds: float) -> float:
    drawn, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        drawer.draw([FaceRequest(seed) for seed in range(drawn, drawn + drawer.batch)])
        drawn += drawer.batch
    return drawn / (time.perf_counter() - started)


def small_order(network: str, large: int) -> tuple[float, int]:
    """Seconds that another's single face waits until its turn, and how often the large orders keep faces meanwhile."""
    many = [order(person("alice"), network, FULL, FULL * number) for number in range(large)]
    theirs = Face.objects.filter(order__in=many)
    while theirs.count() < FULL // 2:
        time.sleep(0.005)
    one = order(person("bob"), network, 1, 1)
    kept = {theirs.count()}
    while one.job.status == Status.QUEUED:
        kept.add(theirs.count())
        one.job.refresh_from_db()
    wait([one])
    waited = (one.job.started_at - one.job.created_at).total_seconds()
    for large_one in many:
        cancel(job=large_one.job)
    return waited, len(kept) - 1


# --- printing


def measured_on() -> dict[str, str]:
    has_gpu = torch.cuda.is_available()
    gpu = torch.cuda.get_device_name() if has_gpu else "none: drawn on the CPU, one thread"
    return machine("torch") | {"gpu": gpu}


def report(rows: Sequence[Figures], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(measured_on() | {"networks": [asdict(row) for row in rows]}))
        return
    for name, value in measured_on().items():
        print(f"{name:9} {value}")
    print(
        f"\n{options.rounds} rounds of about {options.seconds:g} s; orders of {FULL}; target {TARGET} of bare\n"
    )
    print("network    bare, faces/s    queue, faces/s    share    a batch    a small order waits")
    for row in rows:
        waits = f"{1000 * row.small_seconds:.0f} ms, {row.small_batches} batches"
        print(
            f"{row.network:9} {row.bare:14.1f} {row.queue:17.1f} {row.share:8.2f} {row.batch:10} {waits:>22}"
        )


if __name__ == "__main__":
    sys.exit(main())
