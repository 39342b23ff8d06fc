"""What people do with their accounts."""

from django.utils import timezone

from accounts.models import Token, TokenQuerySet, User, hash_key, new_key
from prepared.queries import prepared


def make_token(*, user: User, name: str) -> tuple[Token, str]:
    """A new token of `user` and its key, which cannot be shown again."""
    key = new_key()
    return Token.objects.create(user=user, name=name, digest=hash_key(key), hint=key[:6]), key


def revoke_token(*, token: Token) -> None:
    token.delete()


@prepared
def tokens_of(digest: str) -> TokenQuerySet:
    """With their users: one, or none."""
    return Token.objects.select_related("user").filter(digest=digest, user__is_active=True).order_by()


def find_token(*, key: str) -> Token | None:
    """The token of `key` if its user may still sign in; notes when it was used, at most once a minute."""
    found = tokens_of(hash_key(key))
    if not found:
        return None
    token: Token = found[0]
    now = timezone.now()
    if token.used_at is None or (now - token.used_at).total_seconds() > 60:
        Token.objects.filter(pk=token.pk).update(used_at=now)
    return token
