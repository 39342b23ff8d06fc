"""Which grades an exam gives, and where one ends: checked, and in words."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import Exam
from grading.results.grades import ACHIEVEMENT, FIVE, LETTERS, NINE, USUAL

SCALES: dict[str, str | Promise] = {
    ACHIEVEMENT: gettext_lazy("Achievement A–E"),
    NINE: gettext_lazy("9 grades"),
    FIVE: gettext_lazy("5 grades"),
}


def scales_of(exam: Exam) -> list[str]:
    """Those that it gives, in the order of SCALES: PostgreSQL keeps none in its JSON."""
    return [name for name in SCALES if name in exam.grades]


def clean_grades(given: Any) -> dict[str, list[float]]:
    """The cuts by scale, in the order of scales. Raises ValidationError with a sentence."""
    if not isinstance(given, Mapping) or given.keys() - SCALES.keys():
        raise ValidationError(_("Grades are achievement, nine or five, each with its cuts."))
    return {name: clean_cuts(name, given[name]) for name in SCALES if name in given}


def clean_cuts(name: str, given: Any) -> list[float]:
    words = {"scale": SCALES[name], "usual": as_typed(USUAL[name])}
    falls = name == ACHIEVEMENT
    is_list = isinstance(given, list | tuple) and bool(given)
    is_whole = is_list and all(type(cut) in (int, float) and 0 < cut < 100 for cut in given)
    if not is_whole or list(given) != sorted(set(given), reverse=falls):
        raise ValidationError(_("%(scale)s: the cuts are percents in order, like %(usual)s.") % words)
    if not (len(given) < len(LETTERS) if falls else len(given) == len(USUAL[name])):
        words["count"] = "1–8" if falls else str(len(USUAL[name]))
        raise ValidationError(_("%(scale)s: %(count)s cuts are needed, like %(usual)s.") % words)
    return [round(float(cut), 2) for cut in given]


def as_typed(cuts: list[float]) -> str:
    return ", ".join(f"{cut:g}" for cut in cuts)
