"""What a paper is worth and what is open about it: from the probabilities that its pages keep, never from the scans."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Count, Model, Q, Sum

from grading.key.template_items import options_in
from grading.models import Answer, Exam, Item, ItemKind, PageCells, Paper, ScanPage
from grading.papers.version_fit import better_version, judge
from grading.scoring import NO_POINTS, as_points, most_for, points_for
from grading.sheet.interpret import MARKS, ItemReading, Thresholds, read_item, with_beside, with_look
from grading.sheet.omrchecker.reading import read_answers
from grading.sheet.omrchecker.template import Template
from registry.models import ModelVersion

AT_ONCE = 500  # rows in one statement
MANY = 100  # different values, for each of which a statement would be too much
UNMARKED = [1.0] + [0.0] * (len(MARKS) - 1)
READ_FIELDS = ["value", "confidence", "state", "reason", "points"]


def thresholds_of(versions: Iterable[ModelVersion]) -> Thresholds:
    """From which probability on the networks that read a scan are to be trusted."""
    return Thresholds(**{version.kind: float(version.card["certain"]) for version in versions})


def read_items(
    exam: Exam, cells: PageCells, items: Iterable[Item], version: int, thresholds: Thresholds
) -> dict[int, ItemReading]:
    """What the cells of a page say: item number → reading, for the items that are on it."""
    if exam.template:
        readings = read_template_items(exam.read_by, cells.items, items, thresholds)
    else:
        readings = read_own_items(cells.items, items, version, thresholds)
    beside, looks = cells.beside or [], cells.looks or {}
    return {
        number: with_look(with_beside(reading, number in beside), looks.get(str(number)))
        for number, reading in readings.items()
    }


def read_own_items(
    cells: Mapping, items: Iterable[Item], version: int, thresholds: Thresholds
) -> dict[int, ItemReading]:
    """Of a page of our own sheets."""
    return {
        item.number: read_item(
            item.kind,
            np.asarray(cells.get(str(item.number), []), np.float32),
            item.labels,
            item.takes_several(version),
            thresholds,
        )
        for item in items
    }


def read_template_items(
    template: Template, cells: Mapping, items: Iterable[Item], thresholds: Thresholds
) -> dict[int, ItemReading]:
    """Of a page of a template's sheet: by the template's rules, in the form that values have here."""
    marks = [
        cells.get(str(number)) or [UNMARKED] * sum(len(field.bubbles) for field in answer.fields)
        for number, answer in enumerate(template.answers, start=1)
    ]
    readings = read_answers(template, np.concatenate(marks).astype(np.float32), thresholds.marks)
    return {item.number: as_value_here(item, readings[item.name]) for item in items}


def as_value_here(item: Item, reading: ItemReading) -> ItemReading:
    """Several marks of a choice are "A,C" here where templates say "AC", and for a person where one was asked for."""
    if item.kind != ItemKind.CHOICE:
        return reading
    marked = options_in(reading.value, item.options) or [reading.value]
    is_doubtful = len(marked) > 1 and not item.takes_several(1)
    return replace(
        reading, value=",".join(marked), reason=reading.reason or ("two_marks" if is_doubtful else "")
    )


def points_of(item: Item, version: int, value: str) -> Decimal:
    return points_for(value=value, **item.compared(version), **item.scored(version))


def best_score(items: Iterable[Item], version: int = 1) -> Decimal:
    """What a paper can reach."""
    return sum((most_for(**item.scored(version)) for item in items), NO_POINTS)


def most_score(exam: Exam, items: Iterable[Item], version: int = 1) -> Decimal:
    """What a paper of the exam can reach, rounded as its score is, which would else be above it."""
    return exam.score_of(best_score(items, version))


def items_on(exam: Exam, page: int) -> list[Item]:
    """The items that are asked on a page of the sheet."""
    numbers = {field.item for field in exam.layout.pages[page - 1].fields}
    return [item for item in exam.items.all() if item.number in numbers]


def answers_of(
    page: ScanPage, paper: Paper, items: Iterable[Item], readings: Mapping[int, ItemReading]
) -> list[Answer]:
    """Unsaved rows for the readings of a page."""
    answers = [Answer(paper=paper, item=item, page=page) for item in items]
    return [put_reading(answer, page, readings[answer.item.number]) for answer in answers]


def put_reading(answer: Answer, page: ScanPage, reading: ItemReading) -> Answer:
    if page.placed == ScanPage.Placed.HAND:
        reading = replace(reading, reason=reading.reason or "placed_by_hand")
    answer.value, answer.confidence = reading.value[:100], round(reading.confidence, 6)
    answer.state, answer.reason = reading.state, reading.reason
    answer.points = points_of(answer.item, answer.paper.version, reading.value)
    return answer


def rescore(exam: Exam) -> None:
    """Everything again from the stored probabilities, as if the key had always been what it is now.

    What a person corrected stays; it only gets the points it is worth now.
    """
    pages = ScanPage.objects.filed().filter(paper__exam=exam)
    for page in (
        pages.select_related("paper", "cells")
        .prefetch_related("scan__readers", "answers__item")
        .iterator(100)
    ):
        reread(exam, page)
    settle(exam, exam.papers.all())


def reread(exam: Exam, page: ScanPage) -> None:
    """Read and score a page's answers again; only those that change are written."""
    paper, answers = page.paper, list(page.answers.all())
    before = [read_values(answer) for answer in answers]
    open_items = [answer.item for answer in answers if answer.state != Answer.State.CORRECTED]
    readings: dict[int, ItemReading] = {}
    if page.placed != ScanPage.Placed.NOT:
        thresholds = thresholds_of(page.scan.readers.all())
        readings = read_items(exam, page.cells, open_items, paper.version, thresholds)
    for answer in answers:
        answer.paper = paper
        if answer.item.number in readings:
            put_reading(answer, page, readings[answer.item.number])
        else:
            answer.points = points_of(answer.item, paper.version, answer.value)
    changed = [answer for answer, old in zip(answers, before, strict=True) if read_values(answer) != old]
    Answer.objects.bulk_update(changed, READ_FIELDS, AT_ONCE)


