from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password

from accounts.models import Role, Token, User
from accounts.services import LIFETIME, find_token, make_token, revoke_token
from conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_tokens_key_is_not_kept(alice):
    token, key = make_token(user=alice, name="script")
    assert key not in str(Token.objects.filter(pk=token.pk).values())
    assert find_token(key=key) == token


def test_a_revoked_token_is_unknown(alice):
    token, key = make_token(user=alice, name="script")
    revoke_token(token=token)
    assert find_token(key=key) is None


def test_the_token_of_a_user_who_may_no_longer_sign_in_is_unknown(alice):
    _token, key = make_token(user=alice, name="script")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert find_token(key=key) is None


def test_using_a_token_notes_when(alice):
    token, key = make_token(user=alice, name="script")
    find_token(key=key)
    token.refresh_from_db()
    assert token.used_at


@pytest.mark.parametrize(
    ("role", "is_teacher", "is_staff"),
    [("member", False, False), ("teacher", True, False), ("admin", True, True)],
)
def test_the_role_decides_alone(role, is_teacher, is_staff):
    user = User.objects.create_user("dana", password="x", role=Role(role))
    assert (user.is_teacher, user.is_staff) == (is_teacher, is_staff)


def test_a_token_lasts_a_year_or_as_long_as_was_asked(alice):
    token, key = make_token(user=alice, name="script")
    assert token.expires_at - token.created_at == LIFETIME and find_token(key=key) == token
    _token, old = make_token(user=alice, name="script", lifetime=-timedelta(seconds=1))
    assert find_token(key=old) is None


def test_a_token_of_before_there_were_scopes_may_do_all_and_never_expires(alice):
    token, key = make_token(user=alice, name="script")
    Token.objects.filter(pk=token.pk).update(expires_at=None)
    assert (find_token(key=key), token.scope) == (token, "write")


def test_tokens_end_with_the_password_and_those_of_others_stay(alice, bob):
    for user in (alice, bob):
        make_token(user=user, name="script")
    alice.set_password("drawn-by-hand-8")
    alice.save()
    assert [token.user for token in Token.objects.all()] == [bob]


def test_tokens_end_where_an_account_loses_its_password(alice):
    make_token(user=alice, name="script")
    alice.set_unusable_password()
    alice.save()
    assert not alice.tokens.exists()
    make_token(user=alice, name="of someone who comes in by another way")
    alice.save()
    assert alice.tokens.exists()


def test_tokens_outlive_other_changes_and_a_hash_that_is_renewed_at_sign_in(alice, settings, rf):
    make_token(user=alice, name="script")
    old = make_password(PASSWORD)
    User.objects.filter(pk=alice.pk).update(password=old)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    user = authenticate(rf.post("/"), username="alice", password=PASSWORD)
    user.first_name = "Alice"
    user.save()
    user.refresh_from_db()
    assert user.password != old and user.tokens.exists()
