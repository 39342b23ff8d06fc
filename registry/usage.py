"""How often versions answered, and how often people put that right.

Each app says where its results are, in `results` of its app config, as it does with `job_titles`:

    results = [Results("Reading", kind="digits", corrected=~Q(right_text=""))]
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.apps import apps
from django.db.models import Count, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

WEEKS = 12  # that a page looks back


@dataclass(frozen=True)
class Results:
    """Where one app keeps what versions answered; made before models are loaded, so it names them.

    rows: the name of the app's model; kind: of the versions that answer there; version, moment: lookups of its fields;
    among: what such a version answers, where a row names several; corrected: which rows a person put right, None where
    nobody can; certain: which answers the version was sure of, None where it never says.
    """

    rows: str
    kind: str
    version: str = "model"
    moment: str = "created_at"
    among: Q = Q()
    corrected: Q | None = None
    certain: Q | None = None

    @property
    def corrected_count(self) -> Count:
        """Among grouped rows; 0 where nobody can correct."""
        return Count("pk", filter=Q(pk=None) if self.corrected is None else self.corrected)


@dataclass
class Week:
    """monday: its first day; corrected: None where nobody can correct."""

    monday: date
    answered: int = 0
    corrected: int | None = None

    @property
    def share(self) -> float | None:
        return None if self.corrected is None else 100 * self.corrected / self.answered


def weeks_of(kind: str, pk: int, weeks: int = WEEKS) -> list[Week]:
    """Those of the last weeks in which this version answered, the newest first."""
    found: dict[date, Week] = {}
    for app, results in everywhere(kind):
        for monday, answered, corrected in weekly_counts(app, results, pk, weeks):
            week = found.setdefault(monday, Week(monday))
            week.answered += answered
            if results.corrected is not None:
                week.corrected = (week.corrected or 0) + corrected
    return [found[monday] for monday in sorted(found, reverse=True)]


def everywhere(kind: str) -> Iterator[tuple[str, Results]]:
    for config in apps.get_app_configs():
        for results in getattr(config, "results", ()):
            if results.kind == kind:
                yield config.label, results


def weekly_counts(app: str, results: Results, pk: int, weeks: int) -> Iterator[tuple[date, int, int]]:
    """(monday, answered, corrected) of each week."""
    since = timezone.now() - timedelta(weeks=weeks)
    rows = apps.get_model(app, results.rows).objects.filter(
        results.among, **{results.version: pk, f"{results.moment}__gte": since}
    )
    by_week = rows.order_by().annotate(week=TruncWeek(results.moment)).values("week")
    for row in by_week.annotate(answered=Count("pk"), corrected=results.corrected_count):
        yield row["week"].date(), row["answered"], row["corrected"]
