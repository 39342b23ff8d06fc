from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from school.models import SchoolClass
from siteconfig.services import site_settings
from uploads.tables import MOST_BYTES
from web.forms import FIRST_YEAR, LAST_YEAR


class ClassForm(forms.ModelForm):
    year = forms.IntegerField(label=_("School year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    class Meta:
        model = SchoolClass
        fields = ["name", "year", "needs_consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Where the site asks no guardian, neither does the form."""
        super().__init__(*args, **kwargs)
        if age := site_settings().guardian_age:
            label = gettext("Students are under %(age)s: their accounts wait for a guardian's consent")
            self.fields["needs_consent"].label = label % {"age": age}
        else:
            del self.fields["needs_consent"]

    def _post_clean(self) -> None:
        """What is right is said by the service."""


class PasteForm(forms.Form):
    students = forms.CharField(
        label=_("Number and name, a student a line"),
        widget=forms.Textarea(attrs={"rows": 6, "placeholder": "1 김하늘\n2 이서연"}),
        max_length=200_000,
        help_text=_("Paste it from a spreadsheet, or type it."),
    )


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("Table of students"),
        widget=forms.FileInput(
            attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xls,.ods", "data-most-bytes": MOST_BYTES}
        ),
    )


class StudentForm(forms.Form):
    number = forms.CharField(label=pgettext_lazy("school", "Number"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=100, required=False)


class MoveForm(forms.Form):
    number = forms.CharField(label=pgettext_lazy("school", "Number there"), max_length=20)

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_move_%s", **kwargs)
        self.fields["to"] = forms.ModelChoiceField(classes, label=_("Move to the class"))
        self.order_fields(["to", "number"])


class MoveUpForm(forms.Form):
    name = forms.CharField(label=_("Name of the new class"), max_length=100)


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_(
            "From your card, your invitation, or your teacher. Dashes and small letters do not matter."
        ),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "one-time-code", "spellcheck": "false"}
        ),
    )


class JoinForm(forms.Form):
    number = forms.CharField(label=_("Your number in the class"), max_length=20)
    name = forms.CharField(label=_("Your name"), max_length=100)
