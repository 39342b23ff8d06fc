"""The rows of a written answer's rubric as a teacher types them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grading.forms.blocks import FiniteField
from grading.models import Item
from grading.review.rubrics import LONGEST_NOTE, MOST_ROWS


class RubricRow(forms.Form):
    mark = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)
    points = FiniteField(label=_("Points"), required=False, max_digits=6, decimal_places=2)
    note = forms.CharField(label=_("What for"), required=False, max_length=LONGEST_NOTE)


RubricForms = forms.formset_factory(RubricRow, extra=2, max_num=MOST_ROWS, absolute_max=2 * MOST_ROWS)


def filled_rows(rows: forms.BaseFormSet) -> list[dict[str, Any]]:
    """Those in which there are points; one that was emptied is removed."""
    return [form.cleaned_data for form in rows.forms if form.cleaned_data.get("points") is not None]


def rubric_rows(item: Item) -> list[dict[str, Any]]:
    return list(item.rubric)
