"""What waits for a person in an exam: groups of doubts that are alike, and for each what it may be instead.

Nothing is stored here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from django.core.exceptions import ValidationError
from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from grading.key.items import clean_value
from grading.models import (
    Answer,
    Correction,
    Exam,
    Item,
    ItemKind,
    RegradeRequest,
    ScanPage,
)
from grading.models.papers import CANDIDATE_OF_PAPER
from grading.presentation import number_of, rejected_pages, with_counts
from grading.reading.page_images import around, boxes_of
from grading.reasons import reason_text
from grading.sheet.interpret import LETTERS, NUMERALS, Numbers
from grading.sheet.written_answers import COLUMNS, ROWS

PAPERS, PAGES, REQUESTS = "papers", "pages", "requests"
KEY = re.compile(r"([a-z_]+)-([a-z_]*)-(\d+)")
MOST_ALTERNATIVES, MOST_BUTTONS = 3, 6
MOST_COMPARED = 3_000  # written answers with each other
CLASSES = {ItemKind.NUMBER: NUMERALS, ItemKind.LETTER: LETTERS}
NO_CHARACTER = ("blank", "other")


@dataclass(frozen=True)
class Group:
    """Doubts of one kind: `key` names it in an address, `kind` is that of its items, "" where it has none."""

    key: str
    title: str
    count: int
    kind: str = ""

    @property
    def kind_name(self) -> str:
        return str(ItemKind(self.kind).label) if self.kind else ""


@dataclass(frozen=True)
class Part:
    """What of an exam one of several teachers works off: a class, an item, or both; all of it where none is named."""

    class_name: str = ""
    item: int | None = None

    def __bool__(self) -> bool:
        return bool(self.class_name or self.item)

    def of(self, answers: QuerySet[Answer]) -> QuerySet[Answer]:
        if self.class_name:
            answers = answers.filter(paper__candidate__enrollment__school_class__name=self.class_name)
        return answers.filter(item__number=self.item) if self.item else answers


ALL = Part()


@dataclass(frozen=True)
class Doubt:
    """An answer that waits. `options`: what is offered beside what was read. `place`: of its boxes on the page, left,
    top, width and height in per cent, None where nobody has found them."""

    answer: Answer
    options: list[str]
    place: tuple[float, float, float, float] | None


@dataclass(frozen=True)
class ReviewState:
    """How far it is: answers that a person has looked at, and what is `left`."""

    exam: Exam
    done: int
    left: int

    @property
    def total(self) -> int:
        return self.done + self.left

    @cached_property
    def by(self) -> list[tuple[str, int, int]]:
        """Who has looked at how many answers, and changed how many."""
        log = Correction.objects.standing().filter(paper__exam=self.exam).exclude(item=None).order_by()
        counts = log.values_list("by__username").annotate(
            looked_at=Count("pk"), changed=Count("pk", filter=~Q(old=F("new")))
        )
        return [(name or "?", seen, changed) for name, seen, changed in counts.order_by("-looked_at")]

    @property
    def changed(self) -> int:
        return sum(changed for _name, _seen, changed in self.by)


# --- groups


def found_in(exam: Exam) -> Any:
    """The exam with how much waits in it, in one query: see `with_counts`."""
    rows = with_counts(Exam.objects.filter(pk=exam.pk), "pk")
    requests = RegradeRequest.objects.of_exam(exam).waiting()
    corrected = Answer.objects.filter(paper__exam=exam, state=Answer.State.CORRECTED)
    return rows.annotate(
        requests_count=number_of(requests),
        rejected_count=number_of(rejected_pages(exam)),
        done_count=number_of(corrected),
    ).get()


def groups_of(exam: Exam, found: Any = None, part: Part = ALL) -> list[Group]:
    """Those in which something waits, in the order of `place_of`; of a part its answers alone."""
    found = found or found_in(exam)
    whole = [] if part else groups_of_whole(found)
    groups = [group for group in whole if group.count] + groups_of_answers(exam, part)
    return sorted(groups, key=lambda group: place_of(group.key))


def groups_of_whole(found: Any) -> list[Group]:
    """What is open about papers and pages as a whole."""
    return [
        Group(PAPERS, _("Whose paper it is, and what is missing"), found.open_count),
        Group(REQUESTS, _("Regrade requests"), found.requests_count),
        Group(PAGES, _("Pages that were not graded"), found.rejected_count),
    ]


def place_of(key: str) -> tuple[int, str]:
    """First whose papers these are, then answers, written ones last; pages of other exams may stay for good."""
    others = {PAPERS: 0, REQUESTS: 3, PAGES: 4}
    return others.get(key, 2 if key.startswith(ItemKind.OPEN) else 1), key


def chosen(groups: list[Group], key: str) -> Group | None:
    """The one that was asked for; where nothing waits in it any more the one after it, or the first."""
    later = (group for group in groups if place_of(group.key) >= place_of(key))
    return next(later if key else iter(groups), groups[0] if groups else None)


def groups_of_answers(exam: Exam, part: Part) -> list[Group]:
    number = Case(When(item__kind=ItemKind.OPEN, then=F("item__number")), default=0)
    rows = part.of(uncertain(exam)).order_by().annotate(one=number).values_list("item__kind", "reason", "one")
    return [
        Group(f"{kind}-{reason}-{one}", title_of(reason, one), count, kind)
        for kind, reason, one, count in rows.annotate(count=Count("pk"))
    ]


def title_of(reason: str, number: int) -> str:
    if not number:
        return reason_text(reason)
    words = {"number": number, "reason": reason_text(reason)}
    return _("Item %(number)s: %(reason)s") % words


def uncertain(exam: Exam) -> QuerySet[Answer]:
    return Answer.objects.filter(paper__exam=exam, state=Answer.State.REVIEW)


def parts_of(exam: Exam) -> dict[str, Any]:
    """By what teachers of one exam may share it: `classes`, where there are several, and `items` with doubts."""
    names = exam.candidates.order_by("enrollment__school_class__name")
    classes = list(names.values_list("enrollment__school_class__name", flat=True).distinct())
    items = uncertain(exam).order_by("item__number").values_list("item__number", flat=True).distinct()
    return {"classes": classes if len(classes) > 1 else [], "items": list(items)}


def answers_in(exam: Exam, key: str, part: Part = ALL) -> QuerySet[Answer]:
    """Those of a group that look alike one after the other; none where there is no such group."""
    found = KEY.fullmatch(key)
    if not found:
        return Answer.objects.none()
    kind, reason, number = found.groups()
    rows = part.of(uncertain(exam)).filter(item__kind=kind, reason=reason)
    if int(number):
        rows = rows.filter(item__number=number)
    cells = ("page__cells",) if kind in CLASSES else ()  # which are large
    rows = rows.select_related(*CANDIDATE_OF_PAPER, "item", "page__scan", *cells)
    return rows.order_by("item__number", "value", "confidence", "pk")


def alike_in_a_row(answers: QuerySet[Answer]) -> list[int]:
    """The keys of written answers, each followed by the one that looks most like it, from the palest on."""
    rows = list(answers.values_list("pk", "item__number", "page__cells__looks"))
    looks = [(looks or {}).get(str(number)) or [0] * (ROWS * COLUMNS) for _pk, number, looks in rows]
    order = np.argsort(np.sum(looks, axis=1), kind="stable") if rows else []
    if 0 < len(rows) <= MOST_COMPARED:
        order = chained(np.array(looks, np.float32), int(order[0]))
    return [rows[place][0] for place in order]


def chained(looks: Numbers, first: int) -> list[int]:
    """looks: (n, parts); from `first` on always the nearest that is left, by the angle between them."""
    units = looks / np.maximum(np.linalg.norm(looks, axis=1, keepdims=True), 1)
    near = units @ units.T
    order = [first]
    for _step in range(len(looks) - 1):
        near[:, order[-1]] = -1
        order.append(int(near[order[-1]].argmax()))
    return order


def state_of(exam: Exam, found: Any = None) -> ReviewState:
    found = found or found_in(exam)
    return ReviewState(exam, found.done_count, found.answers_count + found.open_count)


# --- what it may be instead


def doubts_of(exam: Exam, answers: Iterable[Answer]) -> list[Doubt]:
    """Of answers as `answers_in` finds them."""
    found = []
    for answer in answers:
        answer.page.scan.exam = exam  # which works out its layout once for all
        if not exam.id_digits:
            answer.paper.page_name = str(answer.page)
        found.append(Doubt(answer, options_of(answer), place_on_page(answer)))
    return found


def place_on_page(answer: Answer) -> tuple[float, float, float, float] | None:
    page = answer.page
    if page.placed == ScanPage.Placed.NOT:
        return None
    form = page.scan.exam.layout.pages[page.sheet_page - 1]
    x, y, width, height = around(boxes_of(page, answer.item.number))
    across, down = 100 / form.width, 100 / form.height
    return x * across, y * down, width * across, height * down


def options_of(answer: Answer) -> list[str]:
    """What can be chosen with one press."""
    item = answer.item
    if item.kind == ItemKind.OPEN:
        return points_offered(item) + [row["mark"] for row in item.rubric]
    if item.labels:
        return item.labels
    return alternatives(answer) if item.kind in CLASSES else []


def points_offered(item: Item) -> list[str]:
    """All whole points, or none, half and all where these are many."""
    most = item.points.normalize() + 0
    if most == int(most) and most < MOST_BUTTONS:
        return [str(points) for points in range(int(most) + 1)]
    return [f"{points.normalize() + 0:f}" for points in (most * 0, most / 2, most)]


def alternatives(answer: Answer) -> list[str]:
    """The likeliest other readings, the best first: of each box one of its two likeliest characters."""
    cells = getattr(answer.page, "cells", None)
    rows = np.asarray(cells.items.get(str(answer.item.number), []) if cells else [], np.float32)
    names = CLASSES[ItemKind(answer.item.kind)]
    if rows.ndim != 2 or not rows.any():
        return []
    chosen = [[(float(row[at]), names[at]) for at in row.argsort()[::-1][:2]] for row in rows]
    ranked = sorted(product(*chosen), key=lambda parts: -np.prod([chance for chance, _name in parts]))
    texts = ["".join("" if name in NO_CHARACTER else name for _chance, name in parts) for parts in ranked]
    offered = [text for text in dict.fromkeys(texts) if text not in ("", answer.value)]
    return [text for text in offered[: 4 * MOST_ALTERNATIVES] if can_be(answer, text)][:MOST_ALTERNATIVES]


def can_be(answer: Answer, value: str) -> bool:
    try:
        return clean_value(answer.item, value, answer.paper.version) == value
    except ValidationError:
        return False
