"""A student asks to look at something again; a teacher answers, and may correct it by that."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import Answer, Exam, Paper, RegradeRequest, ReleasedPaper
from grading.papers.corrections import Change, correct_answers

MOST_OPEN, MOST_A_DAY = 5, 10  # of one paper
LONGEST = 1000


@transaction.atomic
def ask(*, released: ReleasedPaper, text: str, number: int | None = None) -> RegradeRequest:
    """About one item, or the paper as a whole. Raises ValidationError with a sentence for the student."""
    paper = Paper.objects.select_for_update().get(pk=released.paper_id)
    if not (text := clean_text(text)):
        raise ValidationError(_("Write in a sentence what should be looked at again."))
    item = None
    if number is not None:
        item = paper.exam.items.filter(number=number).first()
        if item is None:
            raise ValidationError(_("There is no such item."))
    asked = paper.regrade_requests.filter(number=released.number)
    if asked.waiting().count() >= MOST_OPEN or asked.filter(created_at__gte=day_ago()).count() >= MOST_A_DAY:
        raise ValidationError(_("Your teacher has several questions of yours already. Wait for the answers."))
    return RegradeRequest.objects.create(
        paper=paper, item=item, number=released.number, text=text, old_score=paper.score
    )


def day_ago():  # type: ignore[no-untyped-def]  # a datetime
    return timezone.now() - timedelta(days=1)


def clean_text(text: str) -> str:
    """One line of what can be printed."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printable.split())[:LONGEST]


@transaction.atomic
def answer(
    *, request: RegradeRequest, by: User, reply: str, value: str | None = None, was: str | None = None
) -> RegradeRequest:
    """Say something to the student. `value`: what she really answered, or her points, where that is to be corrected.
    `was`: the value that the teacher saw: what is sent as it was changes nothing that a colleague corrected meanwhile.

    Raises ValidationError where nothing is said, or the item cannot be answered so.
    """
    Exam.objects.select_for_update().get(pk=request.paper.exam_id)
    request = RegradeRequest.objects.select_related("paper", "item").get(pk=request.pk)
    if not request.is_open:
        raise ValidationError(_("%(name)s has answered this already.") % {"name": request.answered_by or "?"})
    if not (reply := clean_text(reply)):
        raise ValidationError(_("Write a sentence for the student."))
    if value is not None and request.item is not None and (was is None or value.strip() != was):
        correct(request, value, by, was)
    request.paper.refresh_from_db()
    request.reply, request.new_score = reply, request.paper.score
    request.state, request.answered_at, request.answered_by = (
        RegradeRequest.State.ANSWERED,
        timezone.now(),
        by,
    )
    request.save()
    return request


def correct(request: RegradeRequest, value: str, by: User, was: str | None) -> None:
    found = Answer.objects.filter(paper=request.paper, item=request.item).select_related("item").first()
    if found is None:
        raise ValidationError(_("The page with this item is missing."))
    if found.value == value.strip():
        return
    change = Change(request.paper_id, found.item.number, value, was)
    if refused := correct_answers(exam=request.paper.exam, changes=[change], by=by).refused:
        raise ValidationError(refused[0].detail)
