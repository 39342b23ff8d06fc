"""A picture to read, and what of the history to show."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from accounts.sharing import ShareableQuerySet
from digits.models import Reading
from web.files import validate_picture
from web.forms import DatesForm


class PictureForm(forms.Form):
    image = forms.FileField(
        label=gettext_lazy("Picture"),
        allow_empty_file=True,  # `validate_picture` has a better sentence for it
        validators=[validate_picture],
        error_messages={"required": gettext_lazy("Please choose a file.")},
    )


class HistoryForm(DatesForm):
    """Filters of the history. What cannot be understood filters nothing."""

    field_order = ["state", "source", "text"]
    STATES = {
        "sure": Q(is_certain=True),
        "unsure": Q(is_certain=False, model__isnull=False) & ~Q(digits=[]),
        "none": Q(digits=[], model__isnull=False),
        "corrected": ~Q(right_text=""),
    }

    state = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("sure", gettext_lazy("Sure")),
            ("unsure", gettext_lazy("Not sure")),
            ("none", gettext_lazy("No digit found")),
            ("corrected", gettext_lazy("Corrected")),
        ],
    )
    source = forms.ChoiceField(
        label=gettext_lazy("From"),
        required=False,
        choices=[("", gettext_lazy("All")), *Reading.Source.choices],
    )
    text = forms.CharField(
        label=gettext_lazy("Digits in it"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 6, "autocomplete": "off"}),
    )

    def filtered(self, readings: ShareableQuerySet) -> ShareableQuerySet:
        readings = super().filtered(readings)
        wanted = self.cleaned_data
        readings = readings.filter(self.STATES.get(wanted.get("state") or "", Q()))
        if source := wanted.get("source"):
            readings = readings.filter(source=source)
        if text := wanted.get("text"):
            readings = readings.filter(Q(right_text__contains=text) | Q(right_text="", text__contains=text))
        return readings
