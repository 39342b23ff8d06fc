"""What pages and API say of an exam: its steps, readings on the pictures of pages, what waits for a person.

Nothing is stored here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grading.models import Answer, Exam, Paper, ScanPage
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.page_images import around, boxes_of


@dataclass(frozen=True)
class ExamStep:
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


def steps_of(exam: Exam, current: str) -> list[ExamStep]:
    counts = {
        "design": exam.items.count(),
        "sheet": exam.candidates.count(),
        "scans": exam.scans.count(),
        "papers": exam.papers.count(),
        "review": open_count(exam),
    }
    return [
        ExamStep(
            name, title, reverse(f"grading:{name}", args=[exam.pk]), counts.get(name, 0), name == current
        )
        for name, title in TITLES.items()
        if name != "design" or exam.may_own
    ]


def open_count(exam: Exam) -> int:
    """Answers and papers that wait for a person."""
    answers = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW).count()
    return answers + exam.papers.exclude(reasons=[]).count()


@dataclass(frozen=True)
class AnswerPlace:
    """A reading on a page."""

    answer: Answer
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class PageOverlay:
    page: ScanPage
    ratio: float  # height by width
    places: list[AnswerPlace]


def overlays_of(paper: Paper, answers: Iterable[Answer]) -> list[PageOverlay]:
    """The pages of a paper in order, each with the places of its readings."""
    answers = list(answers)
    pages = paper.pages.filed().select_related("scan__exam").order_by("sheet_page")
    return [overlay_of(page, [answer for answer in answers if answer.page_id == page.pk]) for page in pages]


def overlay_of(page: ScanPage, answers: Iterable[Answer]) -> PageOverlay:
    form = page.scan.exam.layout.pages[page.sheet_page - 1]
    places = []
    for answer in answers:
        x, y, width, height = around(boxes_of(page, answer.item.number))
        size = (100 / form.width, 100 / form.height)
        places.append(AnswerPlace(answer, x * size[0], y * size[1], width * size[0], height * size[1]))
    return PageOverlay(page, form.height / form.width, places)


def review_queue(exam: Exam, number: int | None = None) -> list[Answer]:
    """Uncertain answers of all papers, grouped by item and appearance; groups and answers with most doubt first."""
    answers = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW)
    if number is not None:
        answers = answers.filter(item__number=number)
    rows = list(answers.select_related(*CANDIDATE_OF_PAPER, "item", "page"))
    least: dict[tuple, float] = {}
    for row in rows:
        least[appearance(row)] = min(row.confidence, least.get(appearance(row), 1.0))
    return sorted(rows, key=lambda row: (least[appearance(row)], appearance(row), row.confidence, row.pk))


def appearance(answer: Answer) -> tuple[int, str, str]:
    """Answers of the same item that look alike are reviewed in a row."""
    return answer.item.number, answer.reason, answer.value


def open_papers(exam: Exam) -> list[Paper]:
    """Papers with something open about them as a whole."""
    return list(exam.papers.exclude(reasons=[]).with_candidate().prefetch_related("pages"))
