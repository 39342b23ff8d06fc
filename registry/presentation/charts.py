"""Charts for SVG: training curves (losses on the left axis, accuracies on the right one) and reliability; confusion
matrices as tables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Point = dict[str, float]

LEFT, RIGHT, TOP, BOTTOM = 72, 640, 14, 300  # of the plot within 720 x 350
LETTER = 22  # wide and high, as phones draw it
SQUARE = LEFT + BOTTOM - TOP  # the right side of one that is as wide as high
LINES = {
    "train_loss": _("Training loss"),
    "validation_loss": _("Validation loss"),
    "train_accuracy": _("Training accuracy"),
    "validation_accuracy": _("Validation accuracy"),
    "generator_loss": _("Generator's loss"),
    "discriminator_loss": _("Discriminator's loss"),
    "w_loss": _("Distance from the right latent"),
    "likeness_loss": _("Distance from the right picture"),
}


@dataclass(frozen=True)
class Tick:
    at: str  # x or y
    text: str


@dataclass(frozen=True)
class ChartLine:
    """points: as SVG's polyline takes them; last: the newest value; letter: of the training, where several are drawn;
    letter_at: x and y of it, beside the line's end."""

    name: str
    label: str | Promise
    points: str
    last: str
    letter: str = ""
    letter_at: tuple[float, float] = (0, 0)

    @property
    def named(self) -> str:
        return f"{self.letter} {self.label}".strip()

    @property
    def end(self) -> tuple[float, float]:
        x, y = self.points.rpartition(" ")[2].split(",")
        return float(x), float(y)


@dataclass(frozen=True)
class Chart:
    """rows: of each point of the curves its epoch, its values in the order of the lines, and its seconds; those are
    left out where several trainings are drawn."""

    lines: list[ChartLine]
    rows: list[tuple[float, Sequence[float | None], float | None]]
    losses: list[Tick]
    accuracies: list[Tick]
    epochs: list[Tick]
    left: int = LEFT
    right: int = RIGHT
    middle: int = (LEFT + RIGHT) // 2

    @property
    def is_timed(self) -> bool:
        return not any(line.letter for line in self.lines)


