"""The key as a table: a row an item, in which the answer of each version and the points are typed."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.forms.blocks import (
    LONGEST_KEY,
    NO_ANSWER,
    FiniteField,
    key_fields,
    lines_of,
    mixed,
    typed_of,
    wrong_lines,
)
from grading.forms.rules import rule_fields, rule_from, rule_initial, rule_name
from grading.key.answers import KeyAnswer, Problem, read_cell, typed
from grading.key.items import asked_of, sentence_of
from grading.key.orders import LONGEST, Orders, as_asked, as_text, read_orders
from grading.key.rules import words_of
from grading.key.text import KeyRead, read_key
from grading.models import Answer, Exam, Item, ItemKind, Paper
from grading.scoring import BONUS, LEFT_OUT, NO_POINTS, Key, as_number

LONGEST_ANSWER = 500
TOTALS = ("rounding", "is_never_negative")
RULE = re.compile(r"rule-(\d{1,4})-counts", re.ASCII)


@dataclass(frozen=True)
class KeyRow:
    item: Item
    answers: list[forms.BoundField]
    points: forms.BoundField
    doubt: str  # why the suggested answer wants a look
    rule: list[forms.BoundField]  # empty until they are asked for
    words: list[str]  # what its rule says


@dataclass(frozen=True)
class Suggestion:
    """What a filled sheet has at the items, by name of the field, and what is doubtful there, by number."""

    initial: dict[str, str]
    doubts: dict[int, str]


def answer_field(item: Item, version: int, versions: int) -> forms.CharField:
    label = _("Right answer of %(name)s") % {"name": item}
    if versions > 1:
        label = _("Right answer of %(name)s, version %(version)s") % {"name": item, "version": version}
    how = {"size": 8, "autocomplete": "off", "spellcheck": "false", "aria-label": label}
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_ANSWER, widget=forms.TextInput(attrs=how)
    )


def points_field(item: Item) -> FiniteField:
    label = _("Points of %(name)s") % {"name": item}
    widget = forms.NumberInput(attrs={"aria-label": label, "autocomplete": "off"})
    return FiniteField(label=label, min_value=0, max_digits=6, decimal_places=2, widget=widget)


def field_name(number: int, version: int) -> str:
    return f"answer-{number}" if version == 1 else f"answer-{number}-{version}"


class KeyForm(forms.Form):
    """details: the numbers of the items whose rule is shown, besides those of which it is sent."""

    def __init__(
        self,
        exam: Exam,
        *args: Any,
        suggestion: Suggestion | None = None,
        details: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        self.exam, self.asked = exam, list(exam.items.all())
        self.details = {*details, *rules_in(args[0] if args else None)}
        self.doubts = suggestion.doubts if suggestion else {}
        initial = {**self.stored(), **(suggestion.initial if suggestion else {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["text"] = forms.CharField(
            label=_("Paste a whole key"),
            required=False,
            max_length=LONGEST_KEY,
            widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        )
        if exam.template:
            self.fields["title"] = forms.CharField(label=_("Title"), max_length=200)
            self.fields["is_learned_from"] = Exam._meta.get_field("is_learned_from").formfield()
        for item in self.asked:
            for version in self.versions_of(item):
                self.fields[field_name(item.number, version)] = answer_field(item, version, exam.versions)
            self.fields[f"points-{item.number}"] = points_field(item)
            if item.number in self.details:
                named = {rule_name(item.number, part): field for part, field in rule_fields(item)}
                self.fields.update(named)
        for name in TOTALS:
            self.fields[name] = Exam._meta.get_field(name).formfield()

    @cached_property
    def versions(self) -> list[int]:
        return self.exam.keyed_versions

    @property
    def columns(self) -> int:
        """Before that of the points."""
        return 2 + len(self.versions)

    def versions_of(self, item: Item) -> list[int]:
        return [] if item.kind == ItemKind.OPEN else self.versions

    def stored(self) -> dict[str, Any]:
        """As it is now, an answer that is not known left empty."""
        values = {name: getattr(self.exam, name) for name in ("title", "is_learned_from", *TOTALS)}
        for item in self.asked:
            if item.number in self.details:
                parts = rule_initial(item).items()
                values |= {rule_name(item.number, part): value for part, value in parts}
            values[f"points-{item.number}"] = item.points.normalize() + 0
            for version in self.versions_of(item):
                values[field_name(item.number, version)] = typed_of(item, version).replace("?", "")
        return values

    def rows(self) -> Iterator[KeyRow]:
        for item in self.asked:
            answers = [self[field_name(item.number, version)] for version in self.versions_of(item)]
            doubt, points = self.doubts.get(item.number, ""), self[f"points-{item.number}"]
            rule = [field for field in self if field.name.startswith(rule_name(item.number, ""))]
            yield KeyRow(item, answers, points, doubt, rule, list(words_of(item)))

    @property
    def total(self) -> Decimal:
        """Of the points that are in the table, and can be reached."""
        on_top = (LEFT_OUT, BONUS)
        asked = [item for item in self.asked if item.marking.get("counts") not in on_top]
        values = (self[f"points-{item.number}"].value() for item in asked)
        return sum((as_number(str(value)) or NO_POINTS for value in values), NO_POINTS)

    def clean(self) -> dict[str, Any]:
        for item in self.asked:
            for version in self.versions_of(item):
                self.clean_answer(item, field_name(item.number, version))
            if item.number in self.details:
                self.clean_rule(item)
        if not self.errors:
            for problem in mixed([KeyRead(self.answers_of(version), []) for version in self.versions]):
                self.add_error(field_name(problem.item or 0, 1), sentence_of(problem))
        return self.cleaned_data

    def clean_answer(self, item: Item, name: str) -> None:
        if name not in self.cleaned_data:
            return
        found = read_cell(self.cleaned_data[name], asked_of(item))
        if isinstance(found, Problem):
            self.add_error(name, sentence_of(found, str(item)))
        else:
            self.cleaned_data[name] = found

    def clean_rule(self, item: Item) -> None:
        prefix = rule_name(item.number, "")
        given = {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }
        try:
            self.cleaned_data[prefix] = rule_from(item, given)
        except forms.ValidationError as error:
            self.add_error(rule_name(item.number, "weights" if "weights" in given else "counts"), error)

    def answers_of(self, version: int) -> dict[int, KeyAnswer]:
        asked = (item for item in self.asked if self.versions_of(item))
        return {item.number: self.cleaned_data[field_name(item.number, version)] for item in asked}

    def exam_fields(self) -> dict[str, Any]:
        names = ("title", "is_learned_from") if self.exam.template else ()
        return {name: self.cleaned_data[name] for name in (*names, *TOTALS)}

    def items(self) -> list[dict[str, Any]]:
        return [self.fields_of(item) for item in self.asked]

    def fields_of(self, item: Item) -> dict[str, Any]:
        typed_in = {
            version: self.cleaned_data[field_name(item.number, version)] for version in self.versions_of(item)
        }
        keys = [
            typed_in.get(version, typed_in[1]) for version in range(1, self.exam.versions + 1) if typed_in
        ]
        keys = keys if any(key != keys[0] for key in keys) else keys[:1]
        points = self.cleaned_data[f"points-{item.number}"]
        rule = self.cleaned_data.get(rule_name(item.number, ""), {})
        return {"number": item.number, "points": points, **key_fields(keys or [NO_ANSWER]), **rule}


def rules_in(sent: QueryDict | Mapping[str, Any] | None) -> list[int]:
    """The numbers of the items whose rules are in what was sent."""
    found = (RULE.fullmatch(name) for name in sent or ())
    return [int(match[1]) for match in found if match]


@dataclass(frozen=True)
class CellRead:
    """Of a key that was pasted: what stands at an item (None: what is wrong with all) in a version."""

    item: int | None
    version: int
    typed: str
    answer: Key = ""
    any_of: bool = False
    detail: str = ""  # what is wrong with it


def read_pasted(exam: Exam, text: str, first: int = 1) -> list[CellRead]:
    """From item `first` on, a line a version or one for all. What is wrong stands at its item, to be put right."""
    asked = [item for item in exam.items.all() if item.kind != ItemKind.OPEN and item.number >= first]
    versions = exam.keyed_versions
    lines = lines_of(text, len(versions))
    if len(lines) not in (1, len(versions)):
        return [CellRead(None, 1, "", detail=wrong_lines(lines, len(versions)))]
    by_version = zip(versions, lines if len(lines) > 1 else lines * len(versions), strict=True)
    return [cell for version, line in by_version for cell in read_line(line, asked, version)]


def read_line(line: str, asked: list[Item], version: int) -> Iterator[CellRead]:
    read = read_key(line, [asked_of(item) for item in asked])
    for item in asked:
        if found := read.answers.get(item.number):
            shown = typed(found.answer, found.any_of, item.kind).replace("?", "")
            yield CellRead(item.number, version, shown, found.answer, found.any_of)
    names = {item.number: str(item) for item in asked}
    for problem in read.problems:
        shown, name = str(problem.words.get("answer", "")), names.get(problem.item or 0, "")
        yield CellRead(problem.item, version, shown, detail=sentence_of(problem, name))


def suggested_by(paper: Paper) -> Suggestion:
    """A sheet that was filled in with the right answers, as it was read."""
    initial: dict[str, str] = {}
    doubts: dict[int, str] = {}
    items = {item.number: item for item in paper.exam.items.all()}
    for answer in paper.answers.select_related("item"):
        if answer.item.kind == ItemKind.OPEN:
            continue
        asked = answer.item.asked(paper.version)
        item, labels = (items[asked["item"]], asked["labels"]) if asked else (answer.item, {})
        value = as_asked(answer.value, labels, item.options)
        options = value.split(",") if item.kind == ItemKind.CHOICE else [value]
        initial[field_name(item.number, 1 if asked else paper.version)] = "+".join(options)
        if answer.state == Answer.State.REVIEW:
            doubts[item.number] = answer.reason_text
    return Suggestion(initial, doubts)


class OrdersForm(forms.Form):
    """The order maps of an exam, as text."""

    text = forms.CharField(
        label=gettext_lazy("Version, place, item, options"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false", "autocomplete": "off"}),
    )

    def __init__(self, exam: Exam, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"text": as_text(exam.orders)}, **kwargs)
        self.exam = exam

    def clean_text(self) -> Orders:
        return read_orders(self.cleaned_data["text"], list(self.exam.items.all()), self.exam.versions)


def sent_again(sent: QueryDict) -> list[tuple[str, str]]:
    """All fields of a form, to be sent once more after a question; not what the question itself adds."""
    left_out = ("csrfmiddlewaretoken", "seal", "back")
    return [(name, value) for name in sent if name not in left_out for value in sent.getlist(name)]
