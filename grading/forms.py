"""An exam as a teacher types it: a few lines about the whole, then blocks of items that look alike, each with its key.

A block's key names the right answers in order: `3 1 5 2`. Several right options that all must be marked: `1,3`; one
of several: `1/3`; not known yet: `?`. `4:3 7:5` names items by their number. With versions, a line each.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.items import SCHOOL, clean_items
from grading.models import Exam, Item, ItemKind
from web.parsers import parsed_number

NOT_KNOWN = {"?", "_"}
MOST_BLOCKS = 50


class ExamForm(forms.ModelForm):
    id_kind = forms.ChoiceField(
        label=gettext_lazy("Student number"),
        choices=[
            ("digits", gettext_lazy("One number")),
            ("school", gettext_lazy("Grade, class and number (학년·반·번호)")),
        ],
    )
    id_digits = forms.IntegerField(label=gettext_lazy("Its digits"), min_value=1, max_value=12, initial=8)
    versions = forms.IntegerField(
        label=gettext_lazy("Versions of the exam"), min_value=1, max_value=26, initial=1
    )

    class Meta:
        model = Exam
        fields = ["title", "language", "paper", "id_kind", "id_digits", "versions", "is_learned_from"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.id_groups:
            self.initial["id_kind"] = "school"

    def exam_fields(self) -> dict[str, Any]:
        """What services take; groups that were made by a program stay as they are."""
        fields = dict(self.cleaned_data)
        is_school = fields.pop("id_kind") == "school"
        kept = self.instance.id_groups or SCHOOL[fields["language"]]
        return {**fields, "id_groups": kept if is_school else []}


class FiniteField(forms.DecimalField):
    """NaN and Infinity are refused before they are compared: Python raises where a signalling NaN is."""

    def to_python(self, value: Any) -> Decimal | None:
        number = super().to_python(value)
        if number is not None and not number.is_finite():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return number


class BlockForm(forms.Form):
    """Items that look alike."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=[one for one in ItemKind.choices if one[0] != ItemKind.JOINED]
    )
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=200, initial=20)
    options = forms.CharField(
        label=gettext_lazy("Options"),
        required=False,
        initial="1-5",
        help_text=gettext_lazy("1-5, A-E, ㄱ-ㅁ, or a list"),
    )
    digits = forms.IntegerField(
        label=gettext_lazy("Boxes"), min_value=1, max_value=12, required=False, initial=3
    )
    lines = forms.IntegerField(
        label=gettext_lazy("Lines"), min_value=1, max_value=40, required=False, initial=5
    )
    points = FiniteField(
        label=gettext_lazy("Points each"), min_value=0, max_digits=6, decimal_places=2, initial=1
    )
    tolerance = FiniteField(
        label=gettext_lazy("Tolerance"), min_value=0, required=False, max_digits=12, decimal_places=6
    )
    key = forms.CharField(
        label=gettext_lazy("Right answers"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("In order: 3 1 5 2. Both of two: 1,3. One of two: 1/3. Not known yet: ?"),
    )

    def items(self, first: int, versions: int) -> Iterator[dict[str, Any]]:
        """Its items, numbered from `first`; keys are checked where all items are."""
        given = self.cleaned_data
        keys = [self.keys(line, first) for line in self.lines_of(given["key"], versions)]
        for number in range(first, first + given["count"]):
            by_version = [line.get(number, "") for line in keys]
            yield {
                "number": number,
                "kind": given["kind"],
                "options": given["options"] or "1-5",
                "digits": given["digits"] or 3,
                "lines": given["lines"] or 5,
                "points": given["points"],
                "tolerance": given["tolerance"] or Decimal(0),
                "answer": answer_of(by_version[0], given["kind"]),
                "answers": [answer_of(key, given["kind"]) for key in by_version]
                if len(by_version) > 1
                else [],
                "any_of": any("/" in key for key in by_version) and given["kind"] == ItemKind.CHOICE,
            }

    def lines_of(self, key: str, versions: int) -> list[str]:
        """One line a version; with one version line breaks are nothing special, columns can be pasted."""
        lines = [line for line in key.splitlines() if line.strip()] if versions > 1 else [key]
        return lines or [""]

    def keys(self, line: str, first: int) -> dict[int, str]:
        """Item number → its key as it was typed. Raises ValidationError."""
        found, number = {}, first
        for token in re.sub(r"\s*([,/:])\s*", r"\1", line).split():
            name, colon, key = token.rpartition(":")
            named = parsed_number(name)
            if colon and named is None:
                raise ValidationError(
                    _("“%(token)s” should be the number of an item, a colon and its answer.")
                    % {"token": token}
                )
            number = number if named is None else named
            found[number] = "" if key in NOT_KNOWN else key
            number += 1
        last = first + self.cleaned_data["count"] - 1
        if outside := [number for number in found if not first <= number <= last]:
            words = {"number": outside[0], "first": first, "last": last}
            raise ValidationError(
                _("The key names item %(number)s, but these are items %(first)s to %(last)s.") % words
            )
        return found


def answer_of(key: str, kind: str) -> str | list[str]:
    """ "1,3" and "1/3" are lists where an item has options; numbers and letters have lists by "/" only."""
    separator = "/" if "/" in key else "," if kind == ItemKind.CHOICE and "," in key else ""
    return [option for option in key.split(separator) if option] if separator else key


class BlockFormSet(forms.BaseFormSet):
    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": gettext_lazy("An exam has at most %(num)s blocks of items."),
    }

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """A block that was left as it was offered is meant, too."""
        return {**super().get_form_kwargs(index), **({} if index is None else {"empty_permitted": False})}

    def items(self, versions: int) -> list[dict[str, Any]]:
        """All items, numbered through. Raises ValidationError with a sentence for each that is wrong."""
        found: list[dict[str, Any]] = []
        for block in self.forms:
            if block.cleaned_data and not block.cleaned_data.get("DELETE"):
                found += block.items(len(found) + 1, versions)
        return clean_items(found)


