"""What administrators set. Services check it, so that pages and API refuse the same."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from siteconfig.logos import KINDS, MOST_BYTES
from siteconfig.models import SiteSettings


class SiteForm(forms.ModelForm):
    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=_("A PNG, JPEG or WebP of at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ",".join(KINDS.values()), "data-most-bytes": MOST_BYTES}),
    )
    no_logo = forms.BooleanField(label=_("Without a logo"), required=False)
    language = forms.ChoiceField(
        label=_("Language of visitors and mails"),
        required=False,
        choices=[("", _("What each browser asks for")), *settings.LANGUAGES],
        help_text=_("Whoever has chosen a language keeps it."),
    )
    year_begins = forms.TypedChoiceField(
        label=_("Month in which the school year begins"), choices=MONTHS.items(), coerce=int
    )

    class Meta:
        model = SiteSettings
        fields = ["name", "language", "contact", "has_demos", "registration"]
        fields += ["second_factor_required", "guardian_age", "year_begins"]
        widgets = {
            "name": forms.TextInput(attrs={"placeholder": "Nunbit 눈빛", "autocomplete": "organization"}),
            "contact": forms.Textarea(attrs={"rows": 3}),
            "guardian_age": forms.NumberInput(attrs={"min": 0, "max": 20}),
        }
        help_texts = {
            "name": _("In the top line, in titles, mails and cards."),
            "contact": _(
                "Stands on the page about privacy, on that to register, and where a role misses: a name, an address."
            ),
            "has_demos": _("What they draw or send is deleted within ten minutes."),
            "second_factor_required": _("Who has none is led to set one up when they next sign in."),
            "guardian_age": _("0: nobody is asked."),
        }

    field_order = ["name", "new_logo", "no_logo", "language", "contact", "registration"]

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if not self.instance.logo:
            del self.fields["no_logo"]

    @property
    def changes(self) -> dict[str, Any]:
        """As `change_site` takes them."""
        given = dict(self.cleaned_data)
        logo, none = given.pop("new_logo"), given.pop("no_logo", False)
        return given | ({"logo": logo} if logo else {"logo": None} if none else {})


class RetentionForm(forms.ModelForm):
    class Meta:
        model = SiteSettings
        fields = ["trash_days", "log_days", "sign_in_days", "photo_days"]
        help_texts = {
            "trash_days": _(
                "What was deleted can be brought back for so long; then it is gone with its files."
            ),
            "log_days": _("Who saw, changed, shared or deleted what."),
            "sign_in_days": _(
                "Who signed in from which address, and wrong passwords: to notice who guesses them."
            ),
            "photo_days": _("Photos that faces were drawn from, unless their owners keep them."),
        }


class TestForm(forms.Form):
    address = forms.EmailField(
        label=_("Send it to"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
