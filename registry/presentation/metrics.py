"""The figures of a card in the words of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from registry.presentation.data import data_label, pattern_label

Row = dict[str, Any]  # of a card's metrics: set, measure, value, and where it is known md5
MEASURES = {
    "accuracy": _("Accuracy"),
    "accuracy_certain": _("Accuracy of the certain answers"),
    "certain_share": _("Share of certain answers"),
    "ece": _("Expected calibration error"),
    "top1": _("Top-1 accuracy"),
    "top5": _("Top-5 accuracy"),
    "called no digit": _("Called no digit"),
    "faces found": _("Pictures in which a face is found"),
    "accuracy of the class": _("Accuracy of the class"),
    "accuracy of the meaning": _("Accuracy of the meaning"),
    "share left for review": _("Share left for review"),
    "wrong among the certain": _("Wrong among the certain answers"),
    "expected calibration error": _("Expected calibration error"),
    "photographs taken for something else": _("Photographs taken for something else"),
    "other pictures taken for photographs": _("Other pictures taken for photographs"),
    "right": _("Share that is right"),
    "right and certain": _("Right and certain"),
    "certain and wrong": _("Certain and wrong"),
    "called so": _("Called so"),
    "surely called so": _("Surely called so"),
    "surely called something else": _("Surely called something else"),
    "called a photograph": _("Called a photograph"),
    "Fréchet distance of EfficientNet-Lite2's features": _(
        "Fréchet distance of EfficientNet-Lite2's features"
    ),
    "kernel distance (KID) of EfficientNet-Lite2's features": _(
        "Kernel distance (KID) of EfficientNet-Lite2's features"
    ),
    "precision by EfficientNet-Lite2's features": _("Precision: share of its faces that look like real ones"),
    "recall by EfficientNet-Lite2's features": _("Recall: share of real faces that it could have made"),
}
PATTERNS = {
    r"accuracy, mean of (?P<count>\d+) seeds": _("Accuracy, mean of %(count)s seeds"),
    r"accuracy, lowest of (?P<count>\d+) seeds": _("Accuracy, lowest of %(count)s seeds"),
    r"accuracy, highest of (?P<count>\d+) seeds": _("Accuracy, highest of %(count)s seeds"),
    r"accuracy, mean of (?P<count>\d+) seeds, before learning further": _(
        "Accuracy, mean of %(count)s seeds before they learned further"
    ),
    r"accuracy, lowest of (?P<count>\d+) seeds, before learning further": _(
        "Accuracy, lowest of %(count)s seeds before they learned further"
    ),
    r"accuracy, highest of (?P<count>\d+) seeds, before learning further": _(
        "Accuracy, highest of %(count)s seeds before they learned further"
    ),
    r"(?P<count>\d+) faces closest to one learned from, least distance": _(
        "The %(count)s faces closest to one that it learned from: least distance"
    ),
    r"(?P<count>\d+) faces closest to one learned from, mean distance": _(
        "The %(count)s faces closest to one that it learned from: mean distance"
    ),
    r"the same of (?P<count>\d+) held-out photographs, mean distance": _(
        "The same of %(count)s photographs that it never saw: mean distance"
    ),
    r"area under the ROC curve of the reader behind an edit, (?P<edit>\w+)": _(
        "Area under the ROC curve of what reads “%(edit)s”"
    ),
}
LESS_IS_BETTER = {
    "ece",
    "expected calibration error",
    "share left for review",
    "wrong among the certain",
    "photographs taken for something else",
    "other pictures taken for photographs",
    "certain and wrong",
}
MORE_IS_BETTER = {
    "accuracy",
    "accuracy_certain",
    "certain_share",
    "top1",
    "top5",
    "faces found",
    "accuracy of the class",
    "accuracy of the meaning",
    "right",
    "right and certain",
    "called so",
}
LOST = "digits lost"  # begins the names of sets of digits: whatever is called no digit there is lost


@dataclass
class TestSetMetrics:
    """figures: (measure, value) in the card's order; is_stated: only the maker of the network says so."""

    name: str
    md5: str
    is_stated: bool = False
    figures: list[tuple[str | Promise, str]] = field(default_factory=list)


def test_sets(metrics: Sequence[Row]) -> list[TestSetMetrics]:
    """The rows of a version, set by set; what its maker states apart from what was found of the same set here."""
    sets: dict[tuple[str, bool], TestSetMetrics] = {}
    for row in metrics:
        is_stated = row.get("is_stated", False)
        new = TestSetMetrics(data_label(row["set"]), row.get("md5", ""), is_stated)
        test_set = sets.setdefault((row["set"], is_stated), new)
        test_set.figures.append((measure_label(row["measure"]), formatted(row)))
    return list(sets.values())


@dataclass(frozen=True)
class MetricComparison:
    """One measure of two versions on the same pictures. is_better: None where they are equal, or where it is not known
    whether more of it is better."""

    measure: str | Promise
    own: str
    live: str
    is_equal: bool
    is_better: bool | None


def compared_metrics(own: Sequence[Row], live: Sequence[Row]) -> dict[str, list[MetricComparison]]:
    """Set by set what was measured of both on the same test set, as its name and md5 say."""
    theirs = {(row["set"], row.get("md5"), row["measure"]): row for row in live}
    found: dict[str, list[MetricComparison]] = {}
    for row in own:
        other = theirs.get((row["set"], row.get("md5"), row["measure"]))
        if other and " seeds" not in row["measure"]:
            found.setdefault(data_label(row["set"]), []).append(comparison(row, other))
    return found


def comparison(row: Row, other: Row) -> MetricComparison:
    difference = (row["value"] - other["value"]) * direction(row)
    return MetricComparison(
        measure_label(row["measure"]),
        formatted(row),
        formatted(other),
        is_equal=row["value"] == other["value"],
        is_better=difference > 0 if difference else None,
    )


def direction(row: Row) -> int:
    """1 where more is better, -1 where less is, 0 where nobody knows."""
    if row["measure"] == "called no digit":
        return -1 if row["set"].startswith(LOST) else 1
    return (row["measure"] in MORE_IS_BETTER) - (row["measure"] in LESS_IS_BETTER)


def formatted(row: Row) -> str:
    """A share, unless the row says that it is none."""
    return f"{row['value']:.2%}".replace("%", " %") if row.get("is_share", True) else f"{row['value']:.4g}"


def measure_label(measure: str) -> str | Promise:
    """In the reader's language, where it is known."""
    return pattern_label(PATTERNS, measure) or MEASURES.get(measure, measure)
