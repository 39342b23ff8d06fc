import pytest

from accounts.models import Role, Token, User
from accounts.services import find_token, make_token, revoke_token

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
