"""Classical test theory over an exam: how hard, how reliable, which items work. Plain numbers in, plain numbers out.

Sources: Crocker and Algina, Introduction to Classical and Modern Test Theory (1986); Kuder and Richardson (1937) for
KR-20; Cronbach (1951) for alpha; Bonett (2002) for its interval; Kelley (1939) for the upper and lower 27 %; Ebel and
Frisbie (1991) for the limits of the flags.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from grading.scoring import BONUS, FOR_EVERYONE
from uploads.problems import gettext_noop

Numbers: TypeAlias = NDArray[np.float64]

GROUP = 0.27  # of the papers at either end: Kelley found it to tell items apart best
BINS = 10  # of the histogram
# Difficulty and discrimination from which an item is flagged (Ebel and Frisbie)
HARD, EASY, WEAK = 0.2, 0.9, 0.2
FEWEST = 10  # papers, with fewer of which one student would decide about a flag, or about reliability
UNKNOWN = dict.fromkeys(("difficulty", "point_biserial", "discrimination"))
NORMAL_95 = 1.959964  # standard deviations to each side that hold 95 % of a normal distribution
NORMAL_90 = 1.644854  # the same for 90 %: beyond it on one side lie 5 %


@dataclass(frozen=True)
class ItemColumn:
    """What all papers did with one item: points, values and versions of the sheet, paper by paper; all are of version
    1 where `versions` is empty. right: of each version, the values of the key."""

    number: int
    kind: str
    most: float
    points: Sequence[float]
    values: Sequence[str]
    options: Sequence[str] = ()
    right: Mapping[int, Sequence[str]] = field(default_factory=dict)
    name: str = ""
    versions: Sequence[int] = ()
    counts: str = ""  # as `grading.scoring` has it: of what is everyone's there is nothing to say

    @property
    def chosen(self) -> list[tuple[int, str]]:
        """(version, value) of each paper."""
        return list(zip(self.versions or [1] * len(self.values), self.values, strict=True))

    def is_right(self, version: int, value: str) -> bool:
        """One option of a key of several is right, too."""
        return value in self.right.get(version, ())


def statistics(columns: Sequence[ItemColumn], scores: Sequence[float] | None = None) -> dict[str, Any]:
    """Everything for the papers in `columns`, which are all equally long. None where a number has no meaning. scores:
    of the papers, where these are rounded or kept from falling below 0, and so not just the sum of their points."""
    papers = len(columns[0].points) if columns else 0
    points = np.array([column.points for column in columns], np.float64).T.reshape(papers, len(columns))
    totals = points.sum(1)
    given = totals if scores is None or not columns else np.array(scores, np.float64)
    most = sum(column.most for column in columns if column.counts != BONUS)
    answered = [i for i, column in enumerate(columns) if column.counts != FOR_EVERYONE]
    return {
        "papers": papers,
        "max_score": most,
        **describe_totals(given),
        "histogram": histogram(given, most),
        **score_reliability(points[:, answered], [columns[i] for i in answered]),
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
    """Papers in ten classes of score from 0 to the most; a score below 0 is in the first, one above it in the last."""
    counts, edges = np.histogram(np.clip(totals, 0, most or 1), bins=BINS, range=(0, most or 1))
    return [
        {"from": round_or_none(edges[i]), "to": round_or_none(edges[i + 1]), "count": int(count)}
        for i, count in enumerate(counts)
    ]


def score_reliability(points: Numbers, columns: Sequence[ItemColumn]) -> dict[str, Any]:
    """KR-20 where every item is right or wrong for one and the same number of points, else Cronbach's alpha.

    KR-20 = k / (k - 1) (1 - sum p q / var), alpha = k / (k - 1) (1 - sum var_i / var), with variances over n; the
    first is the second for right and wrong. SEM = sd sqrt(1 - r). Of few papers there is none: that of two may be -44.
    """
    name = gettext_noop("KR-20") if is_dichotomous(points, columns) else gettext_noop("Cronbach's alpha")
    is_enough = len(points) >= FEWEST
    value = alpha(points) if is_enough else None
    sem = points.sum(1).std(ddof=1) * np.sqrt(1 - max(min(value, 1), 0)) if value is not None else None
    reliability = {
        "name": name,
        "value": round_or_none(value),
        "interval": None if value is None else alpha_interval(value, *points.shape),
        "has_too_few_papers": not is_enough,
    }
    return {"reliability": reliability, "sem": round_or_none(sem)}


def is_dichotomous(points: Numbers, columns: Sequence[ItemColumn]) -> bool:
    most = np.array([column.most for column in columns])
    return len(set(most.tolist())) <= 1 and bool(((points == 0) | (points == most)).all())


def alpha(points: Numbers) -> float | None:
    papers, items = points.shape
    total = points.sum(1).var() if papers else 0.0
    if papers < 2 or items < 2 or total <= 0:
        return None
    return float(items / (items - 1) * (1 - points.var(axis=0).sum() / total))


def alpha_interval(value: float, papers: int, items: int) -> list[float] | None:
    """Where alpha lies with 95 % confidence (Bonett, Sample size requirements for testing and estimating coefficient
    alpha, 2002, equation 7)."""
    if value >= 1:
        return None
    reach = NORMAL_95 * np.sqrt(2 * items / ((items - 1) * (papers - 2)))
    return [round_or_none(1 - (1 - value) * np.exp(sign * reach)) for sign in (1, -1)]


def item_statistics(column: ItemColumn, points: Numbers, totals: Numbers) -> dict[str, Any]:
    """Difficulty is the mean share of the points; the item's own points do not count in its correlation. Of an item
    whose points are everyone's there is neither."""
    if column.counts == FOR_EVERYONE:
        return {**item_head(column), **UNKNOWN, "distractors": distractors(column), "flags": [FOR_EVERYONE]}
    difficulty = points.mean() / column.most if len(points) and column.most else None
    correlation = correlated(points, totals - points)
    discrimination = upper_lower(points, totals, column.most)
    return {
        **item_head(column),
        "difficulty": round_or_none(difficulty),
        "point_biserial": round_or_none(correlation),
        "discrimination": round_or_none(discrimination),
        "distractors": distractors(column),
        "flags": flags(column, difficulty, correlation, totals),
    }


