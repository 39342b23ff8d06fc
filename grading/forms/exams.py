"""An exam as a teacher types it: a few lines about the whole. Its items are typed as `grading.forms.blocks`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grading.key.items import SCHOOL
from grading.models import Exam, Release
from grading.models.releases import DAYS, MOST_DAYS


class ExamForm(forms.ModelForm):
    id_kind = forms.ChoiceField(
        label=gettext_lazy("Student number"),
        choices=[
            ("digits", gettext_lazy("One number")),
            ("school", gettext_lazy("Grade, class and number (학년·반·번호)")),
        ],
    )
    id_digits = forms.IntegerField(label=gettext_lazy("Its digits"), min_value=1, max_value=12, initial=8)
    versions = forms.IntegerField(
        label=gettext_lazy("Versions of the exam"), min_value=1, max_value=26, initial=1
    )

    class Meta:
        model = Exam
        fields = ["title", "language", "paper", "id_kind", "id_digits", "versions", "is_learned_from"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.id_groups:
            self.initial["id_kind"] = "school"

    def exam_fields(self) -> dict[str, Any]:
        """What services take; groups that were made by a program stay as they are."""
        fields = {name: value for name, value in self.cleaned_data.items() if name != "id_kind"}
        return {**fields, "id_groups": self.id_groups()}

    def id_groups(self) -> list[list[Any]]:
        """Of the student number, where it is of grade, class and number."""
        is_school = self.cleaned_data.get("id_kind") == "school"
        kept = self.instance.id_groups or SCHOOL[self.cleaned_data.get("language", self.instance.language)]
        return kept if is_school else []


class ReleaseForm(forms.ModelForm):
    """What students see of their results, and for how long the links work."""

    days = forms.IntegerField(
        label=gettext_lazy("Days that the links work"), min_value=1, max_value=MOST_DAYS, initial=DAYS
    )

    class Meta:
        model = Release
        fields = ["shows", "days"]
        labels = {"shows": gettext_lazy("Students see")}
        widgets = {"shows": forms.RadioSelect}


class CandidateForm(forms.Form):
    number = forms.CharField(label=gettext_lazy("Student number"), max_length=20)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=100, required=False)


class AddCandidateForm(CandidateForm):
    class_name = forms.CharField(label=gettext_lazy("Class"), max_length=100, required=False)
