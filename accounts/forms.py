from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, Token
from accounts.services import LIFETIME

LIFETIMES = [  # days
    (30, _("in 30 days")),
    (90, _("in 90 days")),
    (365, _("in a year")),
    (3650, _("in ten years")),
]


class TokenForm(forms.ModelForm):
    scope = forms.TypedChoiceField(
        label=_("It may"), choices=Scope.choices, initial=Scope.WRITE, empty_value=Scope.WRITE, required=False
    )
    days = forms.TypedChoiceField(
        label=_("It expires"),
        choices=LIFETIMES,
        coerce=int,
        initial=LIFETIME.days,
        empty_value=LIFETIME.days,
        required=False,
    )

    class Meta:
        model = Token
        fields = ["name", "scope"]
