"""What an answer costs."""

import statistics
import time
from collections.abc import Callable

ROUNDS = 9  # of a trial, whose middle time counts


def milliseconds(trial: Callable[[], object]) -> float:
    """The middle time of several runs."""
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        trial()
        spent.append(1000 * (time.perf_counter() - started))
    return round(statistics.median(spent), 3)
