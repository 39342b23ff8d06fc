"""`Authorization: Bearer <token>` for the API, and what a token is good for: asked here once, for all of its paths."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import Scope, Token, User
from accounts.services import find_token


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _space, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = find_token(key=key.strip())
        if token is None:
            raise AuthenticationFailed(
                _("This token is unknown, has expired or was revoked. Make a new one on your account page.")
            )
        if token.scope == Scope.READ and request.method not in SAFE_METHODS:
            raise PermissionDenied(
                _("This token may only read. Make one with the scope “write” on your account page."),
                code="scope",
            )
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class BearerTokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.BearerToken"
    name = "bearer"

    def get_security_definition(self, auto_schema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
