"""Trainings of one kind side by side: their curves in one chart, what was set otherwise, what they took, and how good
their versions are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.models import TrainingRun, name_of_network
from registry.presentation.charts import Chart, comparison_chart
from registry.presentation.metrics import Row, direction, formatted, measure_label
from registry.trainings import Source
from web.durations import duration

LETTERS = "ABCD"  # what the runs are called on that page
Text = str | Promise


@dataclass(frozen=True)
class RunRow:
    """One thing of all runs; best: the places of those that are best in it, where that can be said."""

    label: Text
    texts: list[str]
    best: tuple[int, ...] = ()


def side_by_side(runs: Sequence[TrainingRun]) -> dict[str, object]:
    """What the page shows of two to four."""
    return {
        "lettered": list(zip(LETTERS, runs, strict=False)),
        "chart": chart_of(runs),
        "settings": differing(runs),
        "durations": durations(runs),
        "figures": figures_on_same_sets(runs),
    }


def chart_of(runs: Sequence[TrainingRun]) -> Chart | None:
    return comparison_chart([(letter, run.curves) for letter, run in zip(LETTERS, runs, strict=False)])


SETTINGS: list[tuple[Text, Callable[[TrainingRun], object]]] = [
    (gettext_lazy("Architecture"), lambda run: name_of_network(run.architecture)),
    (gettext_lazy("What it learned from"), lambda run: source_text(run)),
    (gettext_lazy("Seed"), lambda run: run.seed),
    (gettext_lazy("Epochs planned"), lambda run: run.epochs),
    (gettext_lazy("Goes on from"), lambda run: origin_text(run)),
]


# Those of the configs of architectures that can be trained here (ml/kinds.py)
CONFIG_NAMES: dict[str, Text] = {
    "blocks": gettext_lazy("Residual blocks of each stage"),
    "channels": gettext_lazy("Feature maps"),
    "classes": gettext_lazy("Answers"),
    "dense": gettext_lazy("Neurons before the answer"),
    "depth": gettext_lazy("Depth"),
    "dropout": gettext_lazy("Share that is hidden while it learns"),
    "edits": gettext_lazy("Edits that it knows"),
    "hidden": gettext_lazy("Neurons of the hidden layers"),
    "inputs": gettext_lazy("Pictures that go in"),
    "judging": gettext_lazy("Neurons of the discriminator"),
    "latent": gettext_lazy("Numbers of a seed"),
    "mapping": gettext_lazy("Layers that map the seed"),
    "mapping_rate": gettext_lazy("How fast those learn, by the others"),
    "members": gettext_lazy("Networks that vote"),
    "ranges": gettext_lazy("How far each edit goes"),
    "side": gettext_lazy("Pixels of a side"),
    "stem": gettext_lazy("Feature maps of the first layer"),
    "steps_by_layer": gettext_lazy("A step of its own for each layer"),
    "width": gettext_lazy("Width"),
    "widths": gettext_lazy("Feature maps of each stage"),
}


def differing(runs: Sequence[TrainingRun]) -> list[RunRow]:
    """Settings in which they are not all alike; those of the network by the names that they have on its card."""
    rows = [RunRow(label, [str(value(run)) for run in runs]) for label, value in SETTINGS]
    configs = [config_of(run) for run in runs]
    names = dict.fromkeys(name for config in configs for name in config)
    rows += [
        RunRow(CONFIG_NAMES.get(name, name), [config_text(config.get(name)) for config in configs])
        for name in names
    ]
    return [row for row in rows if len(set(row.texts)) > 1]


def config_of(run: TrainingRun) -> dict[str, Any]:
    return run.version.card.get("config", {}) if run.version else {}


def config_text(value: object) -> str:
    """As people write it. value: of a card, as JSON has it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name} {config_text(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ("; " if any(isinstance(one, list) for one in value) else ", ").join(map(config_text, value))
    return str(value)


def source_text(run: TrainingRun) -> str:
    return str(Source(run.source).label) if run.source in Source else "–"


def origin_text(run: TrainingRun) -> str:
    """Of which training it goes on, and from what of it."""
    if run.goes_on_from is None:
        return "–"
    started = date_format(localtime(run.goes_on_from.started_at), "SHORT_DATETIME_FORMAT")
    return f"{started} {run.get_begins_from_display()}".strip()


def durations(runs: Sequence[TrainingRun]) -> list[RunRow]:
    seconds = [sum(point.get("seconds", 0) for point in run.curves) for run in runs]
    whole = [(run.ended_at - run.started_at).total_seconds() if run.ended_at else None for run in runs]
    each = [spent / len(run.curves) if run.curves else None for spent, run in zip(seconds, runs, strict=True)]
    return [
        RunRow(gettext_lazy("Epochs done"), [f"{run.epoch:g}" for run in runs]),
        RunRow(gettext_lazy("Time of the epochs"), [duration(spent) for spent in seconds]),
        RunRow(gettext_lazy("An epoch"), [duration(spent) for spent in each]),
        RunRow(gettext_lazy("From beginning to end"), [duration(spent) for spent in whole]),
    ]


def figures_on_same_sets(runs: Sequence[TrainingRun]) -> dict[str, list[RunRow]]:
    """Set by set what was measured of at least two of their versions on the same pictures."""
    found = [{key_of(row): row for row in run.version.proven} if run.version else {} for run in runs]
    keys = dict.fromkeys(key for rows in found for key in rows)
    by_set: dict[str, list[RunRow]] = {}
    for key in keys:
        rows = [own.get(key) for own in found]
        if sum(row is not None for row in rows) > 1 and " seeds" not in key[2]:
            by_set.setdefault(key[0], []).append(figure_row(rows))
    return by_set


def key_of(row: Row) -> tuple[str, str, str]:
    return row["set"], row.get("md5", ""), row["measure"]


def figure_row(rows: Sequence[Row | None]) -> RunRow:
    """Of the same measure; nobody is best where all are equal, or where it is not known what is better."""
    known = [row for row in rows if row is not None]
    sign = direction(known[0])
    top = max(sign * row["value"] for row in known)
    is_told = sign != 0 and len({row["value"] for row in known}) > 1
    best = [place for place, row in enumerate(rows) if row is not None and sign * row["value"] == top]
    texts = ["–" if row is None else formatted(row) for row in rows]
    return RunRow(measure_label(known[0]["measure"]), texts, tuple(best) if is_told else ())
