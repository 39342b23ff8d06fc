"""An OMRChecker template (version 1) as Nunbit reads it: where the bubbles of a sheet are, and what they mean.

Positions in the files are in pixels of the page as the author saw it. `Template.form` has the same page in
millimetres of its own, where a bubble is BUBBLE wide, so that the measures of `registration` hold whatever the paper.
"""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from grading.sheet.boxes import BUBBLE, Box, Field, Page
from grading.sheet.decoding import Grey
from grading.sheet.omrchecker.folder import Folder
from grading.sheet.omrchecker.key import KeyItem, read_key
from grading.sheet.omrchecker.problems import WrongTemplate
from grading.sheet.omrchecker.values import (
    check_known,
    expand,
    mapping,
    needed,
    parse_number,
    parse_pair,
    parse_text,
    parse_texts,
    read_json,
)

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
PICTURES = {"CropOnMarkers": "relativePath", "FeatureBasedAlignment": "reference"}
PARTS = {
    *("pageDimensions", "bubbleDimensions", "preProcessors", "fieldBlocks"),
    *("customLabels", "outputColumns", "emptyValue"),
}
MOST_BUBBLES = 10_000
FINEST = 200  # bubbles that would fit along the page


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
    """`answers` are in the order of the results; `key` is empty without an evaluation.json."""

    width: float
    height: float
    fields: tuple[TemplateField, ...]
    answers: tuple[TemplateAnswer, ...]
    steps: tuple[PreProcessor, ...]
    empty_value: str = ""
    key: tuple[KeyItem, ...] = ()
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


def read_template(files: Mapping[str, bytes]) -> Template:
    """The template in an upload: template.json with its config.json, evaluation.json and pictures, by their paths.

    The outermost template.json counts. Raises WrongTemplate, which says what is wrong and where.
    """
    named = {PurePosixPath(name.replace("\\", "/")): data for name, data in files.items()}
    paths = sorted(
        (path for path in named if path.name == "template.json"), key=lambda path: (len(path.parts), path)
    )
    if not paths:
        raise WrongTemplate("no_template")
    folder = Folder(named, paths[0].parent)
    values = read_json(folder.data("template.json"), "template.json")
    for name in values:
        if name not in PARTS:
            raise WrongTemplate("unknown_key", f"template.json: {name}")
    return _template(values, folder)


def _template(values: dict[str, Any], folder: Folder) -> Template:
    width, height = parse_pair(needed(values, "pageDimensions", "template.json"), "pageDimensions", 1)
    empty = parse_text(values.get("emptyValue", ""), "emptyValue")
    fields = _fields(values, (width, height), empty)
    answers = _answers(values, fields, _custom_labels(values, fields))
    evaluation = folder.values("evaluation.json")
    names = [answer.name for answer in answers] + [field.label for field in fields]
    key = read_key(evaluation, names, folder.data) if evaluation else ()
    steps, config = _steps(values, folder), folder.values("config.json")
    template = Template(width, height, fields, answers, steps, empty, key, config)
    if max(width, height) * template.unit > FINEST * BUBBLE:
        raise WrongTemplate("tiny_bubbles")
    return template


def _fields(values: dict[str, Any], page: tuple[float, float], empty: str) -> tuple[TemplateField, ...]:
    size = parse_pair(needed(values, "bubbleDimensions", "template.json"), "bubbleDimensions", 1)
    blocks = mapping(needed(values, "fieldBlocks", "template.json"), "fieldBlocks")
    fields = [
        field
        for name, block in blocks.items()
        for field in _block(mapping(block, name), name, page, size, empty)
    ]
    expand([field.label for field in fields], "fieldBlocks")
    if not 0 < sum(len(field.bubbles) for field in fields) <= MOST_BUBBLES:
        raise WrongTemplate("too_many_bubbles")
    return tuple(fields)


def _block(
    block: dict[str, Any], name: str, page: tuple[float, float], size: tuple[float, float], empty: str
) -> list[TemplateField]:
    """The fields of one block: its values run in its direction, its fields across it."""
    choices, direction = _values(block, name)
    x, y = parse_pair(needed(block, "origin", name), f"{name}: origin")
    along = parse_number(needed(block, "bubblesGap", name), f"{name}: bubblesGap")
    across = parse_number(needed(block, "labelsGap", name), f"{name}: labelsGap")
    width, height = parse_pair(block.get("bubbleDimensions", list(size)), f"{name}: bubbleDimensions", 1)
    empty = parse_text(block.get("emptyValue", empty), f"{name}: emptyValue")
    step, row = ((along, 0.0), (0.0, across)) if direction == "horizontal" else ((0.0, along), (across, 0.0))
    fields = []
    for place, label in enumerate(
        expand(parse_texts(needed(block, "fieldLabels", name), f"{name}: fieldLabels"), name)
    ):
        left, top = x + place * row[0], y + place * row[1]
        bubbles = [
            TemplateBubble(value, (left + index * step[0], top + index * step[1], width, height))
            for index, value in enumerate(choices)
        ]
        fields.append(TemplateField(label, in_order(bubbles), name, empty))
    _inside(fields, name, page)
    return fields


