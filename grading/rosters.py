"""What a teacher does with the roster of an exam once it is there: say yes to a preview, add, change and remove one."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from grading.models import Candidate, Exam, RosterUpload
from grading.papers.candidates import clean_number, grid_of
from grading.papers.scores import settle
from grading.services import replace_roster
from school.roster.numbers import Refused, whole_number
from school.roster.rows import Choice, RosterRow
from school.services import enroll
from school.uploads import accepted


@transaction.atomic
def accept_roster(*, upload: RosterUpload, choice: Choice, by: User) -> list[Candidate]:
    """Store what a preview shows, read as somebody says. Raises ValidationError."""
    upload = RosterUpload.objects.select_for_update().select_related("exam__owner").get(pk=upload.pk)
    reading = accepted(upload, grid_of(upload.exam), choice)
    candidates = replace_roster(exam=upload.exam, rows=reading.rows, by=by)
    upload.accept(reading.rows)
    return candidates


@transaction.atomic
def add_candidate(*, exam: Exam, number: str, name: str, class_name: str, by: User) -> Candidate:
    """One more, in the class of that name. Raises ValidationError where the number is none, or somebody else's."""
    exam = Exam.objects.select_for_update().get(pk=exam.pk)
    number = good_number(exam, number)
    [enrollment] = enroll(owner=by, rows=[RosterRow(number, name, class_name)], otherwise=exam.title)
    return settled(Candidate(exam=exam, enrollment=enrollment, number=number))


@transaction.atomic
def change_candidate(*, candidate: Candidate, number: str, name: str) -> Candidate:
    """The number in this exam alone; the name everywhere. Raises ValidationError as above."""
    exam = Exam.objects.select_for_update().get(pk=candidate.exam_id)
    candidate.number = good_number(exam, number)
    student = candidate.enrollment.student
    student.name = name
    student.save(update_fields=["name"])
    return settled(candidate)


@transaction.atomic
def remove_candidate(*, candidate: Candidate) -> None:
    """Off the roster; the class keeps the student, and a paper of this number stays."""
    exam = Exam.objects.select_for_update().get(pk=candidate.exam_id)
    candidate.delete()
    settle(exam, exam.papers.all())


def good_number(exam: Exam, text: str) -> str:
    """Raises ValidationError where the sheet has no room for it."""
    number = clean_number(text)
    try:
        return whole_number(number, grid_of(exam)).number
    except Refused as refused:
        if refused.code == "too_long":
            words = {"digits": exam.id_length}
            raise ValidationError(_("The sheet asks for %(digits)s digits.") % words) from refused
        raise ValidationError(_("“%(number)s” is not a student number.") % {"number": number}) from refused


def settled(candidate: Candidate) -> Candidate:
    """Saved; papers look for their students anew. Raises ValidationError where the number is somebody else's."""
    try:
        with transaction.atomic():
            candidate.save()
    except IntegrityError as taken:
        words = {"number": candidate.number}
        raise ValidationError(_("Somebody else has the number %(number)s.") % words) from taken
    settle(candidate.exam, candidate.exam.papers.all())
    return candidate
