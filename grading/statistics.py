"""Classical test theory over an exam: how hard, how reliable, which items work. Plain numbers in, plain numbers out.

Sources: Crocker and Algina, Introduction to Classical and Modern Test Theory (1986); Kuder and Richardson (1937) for
KR-20; Cronbach (1951) for alpha; Kelley (1939) for the upper and lower 27 %; Ebel and Frisbie (1991) for the limits
of the flags.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]

GROUP = 0.27  # of the papers at either end: Kelley found it to tell items apart best
BINS = 10  # of the histogram
# Difficulty and discrimination from which an item is flagged (Ebel and Frisbie)
HARD, EASY, WEAK = 0.2, 0.9, 0.2
FEWEST = 10  # papers, with fewer of which one student would decide about a flag


@dataclass(frozen=True)
class ItemColumn:
    """What all papers did with one item: points and values, paper by paper."""

    number: int
    kind: str
    most: float
    points: Sequence[float]
    values: Sequence[str]
    options: Sequence[str] = ()
    right: Sequence[str] = ()
    name: str = ""


def statistics(columns: Sequence[ItemColumn]) -> dict[str, Any]:
    """Everything for the papers in `columns`, which are all equally long. None where a number has no meaning."""
    papers = len(columns[0].points) if columns else 0
    points = np.array([column.points for column in columns], np.float64).T.reshape(papers, len(columns))
    totals = points.sum(1)
    most = sum(column.most for column in columns)
    return {
        "papers": papers,
        "max_score": most,
        **describe_totals(totals),
        "histogram": histogram(totals, most),
        **score_reliability(points, columns),
        "items": [item_statistics(column, points[:, i], totals) for i, column in enumerate(columns)],
    }


def describe_totals(totals: Numbers) -> dict[str, float | None]:
    """Mean, standard deviation of the sample (n - 1), median and range."""
    if not len(totals):
        return dict.fromkeys(("mean", "sd", "median", "lowest", "highest"))
    return {
        "mean": round_or_none(totals.mean()),
        "sd": round_or_none(totals.std(ddof=1)) if len(totals) > 1 else None,
        "median": round_or_none(np.median(totals)),
        "lowest": round_or_none(totals.min()),
        "highest": round_or_none(totals.max()),
    }


def histogram(totals: Numbers, most: float) -> list[dict[str, float]]:
    """Papers in ten classes of score from 0 to the most; a score below 0 is in the first."""
    counts, edges = np.histogram(np.maximum(totals, 0), bins=BINS, range=(0, most or 1))
    return [
        {"from": round_or_none(edges[i]), "to": round_or_none(edges[i + 1]), "count": int(count)}
        for i, count in enumerate(counts)
    ]


def score_reliability(points: Numbers, columns: Sequence[ItemColumn]) -> dict[str, Any]:
    """KR-20 where every item is right or wrong for one and the same number of points, else Cronbach's alpha.

    KR-20 = k / (k - 1) (1 - sum p q / var), alpha = k / (k - 1) (1 - sum var_i / var), with variances over n; the
    first is the second for right and wrong. SEM = sd sqrt(1 - r).
    """
    name = "KR-20" if is_dichotomous(points, columns) else "Cronbach's alpha"
    value = alpha(points)
    sem = points.sum(1).std(ddof=1) * np.sqrt(1 - max(min(value, 1), 0)) if value is not None else None
    return {"reliability": {"name": name, "value": round_or_none(value)}, "sem": round_or_none(sem)}


def is_dichotomous(points: Numbers, columns: Sequence[ItemColumn]) -> bool:
    most = np.array([column.most for column in columns])
    return len(set(most.tolist())) <= 1 and bool(((points == 0) | (points == most)).all())


def alpha(points: Numbers) -> float | None:
    papers, items = points.shape
    total = points.sum(1).var() if papers else 0.0
    if papers < 2 or items < 2 or total <= 0:
        return None
    return float(items / (items - 1) * (1 - points.var(axis=0).sum() / total))


def item_statistics(column: ItemColumn, points: Numbers, totals: Numbers) -> dict[str, Any]:
    """Difficulty is the mean share of the points; the item's own points do not count in its correlation."""
    difficulty = points.mean() / column.most if len(points) and column.most else None
    correlation = correlated(points, totals - points)
    discrimination = upper_lower(points, totals, column.most)
    return {
        "item": column.number,
        "name": column.name,
        "kind": column.kind,
        "difficulty": round_or_none(difficulty),
        "point_biserial": round_or_none(correlation),
        "discrimination": round_or_none(discrimination),
        "distractors": distractors(column),
        "flags": flags(column, difficulty, correlation),
    }


def correlated(left: Numbers, right: Numbers) -> float | None:
    """Pearson's r; with right and wrong on the left it is the point-biserial."""
    if len(left) < 2 or left.std() <= 0 or right.std() <= 1e-12:
        return None
    return float(np.corrcoef(left, right)[0, 1])


def upper_lower(points: Numbers, totals: Numbers, most: float) -> float | None:
    """Share of points of the best 27 % less that of the weakest 27 %."""
    size = round(len(totals) * GROUP)
    if size < 1 or len(totals) < 2 or not most:
        return None
    order = np.argsort(totals, kind="stable")
    return float((points[order[-size:]].mean() - points[order[:size]].mean()) / most)


def distractors(column: ItemColumn) -> list[dict[str, Any]]:
    """How often each option was chosen, or each value written; "" is nothing."""
    if column.kind == "open":
        return []
    counts = Counter(
        chosen for value in column.values for chosen in (value.split(",") if column.options else [value])
    )
    listed = [
        *column.options,
        *(value for value, _count in counts.most_common(10) if value not in column.options),
    ]
    return [{"value": value, "count": counts[value], "is_right": value in column.right} for value in listed]


def flags(column: ItemColumn, difficulty: float | None, correlation: float | None) -> list[str]:
    """Codes of what deserves a look; few papers say nothing about a single item."""
    if len(column.points) < FEWEST or difficulty is None:
        return []
    chosen = {option for value in column.values for option in value.split(",")}
    checks = {
        "too_hard": difficulty < HARD,
        "too_easy": difficulty > EASY,
        "wrong_key": correlation is not None and correlation < 0,
        "weak": correlation is not None and 0 <= correlation < WEAK,
        "unused_option": column.kind == "choice" and bool(set(column.options) - chosen - set(column.right)),
    }
    return [flag for flag, is_so in checks.items() if is_so]


def round_or_none(number: Any) -> Any:
    return None if number is None else round(float(number), 4)