@dataclass(frozen=True)
class Scale:
    """From low to high: on the picture, from start to end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> str:
        share = (value - self.low) / ((self.high - self.low) or 1)
        return f"{self.start + share * (self.end - self.start):.1f}"


def training_chart(curves: Sequence[Point], planned: int = 0) -> Chart | None:
    """The plot of `curves`, its axis long enough for the planned epochs; None where there is nothing to plot."""
    if not curves:
        return None
    names = [name for name in LINES if name in curves[0]]
    across, losses, accuracies = axes([curves], names, planned)
    return drawn(
        [chart_line(name, curves, across, losses if "loss" in name else accuracies) for name in names],
        [(point["epoch"], [point[name] for name in names], point.get("seconds")) for point in curves],
        (across, losses, accuracies),
    )


def comparison_chart(runs: Sequence[tuple[str, Sequence[Point]]]) -> Chart | None:
    """(letter, curves) of trainings of one kind, without what is of the examples that they learn from; None where there
    is nothing to plot."""
    begun = [(letter, curves) for letter, curves in runs if curves]
    if not begun:
        return None
    names = [name for name in LINES if not name.startswith("train_") and all(name in c[0] for _l, c in begun)]
    across, losses, accuracies = axes([curves for _letter, curves in begun], names)
    drawn_of = [(name, letter, curves) for name in names for letter, curves in begun]
    lines = [
        chart_line(name, curves, across, losses if "loss" in name else accuracies, letter)
        for name, letter, curves in drawn_of
    ]
    values = [{point["epoch"]: point[name] for point in curves} for name, _letter, curves in drawn_of]
    epochs = sorted({epoch for known in values for epoch in known})
    rows = [(epoch, [known.get(epoch) for known in values], None) for epoch in epochs]
    return drawn(lettered(lines), rows, (across, losses, accuracies))


def lettered(lines: Sequence[ChartLine]) -> list[ChartLine]:
    """With a letter above the end of each, all within the plot and none on another: those move towards its middle."""
    taken: list[tuple[float, float]] = []
    for line in lines:
        x, y = line.end
        x, y = max(x, LEFT + LETTER), max(y - 5, TOP + LETTER)
        step = -LETTER if x > (LEFT + RIGHT) / 2 else LETTER
        while any(abs(x - left) < LETTER and abs(y - foot) < LETTER for left, foot in taken):
            x += step
        taken.append((x, y))
    return [replace(line, letter_at=place) for line, place in zip(lines, taken, strict=True)]


Axes = tuple[Scale, Scale, Scale]  # epochs, losses, accuracies


def axes(runs: Sequence[Sequence[Point]], names: Sequence[str], planned: int = 0) -> Axes:
    losses, accuracies = (
        scale([point[name] for curves in runs for point in curves for name in names if word in name], base)
        for word, base in (("loss", 0.0), ("accuracy", 1.0))
    )
    first, last = min(curves[0]["epoch"] for curves in runs), max(curves[-1]["epoch"] for curves in runs)
    return Scale(min(1, first), max(planned, last, 2), LEFT, RIGHT), losses, accuracies


def drawn(
    lines: list[ChartLine], rows: list[tuple[float, Sequence[float | None], float | None]], along: Axes
) -> Chart:
    across, losses, accuracies = along
    return Chart(
        lines=lines,
        rows=rows,
        losses=[Tick(losses.at(value), f"{value:g}") for value in ticks(losses)],
        accuracies=[Tick(accuracies.at(value), f"{value * 100:g} %") for value in ticks(accuracies)]
        if any("accuracy" in line.name for line in lines)
        else [],
        epochs=[Tick(across.at(value), f"{value:g}") for value in ticks(across) if value == int(value)],
    )


def scale(values: Sequence[float], base: float) -> Scale:
    """An upright axis with all values and the base: 0 below losses, 1 above accuracies."""
    least, most = min([*values, base]), max([*values, base])
    step = nice((most - least) / 4)
    low, high = math.floor(least / step + 1e-9), math.ceil(most / step - 1e-9)
    if low == high:  # all at the base: the line lies on that side of the plot
        low, high = (low - 1, high) if base else (low, high + 1)
    return Scale(low * step, high * step, BOTTOM, TOP)


def chart_line(name: str, curves: Sequence[Point], across: Scale, up: Scale, letter: str = "") -> ChartLine:
    points = [f"{across.at(point['epoch'])},{up.at(point[name])}" for point in curves]
    last = curves[-1][name]
    text = f"{last:.4f}" if "loss" in name else f"{last:.2%}"
    return ChartLine(name, LINES[name], " ".join(points if len(points) > 1 else points * 2), text, letter)


def ticks(axis: Scale) -> list[float]:
    """Round numbers along an axis, about five of them."""
    step = nice((axis.high - axis.low) / 4)
    first, last = math.ceil(axis.low / step - 1e-9), math.floor(axis.high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def nice(step: float) -> float:
    """The next of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... that is not smaller."""
    power = 10.0 ** math.floor(math.log10(step or 1))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * (1 - 1e-9))


SHADES = (0.0, 0.01, 0.05, 0.2, 0.5)  # shares of a row from which on a cell is darker


@dataclass(frozen=True)
class ConfusionCell:
    """shade: 0, nothing, to 5."""

    count: int
    shade: int
    is_right: bool


@dataclass(frozen=True)
class ConfusionTable:
    """columns: the classes, and where pictures had no answer a dash; rows: a class, its cells."""

    columns: list[str]
    rows: list[tuple[str, list[ConfusionCell]]]


def confusion_table(card: dict[str, Any]) -> ConfusionTable | None:
    counts, classes = card.get("confusion"), card.get("classes", [])
    if not counts:
        return None
    rows = [
        (name, [cell(count, sum(row), at == place) for place, count in enumerate(row)])
        for at, (name, row) in enumerate(zip(classes, counts, strict=False))
    ]
    return ConfusionTable([*classes, "–"][: len(counts[0])], rows)


def cell(count: int, total: int, is_right: bool) -> ConfusionCell:
    return ConfusionCell(count, sum(count > share * total for share in SHADES), is_right)


@dataclass(frozen=True)
class ReliabilityChart:
    """points: (x, y, radius, text) of each bin of confidence; the diagonal is where answers are as right as sure."""

    points: list[tuple[str, str, str, str]]
    ticks: list[Tick]
    levels: list[Tick]
    left: int = LEFT
    right: int = SQUARE
    top: int = TOP
    bottom: int = BOTTOM


def reliability_chart(card: dict[str, Any]) -> ReliabilityChart | None:
    bins = card.get("reliability")
    if not bins:
        return None
    across, up = Scale(0, 1, LEFT, SQUARE), Scale(0, 1, BOTTOM, TOP)
    most = max(level["count"] for level in bins)
    shares = [0, 0.25, 0.5, 0.75, 1]
    return ReliabilityChart(
        [
            (
                across.at(level["confidence"]),
                up.at(level["accuracy"]),
                f"{4 + 8 * (level['count'] / most) ** 0.5:.1f}",
                f"{level['confidence']:.1%} → {level['accuracy']:.1%} ({level['count']})",
            )
            for level in bins
        ],
        [Tick(across.at(share), f"{share:.0%}") for share in shares],
        [Tick(up.at(share), f"{share:.0%}") for share in shares],
    )
