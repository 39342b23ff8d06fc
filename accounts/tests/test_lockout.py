"""Wrong passwords: who is locked out by them, from where, and who is not."""

import pytest

from conftest import PASSWORD

SCHOOL, HOME, STRANGER = "192.0.2.1", "198.51.100.7", "203.0.113.9"
pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(browse):
    """Where signing in from `address` leads: 302 into the site, 200 to the form again, 429 nowhere for now."""

    def try_it(name: str, password: str, address: str) -> int:
        given = {"username": name, "password": password}
        return browse().post("/account/login/", given, headers={"x-forwarded-for": address}).status_code

    return try_it


@pytest.fixture(autouse=True)
def few(settings):
    """So that a test need not guess a hundred times."""
    settings.AXES_FAILURE_LIMIT, settings.NAME_FAILURE_LIMIT, settings.ADDRESS_FAILURE_LIMIT = 3, 5, 7


def test_a_name_is_locked_from_the_address_that_guesses_and_from_no_other(sign_in, alice):
    answers = [sign_in("alice", "guess", STRANGER) for _ in range(3)]
    assert answers == [200, 200, 429]
    assert sign_in("alice", PASSWORD, STRANGER) == 429
    assert sign_in("alice", PASSWORD, HOME) == 302


def test_guessing_from_many_addresses_locks_a_name_but_not_where_it_is_known(sign_in, alice):
    assert sign_in("alice", PASSWORD, HOME) == 302
    for place in range(5):
        sign_in("alice", "guess", f"203.0.113.{place}")
    assert sign_in("alice", PASSWORD, "203.0.113.99") == 429
    assert sign_in("alice", PASSWORD, HOME) == 302


def test_one_password_tried_on_many_names_locks_the_address_but_not_who_is_known_there(sign_in, alice, bob):
    assert sign_in("alice", PASSWORD, SCHOOL) == 302
    for place in range(7):
        sign_in(f"pupil{place}", "12345678", SCHOOL)
    assert sign_in("bob", PASSWORD, SCHOOL) == 429
    assert sign_in("alice", PASSWORD, SCHOOL) == 302
    assert sign_in("bob", PASSWORD, HOME) == 302


def test_who_is_locked_out_reads_why_and_for_how_long(browse, alice):
    for _ in range(3):
        answer = browse().post("/account/login/", {"username": "alice", "password": "guess"})
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert "Too many wrong passwords or codes. Wait a quarter of an hour" in answer.content.decode()


def test_a_program_is_told_in_json(call, alice):
    for _ in range(4):
        answer = call().post("/api/token/", {"username": "alice", "password": "guess"}, format="json")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"
    assert answer.json()["errors"][0]["code"] == "throttled"
    assert answer.json()["errors"][0]["detail"].startswith("Too many wrong passwords or codes.")
