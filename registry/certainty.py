"""Whether networks grow unsure: the share of certain answers in the last day beside that of the week before.

A network's card tells the share on a test set, of single cells or digits; what people send is something else from the
first day on. So each version is compared with itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.apps import apps
from django.core.cache import cache
from django.db.models import Case, Count, Value, When
from django.utils import timezone

from registry.usage import Results

DAY, WEEK = "day", "week"  # the last day; the seven days before it
KEPT_SECONDS = 900  # between two looks: it changes slowly, and 100,000 answers cost a fifth of a second


@dataclass(frozen=True)
class Certainty:
    """kind, network, version: which weights; window: DAY or WEEK."""

    kind: str
    network: str
    version: str
    window: str
    answers: int
    certain: int

    @property
    def share(self) -> float:
        return self.certain / self.answers


def certainties() -> list[Certainty]:
    """Of each version that has answered lately; one query for each kind of network, every KEPT_SECONDS at most."""
    found: list[Certainty] = cache.get_or_set(
        "registry.certainties", lambda: [*counted_certainties()], KEPT_SECONDS
    )
    return found


def counted_certainties() -> Iterator[Certainty]:
    for config in apps.get_app_configs():
        for results in getattr(config, "results", ()):
            if results.certain is not None:
                yield from of_results(config.label, results)


def of_results(app: str, results: Results) -> Iterator[Certainty]:
    now, moment, version = timezone.now(), f"{results.moment}__gte", results.version
    last_day = When(**{moment: now - timedelta(days=1)}, then=Value(DAY))
    answered = apps.get_model(app, results.rows).objects.filter(
        results.among, **{moment: now - timedelta(days=8), f"{version}__kind": results.kind}
    )
    windows = answered.order_by().annotate(window=Case(last_day, default=Value(WEEK)))
    rows = windows.values_list(f"{version}__name", f"{version}__sha256", "window")
    for name, sha256, window, answers, certain in rows.annotate(
        answers=Count("pk"), sure=Count("pk", filter=results.certain)
    ):
        yield Certainty(results.kind, name, sha256[:8], window, answers, certain)
