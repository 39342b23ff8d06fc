"""The school's login, with a real provider over HTTP: whom it lets in, and what is said where it lets nobody in."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests
from django.test import Client
from joserfc.jwk import RSAKey

from accounts import services
from accounts.models import OneTimeCode, Role, User
from conftest import PASSWORD
from siteconfig.models import Registration
from siteconfig.services import change_site
from tests.support.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider, running_provider
from tests.support.second_factor import code_of, with_second_factor

pytestmark = pytest.mark.django_db
MAIL = "haneul@school.example"


@pytest.fixture
def provider(settings) -> Iterator[IdentityProvider]:
    """Configured as the school's login."""
    with running_provider() as provider:
        settings.OIDC_NAME, settings.OIDC_ISSUER = "Hanbit", provider.issuer
        settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = CLIENT_ID, CLIENT_SECRET
        yield provider


@pytest.fixture
def kim(alice) -> User:
    """A teacher whose address the provider knows."""
    alice.email = MAIL.title()
    alice.save()
    return alice


def come_back(client: Client, **query: str) -> str:
    """To the provider and back; the address with which one comes back."""
    there = client.get("/account/oidc/", query)["Location"]
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    return urlsplit(back)._replace(scheme="", netloc="").geturl()


def sign_in(client: Client, **query: str):
    return client.get(come_back(client, **query), follow=True)


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def refusal(client: Client) -> str:
    """The page to sign in, with a sentence."""
    shown = sign_in(client)
    assert shown.redirect_chain == [("/account/login/", 302)] and not is_in(client)
    return shown.text


def test_where_no_provider_is_configured_nothing_of_it_shows(browse):
    assert "/account/oidc/" not in browse().get("/account/login/").text
    assert browse().get("/account/oidc/").status_code == 404


def test_the_button_leads_to_the_provider_and_remembers_where_one_wanted_to_go(browse, provider):
    page = browse().get("/account/login/?next=/exams/").text
    assert "Sign in with Hanbit" in page and "/account/oidc/?next=/exams/" in page
    assert browse().get("/account/oidc/")["Location"].startswith(f"{provider.issuer}/authorize?")


def test_who_has_a_verified_address_that_is_known_comes_in(browse, provider, kim):
    client = browse()
    answer = sign_in(client, next="/exams/")
    assert answer.redirect_chain == [("/exams/", 302)] and answer.context["user"] == kim
    kim.refresh_from_db()
    assert kim.check_password(PASSWORD)  # an administrator gave the role and knew the address


def test_the_address_may_be_told_apart_from_the_token(browse, provider, kim):
    provider.tells_in_token = False
    assert sign_in(browse()).context["user"] == kim


def test_what_is_told_of_somebody_else_does_not_count(browse, provider, kim):
    provider.tells_in_token, provider.token_claims = False, {"sub": "4712"}
    assert "has not verified your mail address" in refusal(browse())


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(browse, provider, kim, target):
    assert sign_in(browse(), next=target).redirect_chain == [("/", 302)]


def test_who_came_once_is_known_by_the_identity_and_not_by_the_address(browse, provider, kim):
    sign_in(browse())
    provider.person |= {"email": "kim@new.example", "email_verified": False}
    assert sign_in(browse()).context["user"] == kim


def test_an_address_that_another_identity_has_by_now_lets_nobody_in(browse, provider, kim):
    sign_in(browse())
    provider.person["sub"] = "4712"
    assert "belongs to somebody else here" in refusal(browse())


def test_with_another_address_by_an_administrator_the_identity_is_forgotten(browse, provider, kim, root):
    sign_in(browse())
    services.change_person(person=kim, email="other@school.example")
    assert "Please ask to be invited" in refusal(browse())


def test_where_the_site_is_closed_nobody_new_comes_in(browse, provider):
    assert f"Nobody with the address {MAIL} is here" in refusal(browse())
    assert not User.objects.exists()


def test_where_registration_is_open_somebody_new_is_a_member(browse, provider):
    change_site(by=None, registration=Registration.OPEN)
    assert sign_in(browse()).context["user"].username == "haneul"
    person = User.objects.get()
    assert (person.first_name, person.email, person.role) == ("김하늘", MAIL, Role.MEMBER)
    assert not person.is_invited and sign_in(browse()).context["user"] == person


def test_an_invitation_lets_its_address_in_in_its_role_and_is_used_up(browse, provider, root):
    person, code = services.invite(by=root, role=Role.TEACHER, email=MAIL)
    sign_in(browse())
    person.refresh_from_db()
    assert (person.username, person.role, person.is_invited) == ("haneul", Role.TEACHER, False)
    assert not OneTimeCode.objects.exists() and services.find_code(text=code) is None


