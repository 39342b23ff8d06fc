"""Pictures to name and how, filters of the history, and a new classifier."""

from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy

from accounts.models import AnyUser
from classifier.models import Classifier
from classifier.models.pictures import PictureQuerySet
from classifier.uploads import MOST_BYTES
from registry.forms import VersionChoiceField
from registry.models import ModelVersion
from web.forms import DatesForm


class PictureRequestForm(forms.Form):
    """How to look at pictures. The files themselves are taken from the request: a service says what they are."""

    model = VersionChoiceField(
        label=gettext_lazy("Network"),
        required=False,
        queryset=ModelVersion.objects.filter(kind="classifier").offered(),
        empty_label=gettext_lazy("The usual one"),
    )
    classifier = forms.ModelChoiceField(
        label=gettext_lazy("Taught classifier"),
        required=False,
        queryset=Classifier.objects.none(),
        empty_label=gettext_lazy("None"),
    )
    only_labels = forms.BooleanField(label=gettext_lazy("Only say what it is: quicker"), required=False)
    name = forms.CharField(required=False, max_length=200)  # of the folder

    def __init__(self, *arguments, user: AnyUser, **options) -> None:
        super().__init__(*arguments, **options)
        field = cast(forms.ModelChoiceField, self.fields["classifier"])
        field.queryset = Classifier.objects.usable_by(user).learned()

    def clean(self) -> dict[str, Any]:
        """What services take: of the classifier, the version that answers now."""
        cleaned = super().clean() or {}
        classifier = cleaned.pop("classifier", None)
        return cleaned | {"taught": classifier and classifier.active_version}


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

    def __init__(self, *arguments, owner: AnyUser, **options) -> None:
        super().__init__(*arguments, **options)
        self.owner = owner

    def filtered(self, pictures: PictureQuerySet) -> PictureQuerySet:
        pictures = super().filtered(pictures)
        wanted = self.cleaned_data
        pictures = pictures.filter(self.STATES.get(wanted.get("state") or "", Q()))
        pictures = pictures.filter(self.ORIGINS.get(wanted.get("origin") or "", Q()))
        return pictures.having(wanted["text"], self.owner.pk) if wanted.get("text") else pictures


class AlbumSearchForm(forms.Form):
    """What is looked for in an album."""

    text = HistoryForm.base_fields["text"]

    def filtered(self, pictures: PictureQuerySet, owner: int) -> PictureQuerySet:
        self.is_valid()
        text = self.cleaned_data.get("text")
        return pictures.having(text, owner) if text else pictures


class NewClassifierForm(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Without one it is called as its ZIP."),
    )
    labels = forms.CharField(
        label=gettext_lazy("Classes"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("One a line, such as cat and dog."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a ZIP of its pictures"),
        required=False,
        help_text=gettext_lazy(
            "With a folder for each class, or with the JSON that Label Studio exports; also one that was exported here."
        ),
        widget=forms.FileInput(attrs={"accept": ".zip", "data-most-zip-bytes": MOST_BYTES}),
    )

    def clean_labels(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["labels"].splitlines() if line.strip()]
