"""Students and papers of an exam for which a page may still turn up."""

from grading.models import Candidate, Exam, Paper
from grading.review.open_papers import with_papers


def waiting_students(exam: Exam) -> list[Candidate]:
    """Those who sit the exam and have no paper."""
    return [one for one in with_papers(exam) if one.sits and not one.has_paper]  # type: ignore[attr-defined]


def incomplete_papers(exam: Exam) -> list[tuple[Paper, int]]:
    """Of known students, each with its first page that is missing."""
    papers = exam.papers.exclude(reasons=[]).exclude(number="").with_candidate().prefetch_related("pages")
    lacking = [paper for paper in papers if "missing_page" in paper.reasons]
    return [(paper, missing) for paper in lacking if (missing := first_missing(exam, paper))]


def first_missing(exam: Exam, paper: Paper) -> int | None:
    there = {page.sheet_page for page in paper.pages.all() if not page.is_rejected}
    return next((page.number for page in exam.layout.pages if page.number not in there), None)
