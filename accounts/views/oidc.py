"""To the school's login and back. Whatever goes wrong on the way is a sentence on the page to sign in."""

import logging

from authlib.integrations.django_client import OAuthError
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import oidc
from accounts.views.signing_in import sign_in
from web.middleware import is_ours
from web.refusals import refused_as_message

log = logging.getLogger(__name__)
TARGET = "oidc_target"  # of a session: where whoever comes back wanted to go


@require_GET
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    require_provider()
    target = request.GET.get("next", "")
    request.session[TARGET] = target if is_ours(request, target) else ""
    callback = request.build_absolute_uri(reverse("accounts:oidc_callback"))
    try:
        return oidc.provider().authorize_redirect(request, callback)
    except Exception:  # another server answers: whatever its answer breaks is no fault of ours
        log.exception("The identity provider cannot be asked.")
        return refused(
            request, _("%(name)s cannot be reached. Sign in by your password, or try again later.")
        )


@require_GET
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    require_provider()
    try:
        claims = oidc.claims_of(request)
    except OAuthError as problem:  # refused there, or it is not what was begun here
        log.warning("The identity provider refused: %s", problem)
        return refused(request, _("%(name)s did not let you in. Please try again."))
    except Exception:  # as above
        log.exception("The answer of the identity provider cannot be used.")
        return refused(request, _("%(name)s answered something that cannot be used. Ask an administrator."))
    with refused_as_message(request):
        person = oidc.find_person(claims=claims)
        return sign_in(request, person, request.session.pop(TARGET, ""))
    return redirect(settings.LOGIN_URL)


def require_provider() -> None:
    if not settings.OIDC_NAME:
        raise Http404


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.error(request, sentence % {"name": settings.OIDC_NAME})
    return redirect(settings.LOGIN_URL)
