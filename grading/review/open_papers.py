"""Papers of which something is open as a whole: whose they are, with the students whose they are likeliest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from grading.models import Candidate, Exam, Paper, ScanPage
from grading.papers.scores import thresholds_of
from grading.reading.evidence import channels_of
from grading.sheet.identity import likeliest

MOST_NUMBERS = 4


@dataclass(frozen=True)
class OpenPaper:
    """A paper of which something is open as a whole; `nearest`: those of the roster that the number is likeliest of,
    (number, name, whether another paper has it). `side_by_side`: itself, and others that bear its number."""

    paper: Paper
    nearest: list[tuple[str, str, bool]]
    side_by_side: list[Paper]


def papers_in_doubt(exam: Exam, candidates: Iterable[Candidate]) -> list[OpenPaper]:
    """candidates: as `with_papers` finds them."""
    roster = {one.number: (one.name, one.has_paper) for one in candidates}  # type: ignore[attr-defined]
    papers = open_papers(exam)
    by_number: dict[str, list[Paper]] = {}
    for paper in papers:
        by_number.setdefault(paper.number, []).append(paper)
    return [
        OpenPaper(
            paper,
            nearest_of(paper, roster),
            by_number[paper.number] if "duplicate_student" in paper.reasons else [paper],
        )
        for paper in papers
        if paper.reasons
    ]


def open_papers(exam: Exam) -> list[Paper]:
    """Papers with something open about them as a whole, and those that bear their numbers."""
    is_open = ~Q(reasons=[])
    numbers = exam.papers.filter(is_open).exclude(number="").order_by().values("number")
    papers = exam.papers.filter(is_open | Q(number__in=numbers)).with_candidate()
    pages = ScanPage.objects.select_related("cells", "scan").prefetch_related("scan__readers")
    return list(papers.prefetch_related(Prefetch("pages", pages)))


def with_papers(exam: Exam) -> QuerySet[Candidate]:
    """Who sits the exam, and whether a paper is theirs."""
    return exam.candidates.annotate(has_paper=Exists(exam.papers.filter(candidate=OuterRef("pk"))))


def nearest_of(paper: Paper, roster: Mapping[str, tuple[str, bool]]) -> list[tuple[str, str, bool]]:
    if paper.candidate_id or not roster:
        return []
    pages = (page for page in paper.pages.all() if page.sheet_page)
    page = min(pages, key=lambda page: page.sheet_page, default=None)
    ranked = ranked_numbers(page, paper.suggested_number, [*roster])
    ranked.sort(key=lambda number: roster[number][1])  # stable: whoever has no paper yet comes first
    return [(number, *roster[number]) for number in ranked[:MOST_NUMBERS]]


def ranked_numbers(page: ScanPage | None, suggested: str, roster: Sequence[str]) -> list[str]:
    """By what was marked and written, else by how many places agree with what was read."""
    cells = getattr(page, "cells", None)
    identity: dict[str, Any] = cells.identity if cells else {}
    if page and identity.get("bubbled") and identity.get("handwritten"):
        ranked = likeliest(channels_of(identity, thresholds_of(page.scan.readers.all())), roster)
        if ranked:
            return ranked
    return sorted(roster, key=lambda number: -agreeing(number, suggested))


def agreeing(number: str, suggested: str) -> int:
    return sum(one == other for one, other in zip(number, suggested, strict=False))
