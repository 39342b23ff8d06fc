"""How much memory a site takes while something is done to it, and an end to it before the machine suffers."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fault_site import below
from benchmarks.own_site import OwnSite

MOST = 4e9  # bytes of the whole tree: then it is killed
EVERY = 0.05  # seconds


@dataclass
class Peak:
    """MB above what the site took before: of all its processes, of those that serve pages."""

    tree: float = 0
    web: float = 0


class MemoryWatcher:
    """Looks at a site twenty times a second."""

    def __init__(self, site: OwnSite) -> None:
        self.site, self.peak, self.was_killed = site, Peak(), False
        self.web = frozenset(pid for child in site.web() for pid in (child, *below(child)))
        self.idle = self.look()
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def look(self) -> Peak:
        """MB of now. What processes share is counted once (PSS)."""
        up = self.site.up.pid
        found = {pid: proportional(pid) for pid in (up, *below(up))}
        return Peak(sum(found.values()) / 1e6, sum(found.get(pid, 0) for pid in self.web) / 1e6)

    def watch(self) -> None:
        while not self.is_over.wait(EVERY):
            now = self.look()
            self.peak.tree = max(self.peak.tree, now.tree - self.idle.tree)
            self.peak.web = max(self.peak.web, now.web - self.idle.web)
            if now.tree * 1e6 > MOST:
                self.kill()

    def kill(self) -> None:
        self.was_killed = True
        for pid in (self.site.up.pid, *below(self.site.up.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def next_peak(self) -> Peak:
        """What was highest since the last call, above what was taken then: networks that others had loaded stay."""
        found, self.peak, self.idle = self.peak, Peak(), self.look()
        return found


@contextmanager
def watched(site: OwnSite) -> Iterator[MemoryWatcher]:
    watcher = MemoryWatcher(site)
    watcher.thread.start()
    try:
        yield watcher
    finally:
        watcher.is_over.set()
        watcher.thread.join()


def proportional(pid: int) -> int:
    """Bytes in memory, of what is shared its share; 0 for a process that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
