"""Whether a canary is worse than the one beside it: counts, confidence intervals, and a test that may be asked at any
time.

Requests are given to the canary by chance, so that of corrections its own are as many as its share of the answers if it
is as good; and of disagreements that people decided, half go against it. Both are counts of one side among a number of
draws whose chance is known, and one sequential test looks at both.
"""

import math
from dataclasses import dataclass

from django.apps import apps

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


def given_by(canary: Shadow, version: int) -> Given:
    """In requests since the canary began, until it ended."""
    answers = corrected = 0
    for app, results in everywhere(canary.kind):
        since = {results.version: version, f"{results.moment}__gte": canary.began_at}
        if canary.ended_at:
            since[f"{results.moment}__lt"] = canary.ended_at
        rows = apps.get_model(app, results.rows).objects.filter(results.among, **since)
        answers += rows.count()
        corrected += rows.filter(results.corrected).count() if results.corrected is not None else 0
    return Given(answers, corrected)


def worse(canary: Shadow) -> Worse | None:
    """Why it is significantly worse than the live one; None where nothing says so yet."""
    own, live = given_by(canary, canary.version_id), given_by(canary, canary.live_id)
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