def read_values(answer: Answer) -> list:
    return [getattr(answer, name) for name in READ_FIELDS]


def settle(exam: Exam, papers: Iterable[Paper]) -> None:
    """Bring score, reasons and status of papers up to date with their answers, pages, roster and namesakes."""
    settled = list(papers)
    facts = PaperFacts(exam, [paper.pk for paper in settled])
    changed: dict[str, list[Paper]] = {}
    for paper in settled:
        for name, value in facts.fields_of(paper).items():
            if getattr(paper, name) != value:
                setattr(paper, name, value)
                changed.setdefault(name, []).append(paper)
    for name, some in changed.items():
        write(some, name)


def write(rows: Sequence[Model], name: str) -> None:
    """One field of these rows: those that are alike together, which is far less work than a case for each."""
    alike: dict[str, list[Model]] = {}
    for row in rows:
        alike.setdefault(repr(getattr(row, name)), []).append(row)
    model = type(rows[0])._default_manager
    if len(alike) > MANY:
        model.bulk_update(rows, [name.removesuffix("_id")], AT_ONCE)
        return
    for some in alike.values():
        for start in range(0, len(some), AT_ONCE):
            same = model.filter(pk__in=[row.pk for row in some[start : start + AT_ONCE]])
            same.update(**{name: getattr(some[0], name)})


def better_versions(exam: Exam, items: Iterable[Item], papers: Sequence[int]) -> dict[int, int]:
    """Which of these papers fit the key of another version far better, and which one's."""
    if exam.versions < 2:
        return {}
    worth, said = judge(items), {}
    answers = (
        Answer.objects.filter(paper__exam=exam, paper__in=papers).exclude(item__kind=ItemKind.OPEN).order_by()
    )
    for paper, version, item, value in answers.values_list("paper_id", "paper__version", "item_id", "value"):
        said.setdefault((paper, version), []).append((item, value))
    fits = {
        paper: better_version(own, version, exam.versions, worth) for (paper, version), own in said.items()
    }
    return {paper: version for paper, version in fits.items() if version}


@dataclass(frozen=True)
class AnswerFacts:
    """Of the answers of a paper together."""

    points: Decimal = Decimal(0)
    are_open: bool = False
    are_empty: bool = True


class PaperFacts:
    """What papers are judged by, fetched together."""

    def __init__(self, exam: Exam, papers: list[int]) -> None:
        self.exam, self.items = exam, list(exam.items.all())
        self.page_numbers = {page.number for page in exam.layout.pages}
        self.roster = dict(exam.candidates.values_list("number", "pk"))
        self.namesakes = Counter(exam.papers.exclude(number="").values_list("number", flat=True))
        answers = Answer.objects.filter(paper__exam=exam, paper__in=papers).order_by().values_list("paper_id")
        facts = answers.annotate(
            total=Sum("points"),
            doubts=Count("pk", filter=Q(state=Answer.State.REVIEW)),
            marks=Count("pk", filter=~Q(value="")),
        )
        self.answers = {
            pk: AnswerFacts(as_points(total), doubts > 0, marks == 0) for pk, total, doubts, marks in facts
        }
        self.fits = better_versions(exam, self.items, papers)
        self.pages: dict[int, set[int]] = {}
        own = ScanPage.objects.filed().filter(paper__exam=exam, paper__in=papers)
        for pk, page in own.values_list("paper_id", "sheet_page"):
            self.pages.setdefault(pk, set()).add(page)
        self.best: dict[int, Decimal] = {}

    def max_score(self, version: int) -> Decimal:
        if version not in self.best:
            self.best[version] = most_score(self.exam, self.items, version)
        return self.best[version]

    def fields_of(self, paper: Paper) -> dict[str, Any]:
        answers = self.answers.get(paper.pk, AnswerFacts())
        reasons = [reason for reason in self.reasons(paper, answers) if reason not in paper.accepted]
        return {
            "suggested_version": self.fits.get(paper.pk),
            "candidate_id": self.roster.get(paper.number),
            "score": self.exam.score_of(answers.points),
            "max_score": self.max_score(paper.version),
            "reasons": reasons,
            "status": Paper.Status.REVIEW if reasons or answers.are_open else Paper.Status.GRADED,
        }

    def reasons(self, paper: Paper, answers: AnswerFacts) -> list[str]:
        checks = {
            "not_on_roster": paper.number and self.roster and paper.number not in self.roster,
            "duplicate_student": self.namesakes[paper.number] > 1,
            "missing_page": self.page_numbers - self.pages.get(paper.pk, set()),
            "other_version": paper.pk in self.fits,
            "empty_paper": answers.are_empty and not answers.are_open,
        }
        return [*paper.doubts, *(reason for reason, is_so in checks.items() if is_so)]
