"""Who of the roster does not sit the exam, as a teacher ticks it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grading.forms.blocks import FiniteField
from grading.models import Candidate, Exam


class StateForm(forms.Form):
    state = forms.ChoiceField(label=_("What counts"), choices=Candidate.State.choices)
    recognised_score = FiniteField(
        label=_("Recognised score"),
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, exam: Exam, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        students = forms.ModelMultipleChoiceField(exam.candidates.all(), required=False)
        self.fields["students"] = students
