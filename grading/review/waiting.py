"""Students and papers of an exam for which a page may still turn up."""

from collections.abc import Iterable, Set

from grading.models import Candidate, Exam, Paper, ScanPage
from grading.models.papers import CANDIDATE_OF_PAPER


def waiting_students(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those who sit the exam and have no paper. candidates: as `with_papers` finds them."""
    return [one for one in candidates if one.sits and not one.has_paper]  # type: ignore[attr-defined]


def incomplete_papers(exam: Exam) -> list[tuple[Paper, int]]:
    """Of known students, each with its first page that is missing."""
    there: dict[Paper, set[int | None]] = {}
    in_doubt = ScanPage.objects.filter(paper__exam=exam, paper__trashed=None).exclude(paper__reasons=[])
    for page in in_doubt.exclude(paper__number="").select_related(*CANDIDATE_OF_PAPER):
        if page.paper and "missing_page" in page.paper.reasons and not page.is_rejected:
            there.setdefault(page.paper, set()).add(page.sheet_page)
    lacking = ((paper, first_missing(exam, numbers)) for paper, numbers in there.items())
    return [(paper, missing) for paper, missing in lacking if missing]


def first_missing(exam: Exam, there: Set[int | None]) -> int | None:
    return next((page.number for page in exam.layout.pages if page.number not in there), None)
