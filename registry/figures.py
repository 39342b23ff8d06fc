"""The figures of a card in the words of the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEASURES = {
    "accuracy": _("Accuracy"),
    "accuracy_certain": _("Accuracy of the certain answers"),
    "certain_share": _("Share of certain answers"),
    "ece": _("Expected calibration error"),
    "top1": _("Top-1 accuracy"),
    "top5": _("Top-5 accuracy"),
    "called no digit": _("Called no digit"),
    "accuracy of the class": _("Accuracy of the class"),
    "accuracy of the meaning": _("Accuracy of the meaning"),
    "share left for review": _("Share left for review"),
    "wrong among the certain": _("Wrong among the certain answers"),
    "expected calibration error": _("Expected calibration error"),
}
OF_SEEDS = {
    "mean": _("Accuracy, mean of %(count)s seeds"),
    "lowest": _("Accuracy, lowest of %(count)s seeds"),
    "highest": _("Accuracy, highest of %(count)s seeds"),
}


@dataclass
class TestSet:
    """figures: (measure, value) in the card's order."""

    name: str
    md5: str
    figures: list[tuple[str | Promise, str]] = field(default_factory=list)


def test_sets(metrics: Sequence[dict[str, Any]]) -> list[TestSet]:
    """The rows of a card, set by set."""
    sets: dict[str, TestSet] = {}
    for row in metrics:
        one = sets.setdefault(row["set"], TestSet(row["set"], row.get("md5", "")))
        one.figures.append((label(row["measure"]), figure(row)))
    return list(sets.values())


def figure(row: dict[str, Any]) -> str:
    """A share, unless the row says that it is none."""
    return f"{row['value']:.2%}" if row.get("is_share", True) else f"{row['value']:.4g}"


def label(measure: str) -> str | Promise:
    of_seeds = re.fullmatch(r"accuracy, (mean|lowest|highest) of (\d+) seeds", measure)
    if of_seeds:
        return OF_SEEDS[of_seeds[1]] % {"count": of_seeds[2]}
    return MEASURES.get(measure, measure)
