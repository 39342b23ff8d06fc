"""Who sits an exam, and under which number."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grading.models import Candidate, Exam
from grading.papers.scores import settle
from school.models import Enrollment, SchoolClass
from school.roster.columns import PARTS
from school.roster.headers import role_of
from school.roster.rows import Grid, RosterRow


def replace_candidates(
    exam: Exam,
    numbered: Sequence[tuple[str, Enrollment]],
    ids: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> list[Candidate]:
    """Who stays keeps their state; all papers look for their students anew. `ids`: number → how another program knows
    that student. Call within a transaction."""
    states = {one.enrollment_id: state_of(one) for one in exam.candidates.with_state()}
    exam.candidates.all().delete()
    Candidate.objects.bulk_create(
        Candidate(
            exam=exam,
            enrollment=enrollment,
            number=number,
            ids=dict(ids.get(number, {})),
            **states.get(enrollment.pk, {}),
        )
        for number, enrollment in numbered
    )
    settle(exam, exam.papers.all())
    return list(exam.candidates.all())


def state_of(candidate: Candidate) -> dict[str, Any]:
    return {"state": candidate.state, "recognised_score": candidate.recognised_score}


def grid_of(exam: Exam) -> Grid:
    """What its sheet asks for, for whoever reads a class list."""
    parts = exam.spec.id_parts
    roles = tuple(role_of(label) for label, _digits in parts)
    if len(parts) == len(PARTS) and set(roles) != set(PARTS):
        roles = PARTS
    if len(parts) == 1 or len(set(roles) & set(PARTS)) < len(parts):
        return Grid((("", exam.id_length),)) if exam.id_length else Grid()
    return Grid(tuple((role, digits) for role, (_label, digits) in zip(roles, parts, strict=True)))


def known_in_exam(exam: Exam) -> list[RosterRow]:
    return [RosterRow(one.number, one.name, one.class_name) for one in exam.candidates.all()]


def exam_number(exam: Exam, enrollment: Enrollment) -> str:
    """What a student marks on the sheet: grade and class from the name of the class ("1학년 3반", "1-3"), then their
    own number, each as wide as the sheet asks for it. What is no short number of digits stays as it is."""
    widths = [digits for _label, digits in exam.spec.id_parts]
    parts = [*re.findall(r"\d+", enrollment.school_class.name), enrollment.number]
    if len(widths) == 1 or len(enrollment.number) > widths[-1]:
        widths, parts = [exam.id_length], [enrollment.number]
    if len(parts) != len(widths) or not all(fits(*one) for one in zip(parts, widths, strict=True)):
        return enrollment.number
    return "".join(part.zfill(width) for part, width in zip(parts, widths, strict=True))


def fits(part: str, width: int) -> bool:
    return part.isdecimal() and len(part) <= width


def numbered(exam: Exam, classes: Iterable[SchoolClass]) -> list[tuple[str, Enrollment]]:
    """Who is in these classes, each with the number of the exam. Raises ValidationError where two have the same."""
    enrollments = Enrollment.objects.present().filter(school_class__in=classes).select_related("school_class")
    found = [(exam_number(exam, one), one) for one in enrollments]
    counts = Counter(number for number, _enrollment in found)
    if twice := [number for number, count in counts.items() if count > 1]:
        sentence = _(
            "Several students would have the number %(number)s: let the sheet ask for grade, class and number."
        )
        raise ValidationError(sentence % {"number": twice[0]})
    return found


def clean_number(number: str) -> str:
    """Of a student. Raises ValidationError where it cannot be one."""
    number = number.strip()
    if len(number) > 20 or not number.isascii() or not number.isprintable() or "?" in number:
        raise ValidationError(_("“%(number)s” is not a student number.") % {"number": number})
    return number
