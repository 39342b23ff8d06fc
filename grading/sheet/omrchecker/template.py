"""An OMRChecker template (version 1) as Nunbit reads it: where the bubbles of a sheet are, and what they mean.

Positions in the files are in pixels of the page as the author saw it. `Template.form` has the same page in
millimetres of its own, where a bubble is BUBBLE wide, so that the measures of `registration` hold whatever the paper.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from grading.sheet.boxes import BUBBLE, Box, Field, Page
from grading.sheet.decoding import Grey
from grading.sheet.omrchecker.key import KeyItem, KeyPicture

DIGITS, CHOICES = tuple("0123456789"), tuple("ABCDE")
FIELD_TYPES: dict[str, tuple[tuple[str, ...], str]] = {
    "QTYPE_INT": (DIGITS, "vertical"),
    "QTYPE_INT_FROM_1": ((*DIGITS[1:], "0"), "vertical"),
    "QTYPE_MCQ4": (CHOICES[:4], "horizontal"),
    "QTYPE_MCQ5": (CHOICES, "horizontal"),
    "QTYPE_MCQ4_RTL": (CHOICES[3::-1], "horizontal"),
    "QTYPE_MCQ5_RTL": (CHOICES[::-1], "horizontal"),
}
STEPS = ("CropPage", "CropOnMarkers", "FeatureBasedAlignment", "MedianBlur", "GaussianBlur", "Levels")
PLACING = STEPS[:3]  # the others change no position


@dataclass(frozen=True)
class TemplateBubble:
    """A mark here means `value`; `box` (x, y, w, h) in template pixels."""

    value: str
    box: Box


@dataclass(frozen=True)
class TemplateField:
    label: str
    bubbles: tuple[TemplateBubble, ...]
    block: str
    empty_value: str = ""


@dataclass(frozen=True)
class TemplateAnswer:
    """One column of the results: a field, or several joined in order (a roll number)."""

    name: str
    fields: tuple[TemplateField, ...]


@dataclass(frozen=True, eq=False)
class PreProcessor:
    """One preprocessor; `picture` is the marker or the blank form that it names."""

    name: str
    options: Mapping[str, Any]
    picture: Grey | None = None


@dataclass(frozen=True, eq=False)
class Template:
    """`answers` are in the order of the results, `columns` those that are printed. `key` is empty without an
    evaluation.json, and while it is to be read from `key_picture`."""

    width: float
    height: float
    fields: tuple[TemplateField, ...]
    answers: tuple[TemplateAnswer, ...]
    steps: tuple[PreProcessor, ...]
    empty_value: str = ""
    key: tuple[KeyItem, ...] = ()
    key_picture: KeyPicture | None = None
    columns: tuple[str, ...] = ()
    config: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @cached_property
    def unit(self) -> float:
        """Millimetres of `form` in a template pixel."""
        sizes = [max(bubble.box[2:]) for field in self.fields for bubble in field.bubbles]
        return BUBBLE / float(np.median(sizes))

    @cached_property
    def form(self) -> Page:
        """The page in millimetres. Fields bear the number of their answer, from 1, in the order of `answers`."""
        fields = tuple(
            Field(number, part, bubble.value, "bubble", scaled(bubble.box, self.unit))
            for number, answer in enumerate(self.answers, start=1)
            for part, field in enumerate(answer.fields)
            for bubble in field.bubbles
        )
        return Page(1, self.width * self.unit, self.height * self.unit, (), (0.0, 0.0, 0.0, 0.0), fields, ())

    @property
    def placing(self) -> PreProcessor | None:
        """The last step that says where the page is: its result is what the positions refer to."""
        return next((step for step in reversed(self.steps) if step.name in PLACING), None)


def scaled(box: Box, unit: float) -> Box:
    x, y, width, height = (round(value * unit, 4) for value in box)
    return x, y, width, height
