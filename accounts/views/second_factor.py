"""The page of one's own second factor: to set it up, from the account page or on the way in, and to turn it off."""

from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts import second_factor as factors
from accounts.forms import CodeForm, OwnPasswordForm
from accounts.models import User
from accounts.views.signing_in import finish_sign_in, pending_person, sign_in, start_again
from web.codes import grouped
from web.qr import inline_qr
from web.refusals import refused_on_form

SECRET = "new_second_factor"  # noqa: S105 (in the session: what an app was shown and has not confirmed)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("code")
def second_factor(request: HttpRequest) -> HttpResponse:
    """How it stands, or what the app needs; once its code was typed, the recovery codes."""
    if request.user.is_authenticated and factors.of(request.user):
        return show_factor(request, OwnPasswordForm(request=request))
    person = request.user if request.user.is_authenticated else pending_person(request)
    if person is None or factors.of(person):
        return start_again(request)
    form = CodeForm(request.POST or None)
    secret = request.session.setdefault(SECRET, factors.new_secret())
    if form.is_valid():
        with refused_on_form(form):
            codes = factors.set_up(person=person, secret=secret, **form.cleaned_data)
            return show_codes(request, person, codes)
    context = {"form": form, "is_required": factors.is_required(person), **for_the_app(person, secret)}
    return render(request, "accounts/set_up_second_factor.html", context)


def for_the_app(person: User, secret: str) -> dict[str, Any]:
    address = factors.app_address(person=person, secret=secret)
    return {"address": address, "qr": inline_qr(address), "key": grouped(secret).replace("-", " ")}


def show_codes(request: HttpRequest, person: User, codes: list[str]) -> HttpResponse:
    del request.session[SECRET]
    target = reverse("accounts:account") if request.user.is_authenticated else finish_sign_in(request, person)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "target": target})


def show_factor(request: HttpRequest, form: OwnPasswordForm) -> HttpResponse:
    factor = factors.of(request.user)
    left = factor.recovery_codes.count() if factor else 0
    return render(request, "accounts/second_factor.html", {"factor": factor, "left": left, "form": form})


@require_POST
@login_required
@sensitive_post_parameters("password")
def remove(request: HttpRequest) -> HttpResponse:
    """Where it is required, one is out until there is a new one, as who comes without one."""
    form = OwnPasswordForm(request.POST, request=request)
    if not form.is_valid():
        return show_factor(request, form)
    person = request.user
    factors.remove(person=person, by=person)
    if not factors.is_required(person):
        return redirect("accounts:account")
    logout(request)
    return sign_in(request, person, reverse("accounts:account"))
