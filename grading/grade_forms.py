"""Which grades an exam gives, and where one ends: as typed, as programs send it, and in words."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.grades import ACHIEVEMENT, FIVE, LETTERS, NINE, USUAL
from grading.models import Exam

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


def from_typed(text: str) -> list[float] | str:
    """Numbers; the text, which is refused, where they are none."""
    parts = re.split(r"[\s,;/]+", text.strip())
    is_numbers = all(re.fullmatch(r"\d{1,3}(\.\d{1,2})?", part, re.ASCII) for part in parts)
    return [float(part) for part in parts] if is_numbers else text


class GradesForm(forms.Form):
    """A scale is given where it is ticked."""

    def __init__(self, exam: Exam, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, title in SCALES.items():
            has, cuts = name in exam.grades, exam.grades.get(name, USUAL[name])
            self.fields[name] = forms.BooleanField(label=title, required=False, initial=has)
            label = _("Cuts of %(scale)s in percent") % {"scale": title}
            widget = forms.TextInput(attrs={"aria-label": label, "autocomplete": "off"})
            self.fields[f"{name}_cuts"] = forms.CharField(
                label=label, required=False, max_length=200, initial=as_typed(cuts), widget=widget
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[name], self[f"{name}_cuts"]) for name in SCALES]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for name in SCALES:
            if not self.cleaned_data.get(name):
                continue
            try:
                given[name] = clean_cuts(name, from_typed(self.cleaned_data.get(f"{name}_cuts", "")))
            except ValidationError as error:
                self.add_error(f"{name}_cuts", error)
        return {**self.cleaned_data, "grades": given}
