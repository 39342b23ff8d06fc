"""How the scores of an exam lie: three figures and ten bars, each of which is a part of the table of results."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.results.item_analysis import LEFT_OUT
from grading.results.statistics import describe_totals, histogram


@dataclass(frozen=True)
class ScoreRange:
    """From `low` on, below `high`; None is no limit."""

    low: float | None = None
    high: float | None = None

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None

    def has(self, score: float) -> bool:
        return (self.low is None or score >= self.low) and (self.high is None or score < self.high)


def counted_rows(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of `grading.results.exports.results` that statistics are made of (`grading.results.item_analysis`)."""
    is_anonymous = not any(row["student"] for row in rows if row["paper"])
    return [row for row in rows if is_counted(row, is_anonymous)]


def is_counted(row: dict[str, Any], is_anonymous: bool) -> bool:
    return bool(row["paper"]) and not why_left_out(row, is_anonymous)


def left_out(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many papers are not among `counted_rows`, by the reason."""
    is_anonymous = not any(row["student"] for row in rows if row["paper"])
    why = [why_left_out(row, is_anonymous) for row in rows if row["paper"]]
    return {code: why.count(code) for code in LEFT_OUT}


def why_left_out(row: dict[str, Any], is_anonymous: bool) -> str:
    """As `grading.results.item_analysis.why_left_out` tells of a paper."""
    if row["state"] != "sits":
        return "does_not_sit"
    if row["status"] == "review":
        return "in_review"
    if not (row["student"] or is_anonymous):
        return "without_student"
    return "" if any(answer["value"] for answer in row["answers"].values()) else "blank"


def overview(rows: Sequence[dict[str, Any]], chosen: ScoreRange) -> dict[str, Any]:
    """rows: as `counted_rows` has them. Empty where there are none."""
    if not rows:
        return {}
    scores = [row["score"] for row in rows]
    most = max(row["max_score"] for row in rows)
    bars = histogram(np.array(scores, np.float64), most)
    limits = [ScoreRange(bar["from"], bar["to"]) for bar in bars]
    limits[0], limits[-1] = ScoreRange(None, limits[0].high), ScoreRange(limits[-1].low)
    for bar, limit in zip(bars, limits, strict=True):
        bar |= {"low": limit.low, "high": limit.high, "is_chosen": limit == chosen}
        bar["count"] = sum(map(limit.has, scores))  # exactly those whom the bar leads to
    found = {"papers": len(rows), "max_score": most, **describe_totals(np.array(scores, np.float64))}
    return found | {"histogram": bars, "highest_bar": max(bar["count"] for bar in bars)}
