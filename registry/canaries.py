"""Whether a canary is worse than the one beside it: counts, confidence intervals, and a test that may be asked at any
time.

Requests are given to the canary by chance, so that of corrections its own are as many as its share of the answers if it
is as good; and of disagreements that people decided, half go against it. Both are counts of one side among a number of
draws whose chance is known, and one sequential test looks at both.
"""

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count

from measures.proportions import wilson_interval
from registry.models import Disagreement, Shadow
from registry.usage import everywhere

ENOUGH = 100.0  # evidence: equal networks ever reach it once in a hundred canaries (Ville's inequality)
STEPS = 2000


@dataclass(frozen=True)
class Given:
    """Answers that a version has given since the canary began, and how many of them people corrected."""

    answers: int
    corrected: int

    @property
    def interval(self) -> tuple[float, float] | None:
        return interval(self.corrected, self.answers)


@dataclass(frozen=True)
class Worse:
    """reason: of Shadow.Worse; figures: short, and the same in every language."""

    reason: str
    figures: str


def given(canary: Shadow) -> tuple[Given, Given]:
    """By itself and by the live one, to requests since it began, until it ended: one look at each table of answers."""
    both = (canary.version_id, canary.live_id)
    answers, corrected = Counter[int](), Counter[int]()
    for app, results in everywhere(canary.kind):
        since: dict[str, Any] = {f"{results.version}__in": both, f"{results.moment}__gte": canary.began_at}
        if canary.ended_at:
            since[f"{results.moment}__lt"] = canary.ended_at
        rows = apps.get_model(app, results.rows).objects.filter(results.among, **since).order_by()
        of_version = rows.values_list(results.version)
        for version, count, put_right in of_version.annotate(
            answered=Count("pk"), corrected=results.corrected_count
        ):
            answers[version] += count
            corrected[version] += put_right
    own, live = (Given(answers[version], corrected[version]) for version in both)
    return own, live


def worse(canary: Shadow) -> Worse | None:
    """Why it is significantly worse than the live one; None where nothing says so yet."""
    own, live = given(canary)
    if evidence(own.corrected, live.corrected, canary.percent / 100) >= ENOUGH:
        figures = f"{own.corrected}/{own.answers}, {live.corrected}/{live.answers}"
        return Worse(Shadow.Worse.CORRECTIONS, figures)
    against, for_it = canary.counted(Disagreement.Right.LIVE), canary.counted(Disagreement.Right.OWN)
    if evidence(against, for_it, 0.5) >= ENOUGH:
        return Worse(Shadow.Worse.DISAGREEMENTS, f"{against} : {for_it}")
    return None


def evidence(hits: int, misses: int, chance: float) -> float:
    """How much likelier so many hits are if their chance is larger than this, any larger one alike, than if it is this.
    Where the chance is this or less, the largest value that it ever takes is x or more once in x times at most."""
    if not hits:
        return 0.0
    width = (1 - chance) / STEPS
    middles = (chance + (step + 0.5) * width for step in range(STEPS))
    base = hits * math.log(chance) + misses * math.log1p(-chance)
    logs = (hits * math.log(p) + misses * math.log1p(-p) - base for p in middles)
    return sum(math.exp(min(value, 600.0)) for value in logs) / STEPS


def interval(hits: int, count: int) -> tuple[float, float] | None:
    """Of a share in percent, 95 % sure; None of nothing."""
    if not count:
        return None
    low, high = wilson_interval(hits / count, count)
    return 100 * low, 100 * high
