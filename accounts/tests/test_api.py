import pytest
from django.utils import timezone

from accounts.models import Token
from accounts.services import make_token
from conftest import PASSWORD

pytestmark = pytest.mark.django_db


def test_a_name_and_a_password_give_a_token_that_signs_in(call, alice):
    key = (
        call().post("/api/token/", {"username": "alice", "password": PASSWORD}, format="json").json()["token"]
    )
    answer = call().get("/api/jobs/", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_a_wrong_password_is_a_sentence(call, alice):
    answer = call().post("/api/token/", {"username": "alice", "password": "guess"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["detail"] == "No user has this name and password."


def test_guessing_is_stopped_after_ten_tries(call, alice):
    for _ in range(10):
        call().post("/api/token/", {"username": "alice", "password": "guess"}, format="json")
    assert (
        call().post("/api/token/", {"username": "alice", "password": PASSWORD}, format="json").status_code
        >= 400
    )


@pytest.mark.parametrize(("language", "words"), [("en", "make a token"), ("ko", "토큰")])
def test_without_a_token_it_says_what_to_do(call, language, words):
    answer = call().get("/api/jobs/", headers={"accept-language": language})
    assert answer.status_code == 401 and answer["WWW-Authenticate"] == "Bearer"
    assert words in answer.json()["errors"][0]["detail"]


def test_an_unknown_token_is_401(call):
    answer = call().get("/api/jobs/", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert "revoked" in answer.json()["errors"][0]["detail"]


def bearer(key: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}"}


def test_a_token_says_what_it_is_good_for_and_until_when(call, alice):
    asked = {"username": "alice", "password": PASSWORD, "scope": "read", "expires_in": 3600, "name": "wall"}
    said = call().post("/api/token/", asked, format="json").json()
    token = Token.objects.get(pk=said["id"])
    assert (said["scope"], said["name"], token.scope) == ("read", "wall", "read")
    assert 3500 < (token.expires_at - timezone.now()).total_seconds() <= 3600


@pytest.mark.parametrize(
    "wrong", [{"scope": "all"}, {"expires_in": 0}, {"expires_in": 10**12}, {"expires_in": "x"}]
)
def test_a_scope_or_a_time_that_there_is_not_is_a_400(call, alice, wrong):
    answer = call().post("/api/token/", {"username": "alice", "password": PASSWORD} | wrong, format="json")
    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, *wrong)
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/api/exams/"),
        ("post", "/api/digits/"),
        ("post", "/api/pictures/"),
        ("post", "/api/faces/"),
        ("post", "/api/models/"),
        ("delete", "/api/tokens/1/"),
        ("patch", "/api/papers/1/"),
    ],
)
def test_a_token_that_may_only_read_changes_nothing_and_says_what_it_lacks(call, alice, method, path):
    _token, key = make_token(user=alice, name="wall", scope="read")
    answer = getattr(call(), method)(path, {}, format="json", headers=bearer(key))
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (403, "scope")
    assert "“write”" in error["detail"]
    assert call().get("/api/jobs/", headers=bearer(key)).status_code == 200


def test_tokens_are_listed_without_their_keys_and_revoked(call, alice, bob):
    token, key = make_token(user=alice, name="script")
    make_token(user=bob, name="of Bob")
    listed = call().get("/api/tokens/", headers=bearer(key))
    (row,) = listed.json()["results"]
    assert (row["name"], row["scope"], row["hint"]) == ("script", "write", key[:6])
    assert row["expires_at"] and row["created_at"] and key not in listed.text
    assert call().delete(f"/api/tokens/{token.pk}/", headers=bearer(key)).status_code == 204
    assert call().get("/api/tokens/", headers=bearer(key)).status_code == 401


def test_a_strangers_token_is_not_found(call, alice, bob):
    token, _key = make_token(user=bob, name="of Bob")
    assert call(alice).delete(f"/api/tokens/{token.pk}/").status_code == 404
    assert Token.objects.filter(pk=token.pk).exists()
