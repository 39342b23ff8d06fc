"""The rule of an item as a teacher sets it: a few fields, which open in its row of the key."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from grading.forms.blocks import FiniteField
from grading.key.answers import WRITTEN
from grading.key.rules import COUNTS, LABELLED, MOST, PARTIAL, clean_marking, typed_weights, weights_as_typed
from grading.models import Item, ItemKind

LONGEST_WEIGHTS = 300


def rule_name(number: int, part: str) -> str:
    return f"rule-{number}-{part}"


def rule_fields(item: Item) -> Iterator[tuple[str, forms.Field]]:
    """By the part of the rule; which there are depends on how the item is answered."""
    yield "counts", forms.ChoiceField(label=_("It counts"), choices=list(COUNTS.items()), required=False)
    if item.kind == ItemKind.CHOICE:
        label = _("Where several must be marked")
        yield "partial", forms.ChoiceField(label=label, choices=list(PARTIAL.items()), required=False)
    if item.kind in LABELLED and not item.accepted:
        yield "weights", weights_field()
    if item.kind in WRITTEN:
        yield "tolerance", points_of_rule(_("Tolerance"), min_value=0, decimal_places=6)
    if item.kind != ItemKind.OPEN:
        yield "incorrect", points_of_rule(_("Points if wrong"))
        yield "unmarked", points_of_rule(_("Points if empty"))
    if item.kind in LABELLED:
        yield "least", points_of_rule(_("At least"))


def weights_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"placeholder": "2: 0.5, 4: 1", "autocomplete": "off"})
    label = _("Points of other options")
    return forms.CharField(label=label, required=False, max_length=LONGEST_WEIGHTS, widget=widget)


def points_of_rule(label: str, min_value: int = -MOST, decimal_places: int = 2) -> FiniteField:
    widget = forms.NumberInput(attrs={"autocomplete": "off"})
    bounds = {"min_value": min_value, "max_value": MOST, "decimal_places": decimal_places}
    return FiniteField(label=label, required=False, widget=widget, **bounds)


def rule_initial(item: Item) -> dict[str, Any]:
    marking = item.marking
    weights = weights_as_typed(marking.get("weights", {}))
    return {**marking, "weights": weights, "tolerance": item.tolerance.normalize() + 0 or None}


def rule_from(item: Item, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored of the item, from its fields by their parts. Raises ValidationError with a sentence."""
    parts = {name: value for name, value in given.items() if name not in ("weights", "tolerance")}
    asked = {"number": item.number, "name": item.name, "kind": item.kind, "options": item.options}
    marking = clean_marking(asked, {**parts, "weights": typed_weights(given.get("weights", ""))})
    found: dict[str, Any] = {"marking": marking}
    if "tolerance" in given:
        found["tolerance"] = given["tolerance"] or Decimal(0)
    return found
