"""The school's login, by OpenID Connect: Authlib asks its identity provider, and here stands who may come in by it."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from authlib.integrations.django_client import DjangoOAuth2App, OAuth
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import Role, User, hash_key, new_key
from accounts.services import free_username, require_consent, save_person, suggested_username
from siteconfig.models import Registration
from siteconfig.services import site_settings

DISCOVERY = "/.well-known/openid-configuration"
NAME_LENGTH = 150


def provider() -> DjangoOAuth2App:
    return client_of(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET)


@cache
def client_of(issuer: str, client_id: str, client_secret: str) -> DjangoOAuth2App:
    """It keeps what the provider tells of itself, and its keys."""
    asking = {"scope": "openid profile email", "code_challenge_method": "S256"}
    return OAuth().register(
        "oidc",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=issuer.rstrip("/") + DISCOVERY,
        client_kwargs=asking | {"default_timeout": settings.OIDC_TIMEOUT},
    )


def claims_of(request: HttpRequest) -> dict[str, Any]:
    """What the provider vouches for, of whoever comes back from it. Raises whatever can be wrong with its answers."""
    wanted = {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
    }
    token = provider().authorize_access_token(request, claims_options=wanted)
    claims = dict(token["userinfo"])  # of the ID token, whose signature and nonce are right
    if "email" in claims:
        return claims
    more = provider().userinfo(token=token)
    return {**more, **claims} if more["sub"] == claims["sub"] else claims


@transaction.atomic
def find_person(*, claims: Mapping[str, Any]) -> User:
    """Whoever came by this identity before; at the first time, whose address it is. Raises ValidationError where nobody
    may come in by it."""
    digest = hash_key(f"{claims['iss']} {claims['sub']}")
    known = User.objects.select_for_update().filter(oidc_digest=digest).first()
    person = known or link_or_create(claims)
    if not person.is_active:
        raise ValidationError(_("This account was deactivated. Please ask an administrator."))
    require_consent(person)
    person.oidc_digest = digest
    return known or save_person(person)


def link_or_create(claims: Mapping[str, Any]) -> User:
    """Not saved. Members may have made their account themselves, with an address of somebody else: its password ends,
    and its tokens with it."""
    email = verified_address(claims)
    person = person_with(email)
    if person is None:
        if site_settings().registration != Registration.OPEN:
            raise ValidationError(
                _("Nobody with the address %(email)s is here. Please ask to be invited.") % {"email": email}
            )
        person = User(email=email, role=Role.MEMBER)
    is_new = person.pk is None or person.is_invited
    if is_new:
        person.first_name = person.first_name or str(claims.get("name") or "")[:NAME_LENGTH]
        person.username = suggested_username(name=email.partition("@")[0]) or free_username("member")
    if is_new or person.role == Role.MEMBER:
        person.set_password(new_key())  # which nobody knows; a forgotten one is chosen by mail or by code
    return person


def verified_address(claims: Mapping[str, Any]) -> str:
    email = str(claims.get("email") or "")
    if not email or claims.get("email_verified") not in (True, "true"):
        raise ValidationError(
            _("%(name)s has not verified your mail address, so that we cannot know who you are here.")
            % {"name": settings.OIDC_NAME}
        )
    return email


def person_with(email: str) -> User | None:
    """None where nobody has the address. Raises ValidationError where it does not say who it is."""
    found = list(User.objects.select_for_update().filter(email__iexact=email))
    found = [person for person in found if person.is_active] or found
    if len(found) > 1 or any(person.oidc_digest for person in found):
        raise ValidationError(
            _("The address %(email)s belongs to somebody else here. Please ask an administrator.")
            % {"email": email}
        )
    return found[0] if found else None
