"""What the forms of several apps ask: a picture, and from when to when of a history."""

from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uploads.pictures import check
from uploads.problems import BadFile

Rows = TypeVar("Rows", bound=QuerySet)


class PictureForm(forms.Form):
    image = forms.FileField(
        label=gettext_lazy("Picture"),
        allow_empty_file=True,  # `check` has a better sentence for it
        error_messages={"required": gettext_lazy("Please choose a file.")},
    )

    def clean_image(self) -> UploadedFile:
        image: UploadedFile = self.cleaned_data["image"]
        try:
            check(cast(BinaryIO, image.file))
        except BadFile as problem:
            raise ValidationError(_(str(problem))) from problem
        return image


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