Blocks = forms.formset_factory(
    BlockForm,
    BlockFormSet,
    extra=0,
    can_delete=True,
    max_num=MOST_BLOCKS,
    validate_max=True,
    absolute_max=2 * MOST_BLOCKS,  # those that were removed are sent, too; Django would show 1,000 more
)
NEW = [{"kind": ItemKind.CHOICE, "count": 20, "options": "1-5", "digits": 3, "lines": 5, "points": 1}]


def item_blocks(exam: Exam) -> list[dict[str, Any]]:
    """The exam's items as a teacher would have typed them."""
    blocks = []
    for _look, run in groupby(exam.items.all(), key=look):
        items = list(run)
        first = items[0]
        blocks.append(
            {
                "kind": first.kind,
                "count": len(items),
                "options": ", ".join(first.options),
                "digits": first.digits,
                "lines": first.lines,
                "points": first.points.normalize() + 0,
                "tolerance": first.tolerance.normalize() + 0 or None,
                "key": key_of(items, exam.versions),
            }
        )
    return blocks


def look(item: Item) -> tuple:
    return item.kind, item.options, item.digits, item.lines, item.points, item.tolerance, item.any_of


def key_of(items: list[Item], versions: int) -> str:
    """The key as one line, or a line a version where they differ."""
    has_own = any(item.answers for item in items)
    lines = range(1, versions + 1) if has_own else [1]
    return "\n".join(" ".join(typed(item, item.key(version)) for item in items) for version in lines)


def typed(item: Item, key: str | list[str]) -> str:
    separator = "," if item.kind == ItemKind.CHOICE and not item.any_of else "/"
    return (separator.join(key) if isinstance(key, list) else key) or "?"


class CandidateForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Student number"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)


class AddCandidateForm(CandidateForm):
    class_name = forms.CharField(label=gettext_lazy("Class"), max_length=100, required=False)
