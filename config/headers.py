"""What browsers are told that pages of this site may do; tests/test_headers.py and a walk through all pages hold it.

Nothing inline and nothing from elsewhere: whoever gets markup into a page gets no script to run, and no style that
hides what is there.
"""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django_permissions_policy import PermissionsPolicyMiddleware

HEADER_OF_PERMISSIONS = "Permissions-Policy"
# Pages that film: no other one may, whoever gets a script into it
CAMERA_PAGES = ("grading:camera", "classifier:pictures", "classifier:classifier", "digits:digits")
# What browsers offer and no other page here needs
REFUSED = (
    *("accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "serial", "usb"),
)


def content_security_policy(is_behind_tls: bool) -> dict[str, Any]:
    """As django-csp has it in the settings."""
    directives = {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],  # pictures that are shown before they are sent
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "upgrade-insecure-requests": is_behind_tls,
    }
    return {"DIRECTIVES": directives}


def permissions_policy() -> dict[str, list[str]]:
    """As django-permissions-policy has it in the settings. Pages of ours copy links."""
    return {"clipboard-write": ["self"]} | {feature: [] for feature in REFUSED}


class PermissionsMiddleware:
    """The Permissions-Policy of django-permissions-policy, with the camera for pages that film."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        text = PermissionsPolicyMiddleware.compute_header_value
        policy = settings.PERMISSIONS_POLICY
        self.policy = text(policy, name="PERMISSIONS_POLICY")
        self.filming = text(policy | {"camera": ["self"]}, name="PERMISSIONS_POLICY")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        match = request.resolver_match
        films = match is not None and match.view_name in CAMERA_PAGES
        answer.headers.setdefault(HEADER_OF_PERMISSIONS, self.filming if films else self.policy)
        return answer


class PolicyMiddleware:
    """The Content-Security-Policy of django-csp, whose own middleware makes the same text anew for each answer: that
    takes ten times as long as to make the answer itself. There are no nonces here, and no page has another policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if not (
            settings.DEBUG and answer.status_code in (404, 500)
        ):  # Django's pages for developers have styles inline
            answer.headers.setdefault(HEADER, self.policy)
        return answer
