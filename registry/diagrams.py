"""A card's confusion matrix as a table and its reliability as a diagram."""

from dataclasses import dataclass
from typing import Any

from registry.curves import BOTTOM, LEFT, TOP, Scale, Tick

SIDE = 286  # of the square diagram
RIGHT = LEFT + SIDE
SHADES = (0.0, 0.01, 0.05, 0.2, 0.5)  # shares of a row from which on a cell is darker


@dataclass(frozen=True)
class Cell:
    """shade: 0, nothing, to 5."""

    count: int
    shade: int
    is_right: bool


@dataclass(frozen=True)
class Confusion:
    """columns: the classes, and where pictures had no answer a dash; rows: a class, its cells."""

    columns: list[str]
    rows: list[tuple[str, list[Cell]]]


def confusion(card: dict[str, Any]) -> Confusion | None:
    counts, classes = card.get("confusion"), card.get("classes", [])
    if not counts:
        return None
    rows = [
        (name, [cell(count, sum(row), at == place) for place, count in enumerate(row)])
        for at, (name, row) in enumerate(zip(classes, counts, strict=False))
    ]
    return Confusion([*classes, "–"][: len(counts[0])], rows)


def cell(count: int, total: int, is_right: bool) -> Cell:
    return Cell(count, sum(count > share * total for share in SHADES), is_right)


@dataclass(frozen=True)
class Reliability:
    """points: (x, y, radius, text) of each bin of confidence; the diagonal is where answers are as right as sure."""

    points: list[tuple[str, str, str, str]]
    ticks: list[Tick]
    levels: list[Tick]
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM


def reliability(card: dict[str, Any]) -> Reliability | None:
    bins = card.get("reliability")
    if not bins:
        return None
    across, up = Scale(0, 1, LEFT, RIGHT), Scale(0, 1, BOTTOM, TOP)
    most = max(one["count"] for one in bins)
    shares = [0, 0.25, 0.5, 0.75, 1]
    return Reliability(
        [
            (
                across.at(one["confidence"]),
                up.at(one["accuracy"]),
                f"{4 + 8 * (one['count'] / most) ** 0.5:.1f}",
                f"{one['confidence']:.1%} → {one['accuracy']:.1%} ({one['count']})",
            )
            for one in bins
        ],
        [Tick(across.at(share), f"{share:.0%}") for share in shares],
        [Tick(up.at(share), f"{share:.0%}") for share in shares],
    )
