"""Who does not sit an exam although they are on its roster, and what counts in place of a paper."""

from collections.abc import Collection
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.models import Verb
from audit.services import record
from grading.models import Candidate, Exam
from grading.papers.scores import most_score

State = Candidate.State


@transaction.atomic
def set_states(
    *,
    exam: Exam,
    students: Collection[Candidate],
    state: str,
    recognised_score: Decimal | None = None,
    by: User,
) -> list[Candidate]:
    """Of these students of the exam. Their papers stay as they are, and count again once they sit it. Raises
    ValidationError where nobody is named, or a score is recognised that nobody can reach."""
    if not students:
        raise ValidationError(_("Please tick the students first."))
    if state != State.RECOGNISED:
        recognised_score = None
    else:
        check_recognised(exam, recognised_score)
    rows = exam.candidates.filter(pk__in=[one.pk for one in students])
    rows.update(state=state, recognised_score=recognised_score)
    record(actor=by, verb=Verb.CHANGED, row=exam, count=len(students))
    return list(rows)


def check_recognised(exam: Exam, score: Decimal | None) -> None:
    if score is None:
        raise ValidationError(_("Please type the score that is recognised."))
    most = most_score(exam, exam.items.all())
    if not 0 <= score <= most:
        words = {"most": most.normalize() + 0}
        raise ValidationError(_("The recognised score lies between 0 and %(most)s.") % words)
