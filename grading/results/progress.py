"""How far an exam is: what its first page tells between the first scan and the results."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Exists, F, Max, OuterRef, Q, QuerySet

from grading.models import Answer, Candidate, Exam, Paper

MOST_NAMES = 12
MOST_ITEMS = 8


@dataclass(frozen=True)
class Progress:
    awaited: int  # students of the roster who sit it
    missing: list[Candidate]  # the first of those of whom there is no paper
    not_named: int  # how many more
    doubts: list[dict[str, Any]]  # number of an item, count of its answers to review; the most first
    mean: Decimal | None  # of the papers that count so far
    max_score: Decimal | None


def progress_of(exam: Exam) -> Progress:
    has_paper = Exists(Paper.objects.filter(candidate=OuterRef("pk")))
    sitting = exam.candidates.filter(state=Candidate.State.SITS)
    missing = sitting.filter(~has_paper)
    named = list(missing.select_related("enrollment__student")[:MOST_NAMES])
    in_review = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW)
    doubts = in_review.values(number=F("item__number")).annotate(count=Count("pk"))
    scores = papers_that_count(exam).aggregate(mean=Avg("score"), max_score=Max("max_score"))
    return Progress(
        awaited=sitting.count(),
        missing=named,
        not_named=missing.count() - len(named) if len(named) == MOST_NAMES else 0,
        doubts=list(doubts.order_by("-count", "number")[:MOST_ITEMS]),
        **scores,
    )


def papers_that_count(exam: Exam) -> QuerySet[Paper]:
    """Those that `grading.results.item_analysis.why_left_out` gives no reason for, told by the database."""
    handed_in = exam.papers.all()
    has_students = Exists(handed_in.exclude(number="").order_by())
    has_answers = Exists(Answer.objects.filter(paper=OuterRef("pk")).exclude(value=""))
    return handed_in.filter(
        Q(candidate=None) | Q(candidate__state=Candidate.State.SITS),
        ~Q(number="") | ~has_students,
        has_answers,
        status=Paper.Status.GRADED,
    )
