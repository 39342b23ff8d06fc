"""Servers that answer, asked in turn so that each meets the same machine; the clients use it too."""

import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.load import Load, Requests, load
from benchmarks.machine import machine
from benchmarks.own_site import ROOT, wait_for_port
from benchmarks.processes import cpu_seconds

PACKAGES = ("Django", "gunicorn", "onnxruntime", "torch")


@dataclass
class Way:
    """A server that answers: where, to what requests, and the processes whose CPU is counted, by what they do."""

    name: str
    port: int
    requests: Requests
    processes: dict[str, list[int]]
    loads: dict[int, list[Load]] = field(default_factory=dict)
    cpu: dict[int, list[dict[str, float]]] = field(default_factory=dict)  # seconds an answer

    def measure(self, clients: int, seconds: float) -> None:
        before = self.cpu_seconds()
        one = load(("127.0.0.1", self.port), self.requests, clients, seconds)
        used = {name: (now - before[name]) / one.answers for name, now in self.cpu_seconds().items()}
        self.loads.setdefault(clients, []).append(one)
        self.cpu.setdefault(clients, []).append(used)

    def cpu_seconds(self) -> dict[str, float]:
        own = {name: sum(map(cpu_seconds, roots)) for name, roots in self.processes.items()}
        return own | {"clients": time.process_time()}


@contextmanager
def serving(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def measure_in_turn(
    ways: Sequence[Way], clients: Sequence[int], rounds: int, seconds: float, between: Callable[[], None]
) -> None:
    """So many rounds; `between` is called at the end of each."""
    for way in ways:
        load(("127.0.0.1", way.port), way.requests, 4, 2)  # nobody meets a cold server
    for _ in range(rounds):
        for count in clients:
            for way in ways:
                way.measure(count, seconds)
        between()


def median_load(loads: Sequence[Load]) -> Load:
    """Of each figure by itself."""
    columns = zip(*(asdict(one).values() for one in loads), strict=True)
    return Load(*(statistics.median(column) for column in columns))


def figures(ways: Sequence[Way]) -> dict[str, Any]:
    """For machines."""
    return {
        way.name: {"loads": {n: list(map(asdict, one)) for n, one in way.loads.items()}, "cpu": way.cpu}
        for way in ways
    }


def print_table(ways: Sequence[Way], rounds: int, seconds: float, targets: dict[int, str]) -> None:
    """targets: what the first of the ways is to reach with so many clients."""
    for name, text in machine(*PACKAGES).items():
        print(f"{name:9}{text}")
    print(f"Medians of {rounds} rounds of {seconds:g} s; the clients run on the same cores.\n")
    print(f"{'':18}{'clients':>8}{'answers/s':>11}{'p50':>8}{'p95':>8}{'p99':>8} ms   CPU ms an answer")
    for way in ways:
        for clients in way.loads:
            print(row(way, clients, targets.get(clients, "") if way is ways[0] else ""))


def row(way: Way, clients: int, target: str) -> str:
    one = median_load(way.loads[clients])
    cpu = {
        name: statistics.median(used[name] for used in way.cpu[clients]) * 1000
        for name in way.cpu[clients][0]
    }
    times = "".join(f"{seconds * 1000:8.1f}" for seconds in (one.p50, one.p95, one.p99))
    parts = ", ".join(f"{name} {spent:.1f}" for name, spent in cpu.items())
    return (
        f"{way.name:18}{clients:8}{one.rate:11.1f}{times}      {parts}{target and f'   (target: {target})'}"
    )
