"""Whom wrong passwords lock out, and for how long: django-axes counts them, this says what is too many.

A school is one address to us, and a teacher's name is known to every pupil. So neither may be locked by what others do:
where somebody has signed in from their address before, only wrong passwords of that name from there count.
"""

from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address, get_client_username
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import User
from web.errors import error_response, is_api


class LoginLimits(AxesDatabaseHandler):
    """Wrong passwords within AXES_COOLOFF_TIME: AXES_FAILURE_LIMIT of a name from an address; more of a name from all
    addresses (guessing from many), and of an address for all names (one password tried on everyone)."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Locked is who has AXES_FAILURE_LIMIT: of what has a higher limit so many fewer are counted."""
        own: int = super().get_failures(request, credentials)
        name, address = get_client_username(request, credentials), get_client_ip_address(request)
        if AccessLog.objects.filter(username=name, ip_address=address).exists():
            return own
        of_name = failures(request, username=name) - settings.NAME_FAILURE_LIMIT
        of_address = failures(request, ip_address=address) - settings.ADDRESS_FAILURE_LIMIT
        return max(own, settings.AXES_FAILURE_LIMIT + max(of_name, of_address))


def failures(request: HttpRequest, **whose: str | None) -> int:
    recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request), **whose)
    return recent.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def takes_code(request: HttpRequest, person: User, code: str) -> bool:
    """Whether the second factor of `person` does. A wrong code counts as a wrong password, and who has sent too many is
    answered by axes' middleware."""
    credentials = {"username": person.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        request.axes_locked_out, request.axes_credentials = True, credentials  # type: ignore[attr-defined]
        return False
    if second_factor.verify(person=person, code=code):
        return True
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)
    return False


def locked_response(
    request: HttpRequest, _original: HttpResponse | None, _credentials: dict[str, Any] | None
) -> HttpResponse:
    """429: a page, or JSON as the API writes errors."""
    sentence = _(
        "Too many wrong passwords or codes. Wait a quarter of an hour, or ask an administrator for help."
    )
    if is_api(request):
        answer: HttpResponse = error_response(429, "throttled", sentence)
    else:
        answer = render(request, "accounts/locked.html", {"sentence": sentence}, status=429)
    answer["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return answer
