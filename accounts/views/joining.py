"""How people get in: by a code, by registering, or again after their password was forgotten."""

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import FirstPasswordForm, ForgottenForm, PasswordForm, RegistrationForm
from accounts.models import OneTimeCode, User
from accounts.views.signing_in import sign_in
from siteconfig.models import Registration
from siteconfig.services import site_settings
from web import mail
from web.refusals import refused_on_form

GET_OR_POST = require_http_methods(["GET", "POST"])


@GET_OR_POST
@never_cache
@sensitive_post_parameters("password")
def use_code(request: HttpRequest, code: str) -> HttpResponse:
    """A password is chosen, and whoever did so is signed in."""
    found = services.find_code(text=code)
    if found is None:
        return render(request, "accounts/no_code.html", status=404)
    form = code_form(request, found)
    if form.is_valid():
        with refused_on_form(form):
            return signed_in(request, services.use_code(code=found, **form.cleaned_data))
    return render(request, "accounts/use_code.html", {"form": form, "person": found.user})


def code_form(request: HttpRequest, code: OneTimeCode) -> forms.Form | forms.ModelForm:
    if not code.user.is_invited:
        return PasswordForm(request.POST or None)
    initial = {"username": services.suggested_username(name=code.user.first_name)}
    return FirstPasswordForm(request.POST or None, instance=code.user, initial=initial)


def signed_in(request: HttpRequest, person: User) -> HttpResponse:
    messages.success(request, _("Welcome! Next time, sign in as “%(name)s”.") % {"name": person.username})
    return sign_in(request, person)


@GET_OR_POST
@sensitive_post_parameters("password")
def register(request: HttpRequest) -> HttpResponse:
    if site_settings().registration != Registration.OPEN:
        raise Http404
    form = RegistrationForm(request.POST or None)
    if form.is_valid():
        with refused_on_form(form):
            return signed_in(request, services.register(**form.cleaned_data))
    return render(request, "accounts/register.html", {"form": form})


@GET_OR_POST
def forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer to everybody: it must not tell who is here."""
    form = ForgottenForm(request.POST or None)
    has_mail = mail.is_configured()
    if has_mail and form.is_valid():
        mail_codes(request, form.cleaned_data["who"])
        messages.success(
            request, _("If somebody has this name or address here, a mail is on its way with a link.")
        )
        return redirect("accounts:login")
    return render(request, "accounts/forgotten.html", {"form": form, "has_mail": has_mail})


def mail_codes(request: HttpRequest, who: str) -> None:
    named = User.objects.active().exclude(email="").filter(Q(username=who) | Q(email__iexact=who))
    for person in named[:3]:
        if not (code := services.reset_code(user=person)):
            continue
        lines = [
            _("Choose a new password for “%(name)s” here, within two hours:") % {"name": person.username},
            code_link(request, code),
            _("If you did not ask for this, do nothing: your password stays as it is."),
        ]
        mail.send_unwatched(to=person.email, subject=_("A new password"), text="\n\n".join(lines))


def code_link(request: HttpRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("accounts:use_code", args=[code]))
