"""How far an exam is: what its first page tells between the first scan and the results."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, QuerySet

from grading.models import Answer, Candidate, Exam, Paper

DOES_NOT_SIT = set(Candidate.State) - {Candidate.State.SITS}
MOST_NAMES = 12
MOST_ITEMS = 8


@dataclass(frozen=True)
class Progress:
    awaited: int  # students of the roster who sit it
    missing: list[Candidate]  # the first of those of whom there is no paper
    not_named: int  # how many more
    doubts: list[
        dict[str, Any]
    ]  # "number" of an item and the "count" of its answers to review, the most first
    mean: Decimal | None  # of the papers that count so far
    max_score: Decimal | None


def progress_of(exam: Exam) -> Progress:
    has_paper = Exists(Paper.objects.filter(candidate=OuterRef("pk")))
    sitting = exam.candidates.filter(state=Candidate.State.SITS)
    missing = sitting.filter(~has_paper)
    named = list(missing.select_related("enrollment__student")[:MOST_NAMES])
    in_review = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW)
    doubts = (
        in_review.values(number=F("item__number")).annotate(count=Count("pk")).order_by("-count", "number")
    )
    scores = counted_papers(exam).aggregate(mean=Avg("score"), max_score=Max("max_score"))
    return Progress(
        awaited=sitting.count(),
        missing=named,
        not_named=missing.count() - len(named) if len(named) == MOST_NAMES else 0,
        doubts=list(doubts[:MOST_ITEMS]),
        **scores,
    )


def counted_papers(exam: Exam) -> QuerySet[Paper]:
    """Those that `grading.results.item_analysis.why_left_out` gives no reason for, told by the database."""
    handed_in = exam.papers.all()
    graded = handed_in.filter(status=Paper.Status.GRADED)
    graded = graded.exclude(candidate__state__in=DOES_NOT_SIT)
    has_students = Exists(handed_in.exclude(number="").order_by())
    graded = graded.filter(~Q(number="") | ~has_students)
    return graded.filter(Exists(Answer.objects.filter(paper=OuterRef("pk")).exclude(value="")))
