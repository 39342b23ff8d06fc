"""What a paper is worth and what is open about it: from the probabilities that its pages keep, never from the scans."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np

from grading.models import Answer, Exam, Item, ItemKind, Paper, ScanPage
from grading.scoring import has_key, points_for
from grading.sheet.interpret import MARKS, ItemReading, Thresholds, read_item
from grading.sheet.omrchecker.reading import read_answers
from grading.sheet.omrchecker.template import Template
from grading.template_items import options_in
from registry.models import ModelVersion

AT_ONCE = 500  # rows in one statement
UNMARKED = [1.0] + [0.0] * (len(MARKS) - 1)
READ_FIELDS = ["value", "confidence", "state", "reason", "points"]


def thresholds_of(versions: Iterable[ModelVersion]) -> Thresholds:
    """From which probability on the networks that read a scan are to be trusted."""
    return Thresholds(**{version.kind: float(version.card["certain"]) for version in versions})


def read_items(
    exam: Exam, cells: Mapping, items: Iterable[Item], version: int, thresholds: Thresholds
) -> dict[int, ItemReading]:
    """What the cells of a page say: item number → reading, for the items that are on it."""
    if exam.template:
        return read_template_items(exam.read_by, cells, items, thresholds)
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
    return points_for(
        kind=item.kind,
        value=value,
        key=item.key(version),
        points=item.points,
        any_of=item.any_of,
        tolerance=item.tolerance,
        marking=item.marking,
    )


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
        readings = read_items(exam, page.cells.items, open_items, paper.version, thresholds)
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
    for paper in settled:
        answers = facts.answers.get(paper.pk, [])
        paper.candidate_id = facts.roster.get(paper.number)
        paper.score = sum((points for _state, points, _value in answers), Decimal(0))
        paper.max_score = facts.max_score(paper.version)
        paper.reasons = [reason for reason in facts.reasons(paper) if reason not in paper.accepted]
        is_open = paper.reasons or any(state == Answer.State.REVIEW for state, _points, _value in answers)
        paper.status = Paper.Status.REVIEW if is_open else Paper.Status.GRADED
    fields = ["candidate", "score", "max_score", "reasons", "status"]
    Paper.objects.bulk_update(settled, fields, AT_ONCE)


class PaperFacts:
    """What papers are judged by, fetched together."""

    def __init__(self, exam: Exam, papers: list[int]) -> None:
        self.items = list(exam.items.all())
        self.page_numbers = {page.number for page in exam.layout.pages}
        self.roster = dict(exam.candidates.values_list("number", "pk"))
        self.namesakes = Counter(exam.papers.exclude(number="").values_list("number", flat=True))
        self.answers: dict[int, list] = {}
        for pk, *answer in Answer.objects.filter(paper__exam=exam, paper__in=papers).values_list(
            "paper_id", "state", "points", "value"
        ):
            self.answers.setdefault(pk, []).append(answer)
        self.pages: dict[int, set[int]] = {}
        own = ScanPage.objects.filed().filter(paper__exam=exam, paper__in=papers)
        for pk, page in own.values_list("paper_id", "sheet_page"):
            self.pages.setdefault(pk, set()).add(page)

    def max_score(self, version: int) -> Decimal:
        return sum((item.points for item in self.items if has_key(item.kind, item.key(version))), Decimal(0))

    def reasons(self, paper: Paper) -> list[str]:
        answers = self.answers.get(paper.pk, [])
        is_empty = not any(value for _state, _points, value in answers)
        is_open = any(state == Answer.State.REVIEW for state, _points, _value in answers)
        checks = {
            "not_on_roster": paper.number and self.roster and paper.number not in self.roster,
            "duplicate_student": self.namesakes[paper.number] > 1,
            "missing_page": self.page_numbers - self.pages.get(paper.pk, set()),
            "empty_paper": is_empty and not is_open,
        }
        return [*paper.doubts, *(reason for reason, is_so in checks.items() if is_so)]
