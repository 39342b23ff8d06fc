"""What the processes of a server used, from /proc."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
CALM = 0.1  # seconds of CPU in a second


def children(pid: int) -> list[int]:
    """Those of all its threads."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for some in lists for child in some.read_text().split()]


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def cpu_seconds(pid: int) -> float:
    """Of a process and all below it that still run; those that open files come and go."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS + sum(map(cpu_seconds, children(pid)))
    except OSError:
        return 0.0


def wait_until_calm(pids: Sequence[int], seconds: int = 300) -> None:
    """For as long as these have much to do by themselves: at its first start a worker readies its networks."""
    for _ in range(seconds):
        before = sum(map(cpu_seconds, pids))
        time.sleep(1)
        if sum(map(cpu_seconds, pids)) - before < CALM:
            return


def resident(pid: int) -> float:
    """MB of a process and all below it that are in memory."""
    try:
        own = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        return own + sum(map(resident, children(pid)))
    except OSError:
        return 0.0
