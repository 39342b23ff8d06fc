"""What admins type and send: why a version shall answer, weights of another one, when they ask what did."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from registry import trainings
from registry.models import Disagreement, TrainingRun
from registry.uploads import LARGEST, LARGEST_CARD, checked_card
from web.forms import MOMENTS


class VersionChoiceField(forms.ModelChoiceField):
    """Of networks by what people call them."""

    def label_from_instance(self, version: Any) -> str:
        return str(version.title)


class ConfirmationForm(forms.Form):
    """Whether someone knows what speaks against the version."""

    is_confirmed = forms.BooleanField(required=False, label=gettext_lazy("Let it answer all the same"))


class WhyForm(ConfirmationForm):
    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 50}),
    )


class ShadowForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Percent of the requests"), min_value=1, max_value=100, initial=10
    )


class CanaryForm(forms.Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Percent of the answers"), min_value=1, max_value=50, initial=5
    )


class RightForm(forms.Form):
    right = forms.ChoiceField(choices=Disagreement.Right, required=False)


class UploadForm(forms.Form):
    """Weights and card; `cleaned_data["card"]` is the card's content."""

    weights = forms.FileField(
        label=gettext_lazy("Weights (safetensors)"),
        widget=forms.FileInput(attrs={"accept": ".safetensors", "data-most-bytes": LARGEST}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Please choose a file.")},
    )
    card = forms.FileField(
        label=gettext_lazy("Card (JSON)"),
        widget=forms.FileInput(attrs={"accept": ".json", "data-most-bytes": LARGEST_CARD}),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Please choose a file.")},
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if not self.errors:
            given["card"] = checked_card(given["weights"], given["card"])
        return given


class TrainingForm(forms.Form):
    """`wanted` is what the service takes."""

    course = forms.ChoiceField(
        label=gettext_lazy("Network and what it learns from"), choices=trainings.training_choices
    )
    epochs = forms.IntegerField(
        label=gettext_lazy("Epochs"), min_value=1, max_value=trainings.MOST_EPOCHS, initial=10
    )
    seed = forms.IntegerField(label=gettext_lazy("Seed"), min_value=1, max_value=2**31 - 1, initial=1)

    @property
    def wanted(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        kind, architecture, source = given.pop("course").split("/")
        return given | {"kind": kind, "architecture": architecture, "source": source}


class GoOnForm(forms.Form):
    epochs = forms.IntegerField(
        label=gettext_lazy("More epochs"), min_value=1, max_value=trainings.MOST_EPOCHS, initial=5
    )


class CompareForm(forms.Form):
    """Trainings to be set side by side."""

    run = forms.ModelMultipleChoiceField(
        TrainingRun.objects.select_related("version", "job", "goes_on_from"),
        error_messages={
            "required": trainings.TOO_FEW,
            "invalid_choice": gettext_lazy("One of these trainings is no longer there."),
            "invalid_pk_value": gettext_lazy("One of these trainings is no longer there."),
        },
    )

    def clean_run(self) -> list[TrainingRun]:
        runs = list(self.cleaned_data["run"].order_by("pk"))
        trainings.check_comparable(runs)
        return runs


class MomentForm(forms.Form):
    at = forms.DateTimeField(
        label=gettext_lazy("What was live at"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        validators=MOMENTS,
    )
