"""Grades from scores: by the share of the points (성취도 A to E), or by rank (9 grades; the 5 of 2028). Plain values.

By rank, the share of students that a grade holds, together with those above it, is rounded to a number of students.
Who has the same score has the same grade: where they lie on both sides of a limit, their middle rank decides, rank +
(as many - 1) / 2, as a share of all (중간석차 백분율).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from grading.results.ranks import ranks as ranks_among

ACHIEVEMENT, NINE, FIVE = "achievement", "nine", "five"
LETTERS = "ABCDEFGHI"
# Of each grade but the last: of achievement its least percent, by rank the percent of students down to which it goes
USUAL: dict[str, list[float]] = {
    ACHIEVEMENT: [90, 80, 70, 60],
    NINE: [4, 11, 23, 40, 60, 77, 89, 96],
    FIVE: [10, 34, 66, 90],
}
Cuts = Sequence[float]


def by_share(score: float, most: float, cuts: Cuts) -> str:
    """A letter."""
    percent = Decimal(str(score)) * 100 / Decimal(str(most)) if most else Decimal(0)
    return LETTERS[sum(percent < Decimal(str(cut)) for cut in cuts)]


def by_rank(scores: Sequence[float], cuts: Cuts) -> dict[float, int]:
    """The grade of each score among all of these, from 1."""
    students = len(scores)
    ranks = dict(zip(scores, ranks_among(dict(enumerate(scores))).values(), strict=True))
    limits = [int((students * Decimal(str(cut)) / 100).quantize(Decimal(1), ROUND_HALF_UP)) for cut in cuts]
    grades = {}
    for score, alike in Counter(scores).items():
        first, last = ranks[score], ranks[score] + alike - 1
        grade = 1 + sum(first > limit for limit in limits)
        if grade != 1 + sum(last > limit for limit in limits):
            middle = Decimal(first + last) / 2 * 100 / students
            grade = 1 + sum(middle > Decimal(str(cut)) for cut in cuts)
        grades[score] = grade
    return grades


def grades_of(
    scores: Sequence[tuple[float, float] | None], scales: Mapping[str, Cuts]
) -> list[dict[str, Any]]:
    """By scale, of each (score, most); of None, who has no score, there is none."""
    known = [one[0] for one in scores if one]
    ranked = {name: by_rank(known, cuts) for name, cuts in scales.items() if name != ACHIEVEMENT}
    found: list[dict[str, Any]] = []
    for one in scores:
        grades: dict[str, Any] = {name: ranked[name][one[0]] for name in ranked} if one else {}
        if one and ACHIEVEMENT in scales:
            grades[ACHIEVEMENT] = by_share(*one, scales[ACHIEVEMENT])
        found.append({name: grades[name] for name in scales if name in grades})
    return found
