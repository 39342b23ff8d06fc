"""The account page: who you are, your password, your tokens."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import TokenForm
from accounts.models import Token
from accounts.services import make_token, revoke_token


@require_GET
@login_required
def account(request: HttpRequest) -> HttpResponse:
    return show_account(request, form=TokenForm())


@require_POST
@login_required
def create_token(request: HttpRequest) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return show_account(request, form=form)
    asked = form.cleaned_data
    lifetime = timedelta(days=asked["days"])
    _token, key = make_token(user=request.user, name=asked["name"], scope=asked["scope"], lifetime=lifetime)
    return show_account(request, form=TokenForm(), key=key)


@require_POST
@login_required
def delete_token(request: HttpRequest, pk: int) -> HttpResponse:
    revoke_token(token=get_object_or_404(Token.objects.for_user(request.user), pk=pk))
    return redirect("accounts:account")


def show_account(request: HttpRequest, **context) -> HttpResponse:
    tokens = Token.objects.for_user(request.user)
    return render(request, "accounts/account.html", {"tokens": tokens, **context})
