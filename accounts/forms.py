import re
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.grants import Right
from accounts.models import Role, Scope, Token, User
from accounts.services import LIFETIME, check_account

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


MOST_INVITED = 100
INVITED = re.compile(
    r"^(?P<name>[^@<>]*?)\s*<?(?P<email>[^\s<>@]+@[^\s<>@]+)>?$"
)  # Kim Haneul <haneul@school.kr>


def new_password() -> forms.CharField:
    """Shown if one likes: typing it twice helps nobody on a phone."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=_("Password"), widget=widget, strip=False, help_text=_("At least 8 characters.")
    )


class PasswordForm(forms.Form):
    """For who has a username."""

    password = new_password()


class FirstPasswordForm(forms.ModelForm):
    """For who was invited: a username, too."""

    password = new_password()

    class Meta:
        model = User
        fields = ["first_name", "username"]
        labels = {"first_name": _("Your name")}
        help_texts = {"username": _("You sign in with it.")}

    def _post_clean(self) -> None:
        """All that is wrong is said at once, also where a field found something; the service looks once more."""
        given = {name: self.cleaned_data.get(name, "") for name in self._meta.fields}
        try:
            check_account(User(**given), self.cleaned_data.get("password", ""))
        except ValidationError as wrong:
            for name, errors in wrong.error_dict.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, errors)


class RegistrationForm(FirstPasswordForm):
    class Meta(FirstPasswordForm.Meta):
        fields = ["first_name", "username", "email"]


class CodeForm(forms.Form):
    """Of the second factor."""

    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "off", "autofocus": True}
        ),
    )


class OwnPasswordForm(forms.Form):
    """Before what only the person may do, and nobody who finds their browser open."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        """Guesses count as those of who signs in."""
        password: str = self.cleaned_data["password"]
        if authenticate(self.request, username=self.request.user.username, password=password) is None:
            raise ValidationError(_("This is not your password."))
        return password


class ForgottenForm(forms.Form):
    who = forms.CharField(label=_("Username or mail address"), max_length=254)


class GrantForm(forms.Form):
    who = forms.CharField(label=_("Username or mail address"), max_length=254)
    right = forms.ChoiceField(label=pgettext_lazy("permission", "Right"), choices=Right.choices)


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "username", "email", "role"]
        labels = {"first_name": _("Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Who is invited chooses a username later."""
        super().__init__(*args, **kwargs)
        if self.instance.is_invited:
            del self.fields["username"]

    def _post_clean(self) -> None:
        """What is right is said by the service."""


class InvitationForm(forms.Form):
    """A line a person, each with a name, a mail address or both."""

    role = forms.ChoiceField(label=_("They are"), choices=Role.choices, initial=Role.TEACHER)
    people = forms.CharField(
        label=_("Who"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One person a line: a name, a mail address, or both."),
        max_length=20_000,
    )

    def clean_people(self) -> list[dict[str, str]]:
        lines = [line.strip(" \t,;") for line in self.cleaned_data["people"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_INVITED:
            raise ValidationError(_("%(most)s people at once are the most."), params={"most": MOST_INVITED})
        return [invited_person(line) for line in lines]


def invited_person(line: str) -> dict[str, str]:
    """Raises ValidationError where it looks like an address and is none."""
    if "@" not in line:
        return {"name": line[:150], "email": ""}
    found = INVITED.match(line[:320])
    try:
        validate_email(found["email"] if found else "")
    except ValidationError as wrong:
        sentence = _("“%(line)s” is not a mail address.")
        raise ValidationError(sentence, params={"line": line[:100]}) from wrong
    return {"name": found["name"].strip(' ,"')[:150], "email": found["email"]}


class PeopleFilter(forms.Form):
    """Which people the list shows. What cannot be understood filters nothing."""

    STATES = [
        ("", _("All")),
        ("active", _("Active")),
        ("invited", _("Invited")),
        ("deactivated", _("Deactivated")),
    ]

    q = forms.CharField(label=_("Name or address"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)
