"""Items as a teacher types them: blocks of those that look alike, each with its key, in an order that can change.

A block's key names the right answers in order, as `grading.key.text` reads them; with versions, a line each.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from grading.key.answers import WRITTEN, KeyAnswer, Problem, typed
from grading.key.items import asked_by, check_shape, clean_items, options_from, sentence_of
from grading.key.text import KeyRead, read_key
from grading.models import Exam, Item, ItemKind
from web.parsers import parsed_number

MOST_BLOCKS, LONGEST_KEY = 50, 10_000
NO_ANSWER = KeyAnswer("")


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
        label=gettext_lazy("Points each"),
        min_value=0,
        max_digits=6,
        decimal_places=2,
        initial=1,
        required=False,
        help_text=gettext_lazy("Empty: item by item, as the key has them"),
    )
    tolerance = FiniteField(
        label=gettext_lazy("Tolerance"), min_value=0, required=False, max_digits=12, decimal_places=6
    )
    # The items that these were before the exam was opened to be changed: what is not typed here goes with them
    was_first = forms.IntegerField(required=False, widget=forms.HiddenInput)
    was_last = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(
        label=gettext_lazy("Right answers"),
        required=False,
        max_length=LONGEST_KEY,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "In order: 3 1 5 2, 3,1,5,2 or ③①⑤②. Both of two: 1+3. One of two: 1/3. Not known yet: ?"
        ),
    )

    def items(self, first: int, versions: int) -> list[dict[str, Any]]:
        """Its items, numbered from `first`. What is wrong with the key becomes an error of its field."""
        items = self.looks(first)
        keys = self.keys(items, versions) if self.can_be_asked(items[0]) else [{}]
        return [
            {**item, **key_fields([key.get(item["number"], NO_ANSWER) for key in keys])} for item in items
        ]

    def looks(self, first: int) -> list[dict[str, Any]]:
        """Its items without their key. What is wrong in what was typed is as it is offered."""
        given = self.cleaned_data
        options, points = given.get("options"), given.get("points")
        look = {
            "kind": given["kind"],
            "options": options_from(options or "1-5") if given["kind"] == ItemKind.CHOICE else [],
            "digits": given.get("digits") or 3,
            "lines": given.get("lines") or 5,
            **({} if points is None else {"points": points}),
            "tolerance": given.get("tolerance") or Decimal(0),
        }
        return [{**look, "number": number} for number in range(first, first + given["count"])]

    def was(self, place: int) -> int | None:
        """The number that its item at this place had before; None of a new one."""
        first, last = self.cleaned_data.get("was_first"), self.cleaned_data.get("was_last")
        return first + place if first is not None and last is not None and first + place <= last else None

    def can_be_asked(self, item: dict[str, Any]) -> bool:
        try:
            check_shape(item)
        except ValidationError as error:
            self.add_error("digits" if item["kind"] in WRITTEN else "options", error)
            return False
        return True

    def keys(self, items: list[dict[str, Any]], versions: int) -> list[dict[int, KeyAnswer]]:
        """Of each version, or one for all."""
        if self.cleaned_data["kind"] == ItemKind.OPEN:
            return [{}]
        lines = lines_of(self.cleaned_data["key"], versions)
        if len(lines) not in (1, versions):
            self.add_error("key", wrong_lines(lines, versions))
            return [{}]
        asked = [asked_by(item) for item in items]
        reads = [read_key(line, asked) for line in lines]
        for problem in [*(problem for read in reads for problem in read.problems), *mixed(reads)]:
            self.add_error("key", sentence_of(problem))
        return [read.answers for read in reads]


def lines_of(key: str, versions: int) -> list[str]:
    """One line a version; with one version line breaks are nothing special, columns can be pasted."""
    return [line for line in key.splitlines() if line.strip()] or [""] if versions > 1 else [key]


def wrong_lines(lines: list[str], versions: int) -> str:
    words = {"lines": len(lines), "versions": versions}
    return _("These are %(lines)s lines for %(versions)s versions: write one line for each.") % words


def mixed(reads: list[KeyRead]) -> list[Problem]:
    """Items of which one option is enough in one version, and all are asked in another: rows know only one of these."""
    lists = [
        (number, key.any_of)
        for read in reads
        for number, key in read.answers.items()
        if isinstance(key.answer, list)
    ]
    return [Problem("mixed", number) for number, any_of in set(lists) if any_of and (number, False) in lists]


def key_fields(keys: list[KeyAnswer]) -> dict[str, Any]:
    """Of an item, from its answer in each version, or in all."""
    is_whole = all(key.answer for key in keys)
    return {
        # also of each version without an own one: what is not known yet of one is not that of another
        "answer": keys[0].answer if is_whole else "",
        "answers": [key.answer for key in keys] if len(keys) > 1 else [],
        "any_of": any(key.any_of for key in keys),
    }


class BlockFormSet(forms.BaseFormSet):
    default_error_messages = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": gettext_lazy("An exam has at most %(num)s blocks of items."),
    }

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        """A block that was left as it was offered is meant, too."""
        return {**super().get_form_kwargs(index), **({} if index is None else {"empty_permitted": False})}

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = pgettext("order", "Place")

    def __iter__(self) -> Iterator[BlockForm]:
        """In the order that the teacher gave them, also where they are shown once more."""
        places = {one: parsed_number(str(one["ORDER"].value())) for one in self.forms}
        return iter(
            sorted(self.forms, key=lambda one: MOST_BLOCKS * 2 if places[one] is None else places[one])
        )

    @property
    def there(self) -> list[BlockForm]:
        """Those of which kind and number are known, and that were not removed."""
        given = [one for one in self if hasattr(one, "cleaned_data") and not one.cleaned_data.get("DELETE")]
        return [one for one in given if {"kind", "count"} <= one.cleaned_data.keys()]

    @property
    def is_of_exam(self) -> bool:
        """Whether an exam is changed, and none made."""
        return any("was_first" in one for one in self.initial or ())

    def looks(self) -> list[dict[str, Any]]:
        """All items, as far as they are known, without their key."""
        found: list[dict[str, Any]] = []
        for block in self.there:
            found += self.known(block, block.looks(len(found) + 1))
        return found

    def known(self, block: BlockForm, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With the numbers that they had before."""
        places = enumerate(items)
        return [{**item, "was": block.was(place)} for place, item in places] if self.is_of_exam else items

    def items(self, versions: int) -> list[dict[str, Any]]:
        """All items, numbered through; none where a key is wrong, which is said at it. Raises ValidationError with a
        sentence for each that is wrong otherwise."""
        found: list[dict[str, Any]] = []
        for block in self.there:
            found += self.known(block, block.items(len(found) + 1, versions))
        return clean_items(found) if all(block.is_valid() for block in self.there) else []


Blocks = forms.formset_factory(
    BlockForm,
    BlockFormSet,
    extra=0,
    can_delete=True,
    can_order=True,
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
                "was_first": first.number,
                "was_last": items[-1].number,
                "options": ", ".join(first.options),
                "digits": first.digits,
                "lines": first.lines,
                "points": first.points.normalize() + 0 if len({item.points for item in items}) == 1 else "",
                "tolerance": first.tolerance.normalize() + 0 or None,
                "key": key_of(items, exam.versions),
            }
        )
    return blocks


def look(item: Item) -> tuple:
    return item.kind, item.options, item.digits, item.lines, item.tolerance


def key_of(items: list[Item], versions: int) -> str:
    """The key as one line, or a line a version where they differ; nothing where there is none."""
    has_own = any(item.answers for item in items)
    numbers = range(1, versions + 1) if has_own else [1]
    lines = [[typed_of(item, version) for item in items] for version in numbers]
    return "\n".join(" ".join(line) for line in lines) if any(set(line) != {"?"} for line in lines) else ""


def typed_of(item: Item, version: int) -> str:
    return typed(item.key(version), item.any_of, item.kind)
