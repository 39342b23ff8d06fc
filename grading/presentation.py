"""What pages and API say of an exam: its steps, readings on the pictures of pages, what waits for a person.

Nothing is stored here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Func, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from grading.models import Answer, Candidate, Exam, Item, Paper, Scan, ScanPage
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.reading.page_images import around, boxes_of
from grading.sheet.cutting import fields_read
from grading.sheet.omrchecker.template import FIELD_TYPES


@dataclass(frozen=True)
class ExamStep:
    name: str
    title: str | Promise
    url: str
    count: int
    is_current: bool

    @property
    def guide(self) -> int:
        """The step of the guide that tells of it."""
        return GUIDE[self.name]


Counts = dict[str, int]  # how much there is of each step

GUIDE = {"design": 1, "key": 1, "template": 1, "sheet": 2, "scans": 3}  # steps of docs/grading.md
GUIDE |= {"papers": 4, "review": 4, "results": 5, "statistics": 5}
OWNERS = {"design", "key", "template"}
TITLES = {
    "design": _("Design"),
    "key": _("Key"),
    "sheet": _("Print"),
    "scans": _("Scan"),
    "papers": _("Papers"),
    "review": _("Review"),
    "results": _("Results"),
    "statistics": _("Statistics"),
}


# Where sheets were printed elsewhere
TEMPLATE_TITLES = {
    "key": _("Key"),
    "template": _("Form"),
    **TITLES,
    "sheet": _("Students"),
}


def steps_of(exam: Exam, current: str, counts: Counts | None = None) -> list[ExamStep]:
    """Where a row has the counts already (`with_counts`), they need not be asked for."""
    counts = counts or counts_of(exam)
    return [
        ExamStep(
            name, title, reverse(f"grading:{name}", args=[exam.pk]), counts.get(name, 0), name == current
        )
        for name, title in titles_of(exam).items()
    ]


def titles_of(exam: Exam) -> dict[str, Any]:
    titles = TEMPLATE_TITLES if exam.template else TITLES
    left_out = {"design"} if exam.template else set()
    left_out |= set() if exam.may_own else OWNERS
    return {name: title for name, title in titles.items() if name not in left_out}


@dataclass(frozen=True)
class BlockPlace:
    """One number, in px of the page."""

    id: str
    label: str | Promise
    value: float


PLACES = {
    "x": _("From the left"),
    "y": _("From the top"),
    "bubblesGap": _("Bubble to bubble"),
    "labelsGap": _("Field to field"),
}


@dataclass(frozen=True)
class Block:
    """Of a template: how many `values` run along it and `fields` across, and the numbers that say where."""

    name: str
    places: tuple[BlockPlace, ...]
    values: int
    fields: int
    is_vertical: bool
    width: float
    height: float


def blocks_of(exam: Exam) -> list[Block]:
    blocks = exam.template["values"]["fieldBlocks"]
    return [block_of(place, name, blocks[name], exam) for place, name in enumerate(blocks)]


def block_of(place: int, name: str, values: dict[str, Any], exam: Exam) -> Block:
    fields = [field for field in exam.read_by.fields if field.block == name]
    kind, (x, y) = values.get("fieldType"), values["origin"]
    direction = FIELD_TYPES[kind][1] if kind else values["direction"]
    numbers = {"x": x, "y": y, **values}
    places = (BlockPlace(f"block-{place}-{one}", label, numbers[one]) for one, label in PLACES.items())
    *_place, width, height = fields[0].bubbles[0].box
    return Block(
        name, tuple(places), len(fields[0].bubbles), len(fields), direction == "vertical", width, height
    )


def counts_of(exam: Exam) -> Counts:
    return counted(with_counts(Exam.objects.filter(pk=exam.pk), "pk").get())


def with_counts(rows: QuerySet[Any], exam: str) -> QuerySet[Any]:
    """How much there is of each step, in the query of the exam, or of a row whose `exam` it is."""
    of_exam = OuterRef(exam)
    return rows.annotate(
        design_count=number_of(Item.objects.filter(exam=of_exam)),
        sheet_count=number_of(Candidate.objects.filter(exam=of_exam)),
        scans_count=number_of(Scan.objects.filter(exam=of_exam)),
        papers_count=number_of(Paper.objects.filter(exam=of_exam)),
        answers_count=number_of(Answer.objects.filter(paper__exam=of_exam, state=Answer.State.REVIEW)),
        open_count=number_of(Paper.objects.filter(exam=of_exam).exclude(reasons=[])),
    )


def number_of(rows: QuerySet[Any]) -> Subquery:
    return Subquery(rows.order_by().annotate(all_rows=Func("pk", function="COUNT")).values("all_rows"))


def counted(row: Any) -> Counts:
    """By the names of the steps; of review, answers and papers that wait for a person."""
    counts = {name: getattr(row, f"{name}_count") for name in ("design", "sheet", "scans", "papers")}
    return counts | {"key": counts["design"], "review": row.answers_count + row.open_count}


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
    pages = list(paper.pages.filed().select_related("scan").order_by("sheet_page"))
    for page in pages:
        page.scan.exam = paper.exam  # which works out its layout once for all
    return [overlay_of(page, [answer for answer in answers if answer.page_id == page.pk]) for page in pages]


def neighbours_of(paper: Any, candidates: Iterable[Candidate]) -> tuple[Paper | None, Paper | None]:
    """The papers before and after one that was found `with_neighbours`, with what their links say of them."""
    by_number = {one.number: one for one in candidates}
    before, after = (
        Paper(pk=pk, exam=paper.exam, number=number, candidate=by_number.get(number)) if pk else None
        for pk, number in ((paper.before, paper.before_number), (paper.after, paper.after_number))
    )
    return before, after


def overlay_of(page: ScanPage, answers: Iterable[Answer]) -> PageOverlay:
    form = page.scan.exam.layout.pages[page.sheet_page - 1]
    places = []
    for answer in () if page.placed == ScanPage.Placed.NOT else answers:
        x, y, width, height = around(boxes_of(page, answer.item.number))
        size = (100 / form.width, 100 / form.height)
        places.append(AnswerPlace(answer, x * size[0], y * size[1], width * size[0], height * size[1]))
    return PageOverlay(page, form.height / form.width, places)


def boxes_of_pages(exam: Exam) -> list[list[list[float]]]:
    """Of each page of the sheet the boxes that are read, [x, y, w, h] in shares of its sides."""
    return [
        [
            [
                round(side / whole, 5)
                for side, whole in zip(box.box, (page.width, page.height) * 2, strict=True)
            ]
            for box in fields_read(page)
        ]
        for page in exam.layout.pages
    ]


def rejected_pages(exam: Exam) -> QuerySet[ScanPage]:
    """Those of all its uploads, the newest first."""
    pages = ScanPage.objects.filter(scan__exam=exam, status=ScanPage.Status.REJECTED)
    return pages.select_related("scan").order_by("-scan__created_at", "page")


def review_queue(exam: Exam, number: int | None = None, class_name: str = "") -> list[Answer]:
    """Uncertain answers of all papers, grouped by item and appearance; groups and answers with most doubt first."""
    answers = Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW)
    if number is not None:
        answers = answers.filter(item__number=number)
    if class_name:
        answers = answers.filter(paper__candidate__enrollment__school_class__name=class_name)
    rows = list(answers.select_related(*CANDIDATE_OF_PAPER, "item", "page"))
    least: dict[tuple, float] = {}
    for row in rows:
        least[appearance(row)] = min(row.confidence, least.get(appearance(row), 1.0))
    return sorted(rows, key=lambda row: (least[appearance(row)], appearance(row), row.confidence, row.pk))


def appearance(answer: Answer) -> tuple[int, str, str]:
    """Answers of the same item that look alike are reviewed in a row."""
    return answer.item.number, answer.reason, answer.value
