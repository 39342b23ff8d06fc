#!/usr/bin/env python
"""How many answers a second does a small computer give to people who have digits read, and how long does each take?

    python benchmarks/digits.py             the table that docs/models.md quotes (make bench)
    python benchmarks/digits.py --json      the same for machines
    python benchmarks/digits.py --gradio ~/gradio/bin/python    a Python that has gradio and onnxruntime

1, 16 and 64 clients post 784 numbers, each anew as soon as it has its answer, in turn to

    Nunbit          `manage.py up`: token, row, queue, worker, stored result (`Prefer: wait`)
    tutorial        the same network loaded from its file in every request, under the same server; nothing is kept
    Gradio          the same network, loaded once, without its queue, the fastest way it has; nothing is kept

and beside them runs a plain loop over the network: what one thread of one core could do. All in one run, in turn, so
that each meets the same machine; the clients use it too. Exit status 1 where a target is missed.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402

from benchmarks.client import Site  # noqa: E402
from benchmarks.load import Requests, post  # noqa: E402
from benchmarks.machine import machine  # noqa: E402
from benchmarks.own_site import ROOT, free_port, own_site  # noqa: E402
from benchmarks.processes import wait_until_calm  # noqa: E402
from benchmarks.ways import (  # noqa: E402
    PACKAGES,
    Way,
    figures,
    measure_in_turn,
    median_load,
    print_table,
    serving,
)
from ml.core.cards import WEIGHTS_FOLDER, Card  # noqa: E402
from ml.core.engine import load_engine  # noqa: E402
from ml.digits.reader import DigitReader  # noqa: E402
from tests.support.strokes import drawing  # noqa: E402

CLIENTS = (1, 16, 64)
BATCHES = (1, 4, 16, 64, 256)
PICTURES = 50
TARGETS = {1: "p50 at most 20 ms", 16: "at least 300/s, p99 below 150 ms"}


def main() -> int:
    options = parse()
    pictures = [drawing(place % 10, np.random.default_rng(place)) for place in range(PICTURES)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="nunbit-bench-")))
        reader = read_as_shipped(folder)
        ways = [stack.enter_context(nunbit(pictures)), stack.enter_context(tutorial(pictures))]
        if options.gradio:
            ways.append(stack.enter_context(gradio(pictures, options.gradio, next(folder.glob("*.onnx")))))
        loops = measure_all(ways, reader, pictures, options)
    report(ways, loops, options)
    return 0 if meets_targets(ways[0]) else 1


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4, help="of each measurement")
    has_gradio = find_spec("gradio") is not None
    parser.add_argument("--gradio", type=Path, default=Path(sys.executable) if has_gradio else None)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def read_as_shipped(folder: Path) -> DigitReader:
    card = Card.load(WEIGHTS_FOLDER, "digits")
    return DigitReader(load_engine(card, WEIGHTS_FOLDER, folder, "cpu"))


# --- who answers


@contextmanager
def nunbit(pictures: Sequence[NDArray[np.uint8]]) -> Iterator[Way]:
    with own_site() as site:
        user = Site(site.url)
        user.sign_in("admin", site.password)
        headers = {"Authorization": f"Bearer {user.token}", "Prefer": "wait=30"}
        requests = requests_of(pictures, "/api/digits/", "pixels", headers)
        wait_until_calm(site.workers())
        yield Way("Nunbit", site.port, requests, {"web": site.web(), "worker": site.workers()})


@contextmanager
def tutorial(pictures: Sequence[NDArray[np.uint8]]) -> Iterator[Way]:
    port = free_port()
    server = ["-m", "gunicorn", "benchmarks.tutorial_site:application", "--bind", f"127.0.0.1:{port}"]
    worker = "config.waitress_worker.WaitressWorker"
    command = [sys.executable, *server, "--worker-class", worker, "--workers", "2", "--threads", "16"]
    with serving(command, port) as process:
        yield Way("tutorial", port, requests_of(pictures, "/", "pixels"), {"server": [process.pid]})


@contextmanager
def gradio(pictures: Sequence[NDArray[np.uint8]], python: Path, network: Path) -> Iterator[Way]:
    port = free_port()
    command = [str(python), str(ROOT / "benchmarks" / "gradio_site.py"), str(network), str(port)]
    with serving(command, port) as process:
        requests = requests_of(pictures, "/gradio_api/run/read", "data")
        yield Way("Gradio", port, requests, {"server": [process.pid]})


def requests_of(
    pictures: Sequence[NDArray[np.uint8]], path: str, name: str, headers: dict[str, str] | None = None
) -> Requests:
    """The tutorial's payload: 784 numbers from 0 to 1; Gradio wants its arguments in a list."""
    numbers = [np.round(picture.ravel() / 255, 4).tolist() for picture in pictures]
    bodies = [json.dumps({name: [one] if name == "data" else one}).encode() for one in numbers]
    kind = {"Content-Type": "application/json"}
    return [post("127.0.0.1", path, body, kind | (headers or {})) for body in bodies]


# --- measuring


def measure_all(
    ways: Sequence[Way],
    reader: DigitReader,
    pictures: Sequence[NDArray[np.uint8]],
    options: argparse.Namespace,
) -> dict[int, list[float]]:
    """Everything in turn; answers a second of the plain loop by the size of its batches."""
    loops: dict[int, list[float]] = {size: [] for size in BATCHES}

    def measure_loops() -> None:
        for size, rates in loops.items():
            rates.append(loop_rate(reader, pictures, size))

    measure_in_turn(ways, CLIENTS, options.rounds, options.seconds, measure_loops)
    return loops


def loop_rate(reader: DigitReader, pictures: Sequence[NDArray[np.uint8]], size: int) -> float:
    batch = np.stack([pictures[place % len(pictures)] for place in range(size)])
    passes, started = 0, time.perf_counter()
    while time.perf_counter() - started < 0.5:
        reader.logits(batch)
        passes += 1
    return passes * size / (time.perf_counter() - started)


def meets_targets(way: Way) -> bool:
    one, sixteen = median_load(way.loads[1]), median_load(way.loads[16])
    return one.p50 <= 0.020 and sixteen.rate >= 300 and sixteen.p99 < 0.150


# --- printing


def report(ways: Sequence[Way], loops: dict[int, list[float]], options: argparse.Namespace) -> None:
    medians = {size: statistics.median(rates) for size, rates in loops.items()}
    if options.json:
        print(json.dumps(machine(*PACKAGES) | figures(ways) | {"loop": medians}))
        return
    print_table(ways, options.rounds, options.seconds, TARGETS)
    if not options.gradio:
        print("Gradio    not installed here: --gradio PYTHON names a Python that has it")
    best = max(medians, key=lambda size: medians[size])
    print(f"\nA plain loop, one thread: {medians[best]:.0f}/s in batches of {best}", end=" (")
    print(", ".join(f"{size}: {rate:.0f}" for size, rate in medians.items()), end=")\n")


if __name__ == "__main__":
    sys.exit(main())
