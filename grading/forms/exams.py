"""An exam as a teacher types it: a few lines about the whole, then blocks of items that look alike, each with its key.

A block's key names the right answers in order, as `grading.key.text` reads them; with versions, a line each.
"""

from decimal import Decimal
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.key.answers import WRITTEN, KeyAnswer, Problem, typed
from grading.key.items import SCHOOL, asked_by, check_shape, clean_items, options_from, sentence_of
from grading.key.text import KeyRead, read_key
from grading.models import Exam, Item, ItemKind, Release
from grading.models.releases import DAYS, MOST_DAYS

MOST_BLOCKS, LONGEST_KEY = 50, 10_000
NO_ANSWER = KeyAnswer("")


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
        given = self.cleaned_data
        look = {
            "kind": given["kind"],
            "options": options_from(given["options"] or "1-5") if given["kind"] == ItemKind.CHOICE else [],
            "digits": given["digits"] or 3,
            "lines": given["lines"] or 5,
            **({} if given["points"] is None else {"points": given["points"]}),
            "tolerance": given["tolerance"] or Decimal(0),
        }
        items = [{**look, "number": number} for number in range(first, first + given["count"])]
        keys = self.keys(items, versions) if self.can_be_asked(items[0]) else [{}]
        return [
            {**item, **key_fields([key.get(item["number"], NO_ANSWER) for key in keys])} for item in items
        ]

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

    def items(self, versions: int) -> list[dict[str, Any]]:
        """All items, numbered through; none where a key is wrong, which is said at it. Raises ValidationError with a
        sentence for each that is wrong otherwise."""
        found: list[dict[str, Any]] = []
        there = [one for one in self.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        for block in there:
            found += block.items(len(found) + 1, versions)
        return clean_items(found) if all(block.is_valid() for block in there) else []


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


class ReleaseForm(forms.ModelForm):
    """What students see of their results, and for how long the links work."""

    days = forms.IntegerField(
        label=gettext_lazy("Days that the links work"), min_value=1, max_value=MOST_DAYS, initial=DAYS
    )

    class Meta:
        model = Release
        fields = ["shows", "days"]
        labels = {"shows": gettext_lazy("Students see")}
        widgets = {"shows": forms.RadioSelect}


class CandidateForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Student number"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)


class AddCandidateForm(CandidateForm):
    class_name = forms.CharField(label=gettext_lazy("Class"), max_length=100, required=False)
