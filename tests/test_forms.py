"""What becomes of a form: told to scripts of its page, and to browsers without scripts."""

import pytest

from accounts.models import Token

SCRIPT = {"HX-Request": "true"}
TOKEN = {"name": "laptop"}
pytestmark = pytest.mark.django_db


def test_who_must_sign_in_comes_back_to_the_page_of_the_form(client):
    answer = client.post("/account/tokens/", TOKEN, headers={"Referer": "http://testserver/account/?page=2"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=/account/%3Fpage%3D2")


def test_another_site_is_no_page_to_come_back_to(client):
    answer = client.post("/account/tokens/", TOKEN, headers={"Referer": "https://example.org/account/"})
    assert answer["Location"] == "/account/login/?next=/account/tokens/"


@pytest.mark.parametrize("page", ["http://[", "//testserver:x/", "http://testserver:99999/"])
def test_an_address_that_is_none_is_no_page_to_come_back_to(browse, alice, owned, client, page):
    answer = client.post("/account/tokens/", TOKEN, headers={"Referer": page})
    assert answer["Location"].startswith("/account/login/?next=/")
    cancel, here = f"/history/{owned['job']}/cancel/", SCRIPT | {"HX-Current-URL": page}
    assert browse(alice).post(cancel, {"next": "/history/#x"}, headers=here).status_code == 204


def test_a_script_is_told_that_one_must_sign_in(client):
    answer = client.post("/account/tokens/", TOKEN, headers=SCRIPT | {"Accept-Language": "en"})
    assert (answer.status_code, answer.text) == (401, "You are no longer signed in. Sign in to go on.")


def test_a_script_is_told_where_a_form_leads(browse, alice, owned):
    answer = browse(alice).post(f"/account/tokens/{owned['token']}/revoke/", headers=SCRIPT)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/")
    assert "HX-Refresh" not in answer


def test_another_place_of_the_same_page_is_loaded_anew(browse, alice, owned):
    page = f"/exams/{owned['exam']}/scans/"
    here = SCRIPT | {"HX-Current-URL": f"http://testserver{page}"}
    answer = browse(alice).post(f"/history/{owned['job']}/cancel/", {"next": f"{page}#x"}, headers=here)
    assert (answer["HX-Redirect"], answer["HX-Refresh"]) == (f"{page}#x", "true")


def test_a_script_is_told_what_was_refused_and_the_next_page_says_nothing_of_it(browse, alice, owned):
    site, scans = browse(alice), f"/exams/{owned['exam']}/scans/"
    answer = site.post(scans, headers=SCRIPT)
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert answer.text
    assert answer.text not in site.get(scans).text


def test_a_form_that_comes_again_under_its_key_is_done_once(browse, alice, owned):
    site, row = browse(alice), f"/account/tokens/{owned['token']}/revoke/"
    first = site.post(row, headers=SCRIPT | {"Idempotency-Key": "1"})
    again = site.post(row, headers=SCRIPT | {"Idempotency-Key": "1"})
    other = site.post(row, headers=SCRIPT | {"Idempotency-Key": "2"})
    assert [first.status_code, again.status_code, other.status_code] == [204, 204, 404]
    assert first["HX-Redirect"] == again["HX-Redirect"]
    assert not Token.objects.exists()


def test_keys_are_of_a_session(browse, alice, bob, owned):
    row, key = f"/account/tokens/{owned['token']}/revoke/", SCRIPT | {"Idempotency-Key": "1"}
    browse(alice).post(row, headers=key)
    assert browse(bob).post(row, headers=key).status_code == 404


def test_who_is_signed_in_is_told_with_the_token_for_forms(browse, alice, client):
    said = browse(alice).get("/account/session/")
    assert said.json()["username"] == "alice" and said.json()["csrf_token"]
    assert "no-store" in said["Cache-Control"]
    assert client.get("/account/session/").json()["username"] is None
