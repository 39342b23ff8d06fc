import pytest

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


def test_an_unknown_token_is_401(call):
    answer = call().get("/api/jobs/", headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert "revoked" in answer.json()["errors"][0]["detail"]
