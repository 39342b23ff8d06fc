"""How labels of forms look, and what the histories of several apps ask: from when to when."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any, TypeVar

from django import forms
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.forms.renderers import DjangoTemplates
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

Rows = TypeVar("Rows", bound=QuerySet)
# Beyond these years a calendar ends when it is turned to UTC, or the next day is asked for
FIRST_YEAR, LAST_YEAR = 1900, 2999


def between_years(make: Callable[[int, int, int], date]) -> list[BaseValidator]:
    """Validators for a field of days or moments."""
    return [MinValueValidator(make(FIRST_YEAR, 1, 1)), MaxValueValidator(make(LAST_YEAR, 12, 31))]


DAYS = between_years(date)
MOMENTS = between_years(partial(datetime, tzinfo=UTC))


class BoundField(forms.BoundField):
    """Its label stands above it, where a colon is one sign too many."""

    def label_tag(
        self,
        contents: str | None = None,
        attrs: dict[str, Any] | None = None,
        label_suffix: str | None = None,
        tag: str | None = None,
    ) -> SafeString:
        return super().label_tag(contents, attrs, label_suffix or "", tag)


class Renderer(DjangoTemplates):
    bound_field_class = BoundField


class DatesForm(forms.Form):
    """From which day to which. What cannot be understood filters nothing."""

    moment = "created_at"  # the field of the rows that is asked about

    first = forms.DateField(
        label=gettext_lazy("From the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=DAYS,
    )
    last = forms.DateField(
        label=gettext_lazy("To the day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        validators=DAYS,
    )

    def filtered(self, rows: Rows) -> Rows:
        self.is_valid()
        wanted: dict[str, Any] = self.cleaned_data
        if first := wanted.get("first"):
            rows = rows.filter(**{f"{self.moment}__gte": midnight(first)})
        if last := wanted.get("last"):
            rows = rows.filter(**{f"{self.moment}__lt": midnight(last + timedelta(days=1))})
        return rows


def midnight(day: date) -> datetime:
    """The beginning of the day where the site is."""
    return timezone.make_aware(datetime.combine(day, time.min))
