"""What the pages of a template send: its files, its key, and where its blocks are."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.forms import FiniteField, answer_of, typed
from grading.models import Exam, Item
from grading.presentation import blocks_of

MOST = 1e6  # px that a template may say


class NewTemplateForm(forms.Form):
    """Its files are looked into by the service."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)


@dataclass(frozen=True)
class KeyRow:
    item: Item
    answer: forms.BoundField
    points: forms.BoundField


def answer_field(item: Item) -> forms.CharField:
    shown, label = typed(item, item.answer), _("Right answer of %(name)s") % {"name": item}
    how = {"size": 8, "autocomplete": "off", "spellcheck": "false", "aria-label": label}
    initial = "" if shown == "?" else shown
    return forms.CharField(
        label=label, required=False, max_length=500, initial=initial, widget=forms.TextInput(attrs=how)
    )


def points_field(item: Item) -> FiniteField:
    label = _("Points of %(name)s") % {"name": item}
    return FiniteField(
        label=label,
        min_value=0,
        max_digits=6,
        decimal_places=2,
        initial=item.points.normalize() + 0,
        widget=forms.NumberInput(attrs={"aria-label": label}),
    )


class KeyForm(forms.Form):
    """A line for each item of an exam that has a template."""

    def __init__(self, exam: Exam, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = list(exam.items.all())
        for item in self.asked:
            self.fields[f"answer-{item.number}"] = answer_field(item)
            self.fields[f"points-{item.number}"] = points_field(item)

    def rows(self) -> Iterator[KeyRow]:
        for item in self.asked:
            yield KeyRow(item, self[f"answer-{item.number}"], self[f"points-{item.number}"])

    def items(self) -> list[dict[str, Any]]:
        return [self.fields_of(item) for item in self.asked]

    def fields_of(self, item: Item) -> dict[str, Any]:
        text = self.cleaned_data[f"answer-{item.number}"].replace(" ", "")
        return {
            "number": item.number,
            "answer": answer_of("" if text == "?" else text, item.kind),
            "any_of": "/" in text,
            "points": self.cleaned_data[f"points-{item.number}"],
        }


def moved_blocks(sent: Mapping[str, str], exam: Exam) -> dict[str, dict[str, Any]]:
    """Of the blocks that are elsewhere now, what changed. Raises ValidationError."""
    found: dict[str, dict[str, Any]] = {}
    for block in blocks_of(exam):
        old = {one.id.rpartition("-")[2]: one.value for one in block.places}
        new = {one.id.rpartition("-")[2]: number_in(sent.get(one.id), one.value) for one in block.places}
        changed = {name: value for name, value in new.items() if value != old[name]}
        if changed.keys() & {"x", "y"}:
            changed = {name: value for name, value in changed.items() if name not in ("x", "y")}
            changed["origin"] = [new["x"], new["y"]]
        if changed:
            found[block.name] = changed
    return found


def number_in(text: str | None, otherwise: float) -> float:
    if text is None:
        return otherwise
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not abs(number) <= MOST:
        raise ValidationError(_("“%(text)s” is not a number of pixels.") % {"text": text[:20]})
    return int(number) if number.is_integer() else number
