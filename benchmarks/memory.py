"""How much memory a fresh worker gains while it reads one large upload; `grading.py` starts this.

    python benchmarks/memory.py SMALL_JOB LARGE_JOB       (DATA_DIR says where)

The small job loads everything first; printed is by how many MB the large one rises above it at its highest.
"""

# ruff: noqa: E402 (Django is set up before its models are imported)

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

django.setup()

from benchmarks.processes import resident
from grading import tasks


def main(small: str, large: str) -> None:
    tasks.read_scan(small)
    before = resident(os.getpid())
    with highest() as seen:
        tasks.read_scan(large)
    print(max(seen) - before)


@contextmanager
def highest() -> Iterator[list[float]]:
    """Looks at the memory twenty times a second."""
    seen, ended = [resident(os.getpid())], threading.Event()

    def look() -> None:
        while not ended.wait(0.05):
            seen.append(resident(os.getpid()))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