def test_who_registered_with_an_address_of_somebody_else_is_out_when_that_one_comes(browse, provider):
    change_site(by=None, registration=Registration.OPEN)
    browse().post("/register/", {"username": "mallory", "email": MAIL, "password": PASSWORD})
    mallory = User.objects.get()
    there = browse(mallory)
    services.make_token(user=mallory, name="script")
    assert sign_in(browse()).context["user"] == mallory
    mallory.refresh_from_db()
    assert not mallory.check_password(PASSWORD) and not is_in(there) and not mallory.tokens.exists()


def test_a_deactivated_person_is_refused(browse, provider, kim, root):
    services.change_person(person=kim, is_active=False)
    assert "was deactivated" in refusal(browse())
    services.change_person(person=kim, is_active=True)
    sign_in(browse())
    services.change_person(person=kim, is_active=False)
    assert "was deactivated" in refusal(browse())


def test_no_child_comes_in_before_a_guardian_has_agreed(browse, provider, kim):
    User.objects.filter(pk=kim.pk).update(needs_consent=True)
    assert "parents agree" in refusal(browse())


def test_two_accounts_with_the_address_let_nobody_guess(browse, provider, kim, bob):
    User.objects.filter(pk=bob.pk).update(email=MAIL)
    assert "belongs to somebody else here" in refusal(browse())


@pytest.mark.parametrize("change", [{"email_verified": False}, {"email_verified": None}, {"email": ""}])
def test_an_address_that_is_not_verified_lets_nobody_in(browse, provider, kim, change):
    provider.person |= change
    assert "Hanbit has not verified your mail address" in refusal(browse())


def test_the_second_factor_is_asked_afterwards(browse, provider, kim):
    secret, _codes = with_second_factor(kim)
    client = browse()
    assert sign_in(client, next="/exams/").redirect_chain == [("/account/code/", 302)]
    assert not is_in(client)
    assert client.post("/account/code/", {"code": code_of(secret)})["Location"] == "/exams/"


def test_who_says_no_there_reads_a_sentence_here(browse, provider, kim):
    provider.error = "access_denied"
    assert "Hanbit did not let you in" in refusal(browse())


def test_an_answer_that_nobody_asked_for_in_this_browser_is_refused(browse, provider, kim):
    back = come_back(browse())
    client = browse()
    assert "did not let you in" in client.get(back, follow=True).text and not is_in(client)
    for query in ("", "?code=1", "?state=1&code=1", "?error=%3Cb%3E&error_description=%3Cb%3E"):
        answer = client.get(f"/account/oidc/callback/{query}", follow=True)
        assert "did not let you in" in answer.text and "<b>" not in answer.text


def test_an_answer_is_good_for_one_time(browse, provider, kim):
    client = browse()
    back = come_back(client)
    client.get(back)
    client.post("/account/logout/")
    assert "did not let you in" in client.get(back, follow=True).text and not is_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another site"},
        {"aud": ["another site"], "azp": CLIENT_ID},
        {"iss": "http://127.0.0.1:1"},
        {"nonce": "of another time"},
        {"exp": 1},
    ],
)
def test_a_token_for_somebody_else_or_another_time_is_refused(browse, provider, kim, claims):
    provider.token_claims = claims
    assert "answered something that cannot be used" in refusal(browse())


def test_a_token_of_another_key_is_refused(browse, provider, kim):
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "1"})
    assert "answered something that cannot be used" in refusal(browse())


@pytest.mark.parametrize("broken", ["/token", "/jwks", "/userinfo"])
def test_nonsense_of_the_provider_is_a_sentence(browse, provider, kim, broken):
    provider.broken, provider.tells_in_token = broken, False
    assert "answered something that cannot be used" in refusal(browse())


@pytest.mark.parametrize("is_there", [True, False])
def test_a_provider_that_is_down_is_a_sentence(browse, provider, settings, is_there):
    provider.broken = "/.well-known/openid-configuration"
    if not is_there:
        settings.OIDC_ISSUER = "http://127.0.0.1:9"
    shown = browse().get("/account/oidc/", follow=True)
    assert "Hanbit cannot be reached. Sign in by your password" in shown.text


def test_a_wrong_secret_of_the_client_is_a_sentence(browse, provider, kim, settings):
    settings.OIDC_CLIENT_SECRET = "mistyped"
    assert "Hanbit did not let you in" in refusal(browse())
