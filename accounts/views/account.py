"""The account page: who you are, your password, your tokens."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts import second_factor
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


@require_GET
@never_cache
def session(request: HttpRequest) -> HttpResponse:
    """Who is signed in, None for nobody, and what forms must send now: a page may be older than that."""
    return JsonResponse({"username": request.user.username or None, "csrf_token": get_token(request)})


def show_account(request: HttpRequest, **context) -> HttpResponse:
    tokens = Token.objects.for_user(request.user)
    factor = second_factor.of(request.user)
    return render(request, "accounts/account.html", {"tokens": tokens, "factor": factor, **context})
