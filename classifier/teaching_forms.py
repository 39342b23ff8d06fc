"""A new classifier as a person types it."""

from django import forms
from django.utils.translation import gettext_lazy


class NewClassifierForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    labels = forms.CharField(
        label=gettext_lazy("Classes"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy(
            "One a line, such as cat and dog. They can also come from the folders of a ZIP."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )

    def clean_labels(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["labels"].splitlines() if line.strip()]