def item_head(column: ItemColumn) -> dict[str, Any]:
    return {"item": column.number, "name": column.name, "kind": column.kind}


def correlated(left: Numbers, right: Numbers) -> float | None:
    """Pearson's r; with right and wrong on the left it is the point-biserial."""
    if len(left) < 2 or left.std() <= 0 or right.std() <= 1e-12:
        return None
    return float(np.corrcoef(left, right)[0, 1])


def upper_lower(points: Numbers, totals: Numbers, most: float) -> float | None:
    """Share of points of the best 27 % less that of the weakest 27 %."""
    weakest, best = groups(totals)
    if not len(best) or len(totals) < 2 or not most:
        return None
    return float((points[best].mean() - points[weakest].mean()) / most)


def groups(totals: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places of the weakest and of the best 27 %."""
    size = round(len(totals) * GROUP)
    order = np.argsort(totals, kind="stable")
    return order[:size], order[len(order) - size :]


def distractors(column: ItemColumn) -> list[dict[str, Any]]:
    """How often each option was chosen, or each value written; "" is nothing. Each version by itself: the third option
    of another version is another answer."""
    if column.kind == "open":
        return []
    counts = Counter((version, option) for version, value in column.chosen for option in parts(column, value))
    versions = sorted({version for version, _value in column.chosen})
    listed = [(version, option) for version in versions for option in column.options]
    listed += [one for one, _count in counts.most_common(10) if one not in listed]
    return [
        {"value": value, "count": counts[version, value], "is_right": column.is_right(version, value)}
        | ({"version": version} if len(versions) > 1 else {})
        for version, value in sorted(listed, key=lambda one: one[0])
    ]


def parts(column: ItemColumn, value: str) -> list[str]:
    """The options that are marked; of other kinds what is written."""
    return value.split(",") if column.options else [value]


def misleads(column: ItemColumn, totals: Numbers) -> bool:
    """Whether the best chose one wrong option more often than what is right."""
    chosen = column.chosen
    best = [chosen[place] for place in groups(totals)[1]]
    counts = Counter(
        (version, option) for version, value in best for option in parts(column, value) if option
    )
    right = sum(count for one, count in counts.items() if column.is_right(*one))
    wrong = [count for one, count in counts.items() if not column.is_right(*one)]
    return max(wrong, default=0) > right


def flags(
    column: ItemColumn, difficulty: float | None, correlation: float | None, totals: Numbers
) -> list[str]:
    """Codes of what deserves a look; few papers say nothing about a single item."""
    if len(column.points) < FEWEST or difficulty is None:
        return []
    chosen = {option for _version, value in column.chosen for option in parts(column, value)}
    right = {value for values in column.right.values() for value in values}
    is_turned = correlation is not None and is_below_chance(correlation, len(column.points))
    checks = {
        "too_hard": difficulty < HARD,
        "too_easy": difficulty > EASY,
        "wrong_key": is_turned,
        "weak": correlation is not None and correlation < WEAK and not is_turned,
        "misleading_option": column.kind in ("choice", "ox") and misleads(column, totals),
        "unused_option": column.kind == "choice" and bool(set(column.options) - chosen - right),
    }
    return [flag for flag, is_so in checks.items() if is_so]


def is_below_chance(correlation: float, count: int) -> bool:
    """Whether so many papers hardly make a correlation this negative by chance (Fisher's transformation).

    Its ends are kept off -1 and 1, where it is infinite and of which it is not defined.
    """
    return math.atanh(min(max(correlation, -0.999), 0.999)) * math.sqrt(count - 3) < -NORMAL_90


def round_or_none(number: Any) -> Any:
    return None if number is None else round(float(number), 4)
