"""Which grades an exam gives, and where one ends, as typed."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from grading.models import Exam
from grading.results.grade_scales import SCALES, as_typed, clean_cuts
from grading.results.grades import USUAL


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
