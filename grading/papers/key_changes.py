"""What another key does to the scores: reckoned before anything is stored, then stored as it was reckoned.

An answer has other points where its item's key, points or rules are others. It is also read otherwise where marking
several options becomes, or ceases to be, what its item asks for: then the probabilities of its page are asked again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice

from django.db.models import Prefetch, Sum

from grading.models import Answer, Exam, Item, PageCells, Paper, ScanPage
from grading.models.scans import CellsOf
from grading.papers.scores import (
    AT_ONCE,
    READ_FIELDS,
    most_score,
    points_of,
    put_reading,
    read_items,
    settle,
    thresholds_of,
    write,
)
from grading.scoring import NO_POINTS
from grading.sheet.interpret import ItemReading

SCORED_BY = ("answer", "answers", "any_of", "points", "tolerance", "marking", "shuffled")
SHOWN = 300
Versions = dict[int, set[int]]  # of items → in which versions
Points = dict[Decimal, list[int]]  # what an answer is worth now → such answers


@dataclass(frozen=True)
class ScoreChange:
    paper: Paper
    before: Decimal
    after: Decimal

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


@dataclass
class KeyChange:
    """What saving does. The totals are what a paper of the first version can reach, before and after."""

    papers: int
    old_total: Decimal
    new_total: Decimal
    points: Points = field(default_factory=dict)
    read_again: dict[str, list[Answer]] = field(default_factory=dict)  # what of a reading changed → of which
    scores: list[ScoreChange] = field(default_factory=list)

    @property
    def changes_scores(self) -> bool:
        return bool(self.scores) or (self.papers > 0 and self.old_total != self.new_total)

    @property
    def most(self) -> list[ScoreChange]:
        """Those that are shown: whose score changes most first."""
        return sorted(self.scores, key=lambda one: -abs(one.difference))[:SHOWN]

    @property
    def seal(self) -> str:
        """Changes with what a person was shown."""
        shown = [
            self.old_total,
            self.new_total,
            sorted((one.paper.pk, one.before, one.after) for one in self.scores),
        ]
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]

    def store(self, exam: Exam) -> None:
        """For an exam whose items are saved."""
        for points, answers in self.points.items():
            for start in range(0, len(answers), AT_ONCE):
                Answer.objects.filter(pk__in=answers[start : start + AT_ONCE]).update(points=points)
        for name, answers in self.read_again.items():
            write(answers, name)
        settle(exam, exam.papers.all())


def key_change(exam: Exam, rows: Sequence[Item]) -> KeyChange:
    """From the items as they are stored to these, which are not saved."""
    old = {item.pk: item for item in Item.objects.filter(exam=exam)}
    changed = [row for row in rows if row.pk and scoring(row) != scoring(old[row.pk])]
    papers = dict(exam.papers.values_list("pk", "version"))
    answers = Answer.objects.filter(paper__exam=exam).order_by()  # a join would count those in the trash
    worth = dict(answers.values_list("paper_id").annotate(Sum("points")))
    turned = {
        row.pk: {
            version
            for version in set(papers.values())
            if row.takes_several(version) != old[row.pk].takes_several(version)
        }
        for row in changed
    }
    stored = Exam.objects.get(pk=exam.pk)  # its rounding may be another
    change = KeyChange(len(papers), most_score(stored, old.values()), most_score(exam, rows))
    gained = dict.fromkeys(papers, NO_POINTS)
    score_again(exam, changed, turned, change, gained)
    if any(turned.values()):
        read_again(exam, rows, turned, change, gained)
    scores = {pk: exam.score_of(worth.get(pk, NO_POINTS) + points) for pk, points in gained.items()}
    touched = [pk for pk, score in exam.papers.values_list("pk", "score") if score != scores[pk]]
    rows_of = exam.papers.with_candidate().filter(pk__in=touched)
    change.scores = [ScoreChange(paper, paper.score, scores[paper.pk]) for paper in rows_of]
    return change


class Unseen(Exception):
    """Scores would change that the person has not been shown."""

    def __init__(self, change: KeyChange) -> None:
        super().__init__()
        self.change = change


def scoring(item: Item) -> list:
    return [getattr(item, name) for name in SCORED_BY]


def score_again(
    exam: Exam, changed: Sequence[Item], turned: Versions, change: KeyChange, gained: dict[int, Decimal]
) -> None:
    """Answers that stay as they were read: most of them are alike, so that each value is judged once."""
    items = {item.pk: item for item in changed}
    worth: dict[tuple[int, int, str], Decimal] = {}
    answers = Answer.objects.filter(paper__exam=exam, item__in=list(items)).order_by()
    for pk, paper, version, item, value, state, points in answers.values_list(
        "pk", "paper_id", "paper__version", "item_id", "value", "state", "points"
    ).iterator(5000):
        if version in turned[item] and state != Answer.State.CORRECTED:
            continue
        if (item, version, value) not in worth:
            worth[item, version, value] = points_of(items[item], version, value)
        if (new := worth[item, version, value]) != points:
            change.points.setdefault(new, []).append(pk)
            gained[paper] += new - points


def read_again(
    exam: Exam, rows: Sequence[Item], turned: Versions, change: KeyChange, gained: dict[int, Decimal]
) -> None:
    """Answers to which another question is asked now, from what the networks said of their pages."""
    draft = exam.with_items(rows)
    items = {row.pk: row for row in rows if turned.get(row.pk)}
    readable = Answer.objects.filter(item__in=list(items)).exclude(state=Answer.State.CORRECTED)
    pages = ScanPage.objects.filed().filter(paper__exam=exam, pk__in=readable.values("page"))
    unread = (
        pages.select_related("paper")
        .prefetch_related("scan__readers", Prefetch("answers", readable))
        .iterator(AT_ONCE)
    )
    while some := list(islice(unread, AT_ONCE)):
        cells = cells_of(exam, some, items.values())
        for page in some:
            version = page.paper.version if page.paper else 1
            answers = [answer for answer in page.answers.all() if version in turned[answer.item_id]]
            asked = [items[answer.item_id] for answer in answers]
            readings = readings_of(draft, page, cells.get(page.pk), asked, version)
            for answer, item in zip(answers, asked, strict=True):
                answer.paper, answer.item = page.paper, item
                ask_again(answer, page, readings.get(item.number), change, gained)


def readings_of(
    draft: Exam, page: ScanPage, cells: PageCells | None, asked: Sequence[Item], version: int
) -> dict[int, ItemReading]:
    """None where its answers were typed in."""
    if cells is None or page.placed == ScanPage.Placed.NOT:
        return {}
    return read_items(draft, cells, asked, version, thresholds_of(page.scan.readers.all()))


def ask_again(
    answer: Answer, page: ScanPage, reading: ItemReading | None, change: KeyChange, gained: dict[int, Decimal]
) -> None:
    before = {name: getattr(answer, name) for name in READ_FIELDS}
    if reading is None:
        answer.points = points_of(answer.item, answer.paper.version, answer.value)
    else:
        put_reading(answer, page, reading)
    gained[answer.paper_id] += answer.points - before["points"]
    for name, old in before.items():
        if getattr(answer, name) != old:
            change.read_again.setdefault(name, []).append(answer)


def cells_of(exam: Exam, pages: Sequence[ScanPage], items: Iterable[Item]) -> dict[int, PageCells]:
    """What the networks said of these items; a template's are read together."""
    rows = PageCells.objects.filter(page__in=pages)
    if exam.template:
        return {row.pk: row for row in rows.only("items", "beside")}
    numbers = [item.number for item in items]
    return {
        pk: PageCells(
            page_id=pk,
            beside=beside,
            items={str(number): one or [] for number, one in zip(numbers, cells, strict=True)},
        )
        for pk, beside, *cells in rows.values_list("pk", "beside", *map(CellsOf, numbers))
    }
