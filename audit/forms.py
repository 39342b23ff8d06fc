"""Which entries of the log to show."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from audit.models import EntryQuerySet, Verb
from audit.titles import TITLES
from web.forms import DatesForm

ALL = ("", gettext_lazy("All"))


def kinds() -> list[tuple[str, str | Promise]]:
    return [ALL, *TITLES.items()]


class OwnLogForm(DatesForm):
    """What cannot be understood filters nothing."""

    moment = "at"

    verb = forms.ChoiceField(
        label=gettext_lazy("What happened"), choices=[ALL, *Verb.choices], required=False
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=kinds, required=False)

    def chosen(self, rows: EntryQuerySet) -> EntryQuerySet:
        rows = self.filtered(rows)
        wanted: dict[str, Any] = self.cleaned_data
        if verb := wanted.get("verb"):
            rows = rows.filter(verb=verb)
        if kind := wanted.get("kind"):
            app_label, _dot, model = kind.partition(".")
            rows = rows.filter(app_label=app_label, model=model)
        return rows


class LogForm(OwnLogForm):
    who = forms.CharField(label=gettext_lazy("Who"), max_length=200, required=False)
    field_order = ["who", "verb", "kind", "first", "last"]

    def chosen(self, rows: EntryQuerySet) -> EntryQuerySet:
        """Whoever did it, or whose thing it was."""
        rows = super().chosen(rows)
        who = self.cleaned_data.get("who")
        return rows.by_or_of(who) if who else rows
