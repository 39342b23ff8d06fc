"""Signing in: a password, a code or the school's login first, and then the second factor, where one is asked."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import second_factor
from accounts.forms import CodeForm
from accounts.lockout import takes_code
from accounts.models import User

GET_OR_POST = require_http_methods(["GET", "POST"])
BACKEND = "django.contrib.auth.backends.ModelBackend"
PENDING = "pending_sign_in"  # of a session: who still has to show the second factor
PENDING_SECONDS = 600


class SignInView(LoginView):
    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        return sign_in(self.request, form.get_user(), self.get_success_url())


def sign_in(request: HttpRequest, person: User, target: str = "") -> HttpResponse:
    """Whoever showed that they are `person`: in, or led to the page of what is still missing."""
    target = target or reverse("home")
    if not second_factor.is_asked(person):
        login(request, person, BACKEND)
        return redirect(target)
    request.session.cycle_key()
    password = person.get_session_auth_hash()
    request.session[PENDING] = {"pk": person.pk, "password": password, "at": time.time(), "target": target}
    return redirect("accounts:code" if second_factor.of(person) else "accounts:second_factor")


def pending_person(request: HttpRequest) -> User | None:
    """Who is between the password and the second factor; nobody once the password was changed, or after a while."""
    kept = request.session.get(PENDING)
    if not kept or time.time() - kept["at"] > PENDING_SECONDS:
        return None
    person = User.objects.filter(pk=kept["pk"], is_active=True).first()
    is_same = person and constant_time_compare(person.get_session_auth_hash(), kept["password"])
    return person if is_same else None


def finish_sign_in(request: HttpRequest, person: User) -> str:
    """Signed in; where they wanted to go."""
    target: str = request.session.pop(PENDING)["target"]
    login(request, person, BACKEND)
    return target


@GET_OR_POST
@never_cache
@sensitive_post_parameters("code")
def code(request: HttpRequest) -> HttpResponse:
    person = pending_person(request)
    if person is None:
        return start_again(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        if takes_code(request, person, form.cleaned_data["code"]):
            return redirect(finish_sign_in(request, person))
        form.add_error("code", _("This code is wrong, or was used already. Wait for the next one."))
    return render(request, "accounts/code.html", {"form": form})


def start_again(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        messages.error(request, _("That took too long. Please sign in again."))
    return redirect(settings.LOGIN_URL)
