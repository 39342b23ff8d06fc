"""What the histories of several apps ask: from when to when."""

from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy

Rows = TypeVar("Rows", bound=QuerySet)


class DatesForm(forms.Form):
    """From which day to which. What cannot be understood filters nothing."""

    first = forms.DateField(
        label=gettext_lazy("From the day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("To the day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def filtered(self, rows: Rows) -> Rows:
        self.is_valid()
        wanted: dict[str, Any] = self.cleaned_data
        if first := wanted.get("first"):
            rows = rows.filter(created_at__gte=midnight(first))
        if last := wanted.get("last"):
            rows = rows.filter(created_at__lt=midnight(last + timedelta(days=1)))
        return rows


def midnight(day: date) -> datetime:
    """The beginning of the day where the site is."""
    return timezone.make_aware(datetime.combine(day, time.min))
