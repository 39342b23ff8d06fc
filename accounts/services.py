"""What people do with their accounts."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Scope, Token, TokenQuerySet, User, hash_key, new_key
from prepared.queries import prepared

LIFETIME = timedelta(days=365)  # of a token, where nothing else is asked for
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=3650)


def make_token(
    *, user: User, name: str, scope: str = Scope.WRITE, lifetime: timedelta = LIFETIME
) -> tuple[Token, str]:
    """A new token of `user` and its key, which cannot be shown again."""
    key, now = new_key(), timezone.now()
    token = Token(user=user, name=name, digest=hash_key(key), hint=key[:6], scope=scope)
    token.created_at, token.expires_at = now, now + lifetime
    token.save()
    return token, key


def revoke_token(*, token: Token) -> None:
    token.delete()


@prepared
def tokens_of(digest: str) -> TokenQuerySet:
    """With their users: one, or none."""
    return Token.objects.select_related("user").filter(digest=digest, user__is_active=True).order_by()


def find_token(*, key: str) -> Token | None:
    """The token of `key` if it has not expired and its user may still sign in; notes when it was used, at most once a
    minute."""
    found = tokens_of(hash_key(key))
    if not found or found[0].has_expired:
        return None
    token: Token = found[0]
    now = timezone.now()
    if token.used_at is None or (now - token.used_at).total_seconds() > 60:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token