def in_order(bubbles: list[TemplateBubble]) -> tuple[TemplateBubble, ...]:
    """As the template has them, but a column of all ten digits from 0 to 9, as everywhere else."""
    if sorted(bubble.value for bubble in bubbles) == list(DIGITS):
        return tuple(sorted(bubbles, key=lambda bubble: bubble.value))
    return tuple(bubbles)


def _values(block: dict[str, Any], name: str) -> tuple[tuple[str, ...], str]:
    if "fieldType" in block:
        kind = parse_text(block["fieldType"], f"{name}: fieldType")
        if kind not in FIELD_TYPES:
            raise WrongTemplate("wrong_value", f"{name}: fieldType")
        return FIELD_TYPES[kind]
    direction = needed(block, "direction", name)
    choices = parse_texts(needed(block, "bubbleValues", name), f"{name}: bubbleValues")
    if direction not in ("horizontal", "vertical"):
        raise WrongTemplate("wrong_value", f"{name}: direction")
    if len(set(choices)) < len(choices):
        raise WrongTemplate("wrong_value", f"{name}: bubbleValues")
    return tuple(choices), direction


def _inside(fields: list[TemplateField], name: str, page: tuple[float, float]) -> None:
    for field in fields:
        for x, y, width, height in (bubble.box for bubble in field.bubbles):
            if x < 0 or y < 0 or x + width > page[0] or y + height > page[1]:
                raise WrongTemplate("outside_page", name)


def _custom_labels(values: dict[str, Any], fields: tuple[TemplateField, ...]) -> dict[str, tuple[str, ...]]:
    joined = mapping(values.get("customLabels", {}), "customLabels")
    custom = {name: expand(parse_texts(strings, name), name) for name, strings in joined.items()}
    every = [label for parts in custom.values() for label in parts]
    expand(every, "customLabels")  # none in two of them
    check_known(every, [field.label for field in fields])
    return custom


def _answers(
    values: dict[str, Any], fields: tuple[TemplateField, ...], custom: dict[str, tuple[str, ...]]
) -> tuple[TemplateAnswer, ...]:
    """In the order of outputColumns; what it does not name follows in natural order, q2 before q10."""
    by_label = {field.label: field for field in fields}
    answers = {
        name: TemplateAnswer(name, tuple(by_label[label] for label in parts))
        for name, parts in custom.items()
    }
    used = {label for parts in custom.values() for label in parts}
    for field in fields:
        if field.label not in used:
            if field.label in answers:
                raise WrongTemplate("same_label", field.label)
            answers[field.label] = TemplateAnswer(field.label, (field,))
    columns = values.get("outputColumns") or []
    ordered = expand(parse_texts(columns, "outputColumns"), "outputColumns") if columns else ()
    check_known(ordered, answers)
    return tuple(answers[name] for name in dict.fromkeys((*ordered, *sorted(answers, key=_natural))))


def _natural(name: str) -> list[tuple[int, str]]:
    # Of two numbers the longer one is larger; Python reads none of 5,000 digits
    parts = re.split(r"0*(\d+)", name.lower())
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)]


def _steps(values: dict[str, Any], folder: Folder) -> tuple[PreProcessor, ...]:
    listed = needed(values, "preProcessors", "template.json")
    if not isinstance(listed, list):
        raise WrongTemplate("wrong_value", "preProcessors")
    return tuple(_step(mapping(step, "preProcessors"), folder) for step in listed)


def _step(values: dict[str, Any], folder: Folder) -> PreProcessor:
    name = parse_text(needed(values, "name", "preProcessors"), "preProcessors")
    if name not in STEPS:
        raise WrongTemplate("unknown_step", name)
    options = mapping(values.get("options", {}), name)
    if name not in PICTURES:
        return PreProcessor(name, options)
    path = parse_text(needed(options, PICTURES[name], name), name)
    return PreProcessor(name, options, folder.picture(path))
