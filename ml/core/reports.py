"""How a training stands, for whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass

Point = dict[str, float]  # of the curves: epoch, its losses and accuracies, seconds


@dataclass(frozen=True)
class Report:
    """How a training stands. share: done of all that was asked, 0..1; epochs: planned; curves: of this seed so far."""

    share: float
    step: str
    seed: int
    epochs: int
    curves: list[Point]


Watch = Callable[[Report], None]


def unwatched(report: Report) -> None:
    """Where nobody watches."""
