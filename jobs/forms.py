"""What of the history to show."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from jobs.models import JobQuerySet, Status
from web.forms import DatesForm

ALL = ("", _("All"))


def apps_with_jobs() -> Iterator[tuple[str, Any]]:
    yield ALL
    for config in apps.get_app_configs():
        if hasattr(config, "job_titles"):
            yield config.label, config.verbose_name


class HistoryForm(DatesForm):
    """Filters of the history. What cannot be understood filters nothing."""

    field_order = ["text", "status", "app"]

    text = forms.CharField(label=_("About"), required=False, max_length=100, widget=forms.SearchInput())
    status = forms.ChoiceField(label=_("How it stands"), required=False, choices=[ALL, *Status.choices])
    app = forms.ChoiceField(label=_("What"), required=False, choices=apps_with_jobs)

    def filtered(self, rows: Any) -> Any:
        jobs: JobQuerySet = super().filtered(rows)
        wanted = self.cleaned_data
        if status := wanted.get("status"):
            jobs = jobs.filter(status=status)
        if app := wanted.get("app"):
            jobs = jobs.of_app(app)
        return jobs.about(wanted.get("text", ""))
