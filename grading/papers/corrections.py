"""Answers that a person puts right or confirms, one or many at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from grading.key.items import clean_value
from grading.models import Answer, Correction, Exam, Item, ItemKind, Paper
from grading.papers.scores import points_of, settle

Place = tuple[int, int]  # a paper's key and an item's number
WRITTEN = ("value", "confidence", "state", "reason", "points")


@dataclass(frozen=True)
class Change:
    """What a student really answered. `was`: the value that the person saw, None where they do not say: what was put
    there meanwhile is not written over."""

    paper: int
    item: int
    value: str
    was: str | None = None


@dataclass(frozen=True)
class Refusal:
    change: Change
    detail: str


@dataclass
class Corrected:
    """`corrections`: their keys in the log, by which they can be undone."""

    answers: list[Answer] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    corrections: list[int] = field(default_factory=list)


@transaction.atomic
def correct_answers(*, exam: Exam, changes: Sequence[Change], by: User) -> Corrected:
    """Those that can be are saved, logged, and their papers scored anew; each of the others with a sentence why not."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    answers, done = answers_at(exam, ((change.paper, change.item) for change in changes)), Corrected()
    log, now = [], timezone.now()
    for change in changes:
        try:
            answer, value = checked(answers.get((change.paper, change.item)), change, by)
        except ValidationError as error:
            done.refused.append(Refusal(change, " ".join(error.messages)))
            continue
        own = {"paper": answer.paper, "item": answer.item, "field": f"item {answer.item.number}"}
        log.append(Correction(**own, old=answer.value, new=value, by=by, at=now))
        put(answer, value)
        done.answers.append(answer)
    Answer.objects.bulk_update(done.answers, WRITTEN)
    done.corrections = [row.pk for row in Correction.objects.bulk_create(log)]
    settle_and_report(exam, {answer.paper_id for answer in done.answers})
    return done


def answers_at(exam: Exam, places: Iterable[Place]) -> dict[Place, Answer]:
    places = set(places)
    rows = Answer.objects.filter(paper__exam=exam, paper__in={paper for paper, _number in places})
    rows = rows.filter(item__number__in={number for _paper, number in places}).select_related("item", "paper")
    return {(row.paper_id, row.item.number): row for row in rows}


def checked(answer: Answer | None, change: Change, by: User) -> tuple[Answer, str]:
    """Raises ValidationError where the item cannot be answered so, or where meanwhile somebody has put there what the
    person did not see: a colleague, or they themselves in another window."""
    if answer is None:
        raise ValidationError(_("This answer is no longer there."))
    value = clean_value(answer.item, change.value, answer.paper.version)
    if answer.item.kind == ItemKind.OPEN and not value:  # who has not looked yet has not given 0
        raise ValidationError(_("Please give the points first: 0 where there are none."))
    is_unseen = answer.state == Answer.State.CORRECTED and answer.value not in (change.was, value)
    if change.was is not None and is_unseen:
        last = answer.paper.corrections.standing().filter(item=answer.item).first()
        words = {"who": last.by if last else "?", "value": answer.value or "–"}
        if last and last.by == by:
            raise ValidationError(_("You have put “%(value)s” here meanwhile, in another window.") % words)
        raise ValidationError(_("%(who)s has put “%(value)s” here meanwhile.") % words)
    return answer, value


def locked(paper: Paper) -> tuple[Exam, Paper]:
    """Its exam, which nobody else changes meanwhile, and the paper as it is now: since it was looked at, a colleague
    may have changed it, joined it to another one, or removed it. Raises ValidationError where it is gone."""
    exam = Exam.objects.select_for_update().get(pk=paper.exam_id)
    fresh = Paper.objects.filter(pk=paper.pk).first()
    if fresh is None:
        raise ValidationError(_("This paper is no longer there."))
    return exam, fresh


def put(answer: Answer, value: str) -> None:
    """What a person says."""
    answer.value, answer.confidence, answer.reason = value, 1.0, ""
    answer.state = Answer.State.CORRECTED
    answer.points = points_of(answer.item, answer.paper.version, value)


def settle_and_report(exam: Exam, papers: Iterable[int]) -> None:
    """Their scores, which are told with this: no later change of the key reports them."""
    rows = list(exam.papers.filter(pk__in=list(papers)))
    settle(exam, rows)
    for paper in rows:
        paper.told_score = paper.score
    Paper.objects.bulk_update(rows, ["told_score"])


def log_correction(
    paper: Paper,
    by: User,
    field: str,
    old: str,
    new: str,
    item: Item | None = None,
    pages: Sequence[int] = (),
) -> None:
    about = {"item": item, "field": field, "pages": list(pages)}
    Correction.objects.create(paper=paper, **about, old=old[:200], new=new[:200], by=by)
