"""What the pages of a template send: its files, its key, and where its blocks are."""

import math
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.key.items import options_from
from grading.models import Exam
from grading.presentation import blocks_of
from grading.sheet.boxes import Box

MOST_OPTIONS, MOST_DIGITS = 30, 12
MOST = 1e6  # px that a template may say


class NewTemplateForm(forms.Form):
    """Its files are looked into by the service."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)


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


class BlockForm(forms.Form):
    """A block to be drawn. `box` is x, y, width and height in px of the page, where one was drawn."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[
            ("choice", gettext_lazy("Choice")),
            ("digits_grid", gettext_lazy("Bubbled number")),
            ("student", gettext_lazy("Student number")),
        ],
        initial="choice",
    )
    count = forms.IntegerField(
        label=gettext_lazy("Rows, or digits of a number"), min_value=1, max_value=100, initial=10
    )
    options = forms.CharField(
        label=gettext_lazy("Options"),
        initial="A-E",
        max_length=200,
        required=False,
        help_text=gettext_lazy("1-5, A-E, ㄱ-ㅁ, or a list"),
    )
    box = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("kind") == "choice":
            given["options"] = checked_options(given.get("options", ""))
        else:
            given["options"] = []
            least = 2 if given.get("kind") == "student" else 1
            if not least <= given.get("count", least) <= MOST_DIGITS:
                sentence = _("A number has %(least)s to %(most)s digits.")
                raise ValidationError(sentence % {"least": least, "most": MOST_DIGITS})
        return given

    def clean_box(self) -> Box | None:
        if not (text := self.cleaned_data["box"]):
            return None
        sides = [number_in(side, 0.0) for side in text.split(",")]
        if len(sides) != 4 or min(sides[2:]) <= 0:
            raise ValidationError(_("Please draw the box again."))
        x, y, width, height = sides
        return x, y, width, height

    def fields_of_block(self) -> dict[str, Any]:
        """What the service takes."""
        given = self.cleaned_data
        return {
            "count": given["count"],
            "options": given["options"],
            "is_student": given["kind"] == "student",
            "box": given["box"],
        }


class PictureForm(forms.Form):
    """A form that nobody has described: its picture, and how its first block looks."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)
    count = forms.IntegerField(
        label=gettext_lazy("Rows of the first block"), min_value=1, max_value=100, initial=10
    )
    options = forms.CharField(
        label=gettext_lazy("Options"),
        initial="A-E",
        max_length=200,
        help_text=gettext_lazy("1-5, A-E, ㄱ-ㅁ, or a list"),
    )

    def clean_options(self) -> list[str]:
        return checked_options(self.cleaned_data["options"])


def checked_options(text: str) -> list[str]:
    options = options_from(text)
    if not 1 <= len(set(options)) == len(options) <= MOST_OPTIONS:
        raise ValidationError(_("A block needs 1 to %(most)s different options.") % {"most": MOST_OPTIONS})
    return options
