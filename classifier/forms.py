"""What is to be looked at and how, and what of the history to show."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from classifier.models.pictures import PictureQuerySet
from jobs.forms import DatesForm, PictureForm
from registry.models import ModelVersion


class HowForm(forms.Form):
    """How to look at it: by which network, and whether its labels are all that is wanted."""

    model = forms.ModelChoiceField(
        label=gettext_lazy("Network"),
        required=False,
        queryset=ModelVersion.objects.none(),
        empty_label=gettext_lazy("The usual one"),
    )
    only_labels = forms.BooleanField(label=gettext_lazy("Only say what it is: quicker"), required=False)

    def __init__(self, *arguments, **options) -> None:
        super().__init__(*arguments, **options)
        retired = ModelVersion.State.RETIRED
        self.fields["model"].queryset = ModelVersion.objects.filter(kind="classifier").exclude(state=retired)


class AskForm(HowForm, PictureForm):
    """One picture."""


class AlbumForm(HowForm):
    """Many; the files themselves are taken from the request, since what is no picture is no error there."""

    name = forms.CharField(label=gettext_lazy("Name of the album"), required=False, max_length=200)


class HistoryForm(DatesForm):
    """Filters of the history. What cannot be understood filters nothing."""

    field_order = ["text", "state", "origin"]
    STATES = {
        "sure": Q(is_certain=True),
        "unsure": Q(is_certain=False, answered_at__isnull=False),
        "corrected": ~Q(right_label=""),
    }
    ORIGINS = {"single": Q(album=None), "album": ~Q(album=None)}

    text = forms.CharField(
        label=gettext_lazy("In the picture"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"size": 14, "placeholder": gettext_lazy("cat, red, a word …")}),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("sure", gettext_lazy("Sure")),
            ("unsure", gettext_lazy("Not sure")),
            ("corrected", gettext_lazy("Corrected")),
        ],
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("From"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("single", gettext_lazy("One by one")),
            ("album", gettext_lazy("Albums")),
        ],
    )

    def filtered(self, pictures: PictureQuerySet) -> PictureQuerySet:
        pictures = super().filtered(pictures)
        wanted = self.cleaned_data
        pictures = pictures.filter(self.STATES.get(wanted.get("state") or "", Q()))
        pictures = pictures.filter(self.ORIGINS.get(wanted.get("origin") or "", Q()))
        return pictures.having(wanted["text"]) if wanted.get("text") else pictures
