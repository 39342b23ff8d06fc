"""The way from a blank sheet to results, as every page of an exam shows it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grading.models import Answer, Exam


@dataclass(frozen=True)
class Step:
    name: str
    title: str | Promise
    url: str
    count: int
    is_current: bool


TITLES = {
    "design": _("Design"),
    "sheet": _("Print"),
    "scans": _("Scan"),
    "papers": _("Papers"),
    "review": _("Review"),
    "results": _("Results"),
    "statistics": _("Statistics"),
}


def steps_of(exam: Exam, current: str) -> list[Step]:
    counts = {
        "design": exam.items.count(),
        "sheet": exam.students.count(),
        "scans": exam.scans.count(),
        "papers": exam.papers.count(),
        "review": open_count(exam),
    }
    return [
        Step(name, title, reverse(f"grading:{name}", args=[exam.pk]), counts.get(name, 0), name == current)
        for name, title in TITLES.items()
    ]


def open_count(exam: Exam) -> int:
    """Answers and papers that wait for a person."""
    answers = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW).count()
    return answers + exam.papers.exclude(reasons=[]).count()
