import pytest
from django.core.management import CommandError, call_command

from accounts.models import Token, User
from accounts.services import make_token
from conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_signing_in_leads_home(browse, alice):
    answer = browse().post("/account/login/", {"username": "alice", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/", 302)]


def test_a_new_tokens_key_is_shown_once(browse, alice):
    client = browse(alice)
    shown = client.post("/account/tokens/", {"name": "script"})
    key = shown.context["key"]
    assert key in shown.text
    assert key not in client.get("/account/").text


def test_another_users_token_cannot_be_revoked(browse, alice, bob):
    token, _key = make_token(user=alice, name="script")
    assert browse(bob).post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert Token.objects.filter(pk=token.pk).exists()


def test_the_page_speaks_the_chosen_language_before_the_browsers(browse, alice):
    client = browse(alice)
    assert '<html lang="en">' in client.get("/account/").text
    client.post("/language/setlang/", {"language": "ko", "next": "/account/"})
    assert '<html lang="ko">' in client.get("/account/").text


def test_korean_is_spoken_to_browsers_that_ask_for_neither_language(browse):
    assert '<html lang="ko">' in browse().get("/", headers={"accept-language": "fr"}).text


def test_the_first_admin_is_made_once_and_told_its_password(capsys, monkeypatch, db):
    monkeypatch.delenv("NUNBIT_ADMIN_PASSWORD", raising=False)
    call_command("first_admin")
    password = capsys.readouterr().out.split("Password: ")[1].split()[0]
    assert User.objects.get(username="admin").check_password(password)
    call_command("first_admin")
    assert capsys.readouterr().out == ""


def test_the_first_admins_password_can_be_given_and_is_not_printed(capsys, monkeypatch, db):
    monkeypatch.setenv("NUNBIT_ADMIN_PASSWORD", "given-by-hand-1")
    call_command("first_admin")
    assert "given-by-hand-1" not in capsys.readouterr().out
    assert User.objects.get(username="admin").check_password("given-by-hand-1")


@pytest.mark.parametrize("password", ["short", "password123", "admin123"])
def test_a_weak_password_of_the_first_admin_ends_with_a_sentence(monkeypatch, db, password):
    monkeypatch.setenv("NUNBIT_ADMIN_PASSWORD", password)
    with pytest.raises(CommandError, match="NUNBIT_ADMIN_PASSWORD is refused. (This|The) password"):
        call_command("first_admin")
    assert not User.objects.exists()


def test_a_token_is_made_for_reading_and_a_while(browse, alice):
    shown = browse(alice).post("/account/tokens/", {"name": "wall", "scope": "read", "days": "30"})
    token = Token.objects.get()
    assert (token.scope, (token.expires_at - token.created_at).days) == ("read", 30)
    assert "Only read" in shown.text and "never" not in shown.text


def test_a_changed_password_ends_ones_tokens_and_other_sessions(browse, alice):
    here, there = browse(alice), browse(alice)
    make_token(user=alice, name="script")
    new = {"old_password": PASSWORD, "new_password1": "drawn-by-hand-8", "new_password2": "drawn-by-hand-8"}
    assert here.post("/account/password/", new).headers["Location"] == "/account/"
    assert not Token.objects.exists()
    assert (here.get("/account/").status_code, there.get("/account/").status_code) == (200, 302)


def test_a_password_that_an_admin_sets_must_be_good_and_ends_the_tokens(browse, alice, root):
    make_token(user=alice, name="script")
    url = f"/admin/accounts/user/{alice.pk}/password/"
    for password, is_left in (("short", True), ("drawn-by-hand-8", False)):
        browse(root).post(url, {"password1": password, "password2": password, "usable_password": "true"})
        assert Token.objects.exists() is is_left
