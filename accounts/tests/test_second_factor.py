"""Signing in with a password and a code: who is asked, what is refused, and what does not go around it."""

import time

import pytest

from accounts import second_factor, services
from accounts.models import RecoveryCode, SecondFactor
from accounts.views.signing_in import PENDING, PENDING_SECONDS
from audit.models import Entry
from conftest import PASSWORD
from siteconfig.services import change_site
from tests.support.second_factor import STEP, code_of, with_second_factor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def after_password(browse):
    """A browser in which somebody has just given the right password."""

    def give_it(person, target=""):
        client = browse()
        client.post("/account/login/", {"username": person.username, "password": PASSWORD, "next": target})
        return client

    return give_it


def is_in(client) -> bool:
    return client.get("/account/").status_code == 200


def send(client, code: str):
    return client.post("/account/code/", {"code": code})


def verbs() -> list[str]:
    found = Entry.objects.filter(model__in=("secondfactor", "recoverycode")).order_by("pk")
    return [f"{entry.actor_name} {entry.verb} {entry.model} of {entry.owner}" for entry in found]


def test_it_is_set_up_by_a_code_of_the_app_and_asked_from_then_on(browse, alice, after_password):
    client = browse(alice)
    secret = client.get("/account/second-factor/").context["key"]
    shown = client.post("/account/second-factor/", {"code": code_of(secret)})
    assert len(shown.context["codes"]) == 10 and all(code in shown.text for code in shown.context["codes"])
    client = after_password(alice, "/exams/")
    assert not is_in(client)
    assert send(client, code_of(secret, later=1))["Location"] == "/exams/"
    assert is_in(client) and verbs() == ["alice created secondfactor of alice"]


def test_the_page_has_the_key_as_a_square_and_as_text(browse, alice):
    shown = browse(alice).get("/account/second-factor/")
    assert "<svg" in shown.text and shown.context["key"] in shown.text
    assert shown.context["address"].startswith("otpauth://totp/Nunbit:alice?secret=")


def test_a_wrong_code_sets_nothing_up_and_the_key_stays(browse, alice):
    client = browse(alice)
    secret = client.get("/account/second-factor/").context["key"]
    shown = client.post("/account/second-factor/", {"code": "000000"})
    assert "not the code of the app" in shown.text and shown.context["key"] == secret
    assert not SecondFactor.objects.exists()


def test_whoever_has_no_second_factor_is_asked_for_none(after_password, alice):
    assert is_in(after_password(alice))


@pytest.mark.parametrize("code", ["000000", "", "１２３４５６", "not a code", "9" * 30])
def test_a_wrong_code_is_refused(after_password, alice, code):
    with_second_factor(alice)
    client = after_password(alice)
    assert send(client, code).context["form"].errors and not is_in(client)


def test_a_code_is_good_for_one_time(after_password, alice):
    secret, _codes = with_second_factor(alice)
    code = code_of(secret)
    send(after_password(alice), code)
    client = after_password(alice)
    assert "used already" in send(client, code).text and not is_in(client)
    send(client, code_of(secret, later=1))
    assert is_in(client)


def test_codes_of_a_clock_that_is_half_a_minute_wrong_are_taken_and_no_others(alice):
    secret, _codes = with_second_factor(alice)
    assert not second_factor.verify(person=alice, code=code_of(secret, later=-2))
    assert second_factor.verify(person=alice, code=code_of(secret, later=-1))
    assert second_factor.verify(person=alice, code=code_of(secret, later=1))
    assert not second_factor.verify(person=alice, code=code_of(secret, later=2))


def test_a_recovery_code_lets_in_once_however_it_is_typed_and_the_log_says_so(after_password, alice):
    _secret, codes = with_second_factor(alice)
    client = after_password(alice)
    send(client, codes[3].lower().replace("-", " "))
    assert is_in(client)
    client = after_password(alice)
    send(client, codes[3])
    assert not is_in(client)
    assert RecoveryCode.objects.count() == 9 and verbs()[1:] == ["alice used recoverycode of alice"]


def test_recovery_codes_are_not_kept_and_nobody_elses_work(after_password, alice, bob):
    _secret, codes = with_second_factor(alice)
    with_second_factor(bob)
    assert codes[0].replace("-", "") not in str(RecoveryCode.objects.values())
    client = after_password(bob)
    send(client, codes[0])
    assert not is_in(client)


def test_wrong_codes_lock_as_wrong_passwords_do_and_together_with_them(
    after_password, browse, alice, settings
):
    settings.AXES_FAILURE_LIMIT = 3
    secret, _codes = with_second_factor(alice)
    browse().post("/account/login/", {"username": "alice", "password": "guess"})
    client = after_password(alice)
    assert [send(client, "000000").status_code for _time in range(2)] == [200, 429]
    locked = send(client, code_of(secret))
    assert locked.status_code == 429 and "Wait a quarter of an hour" in locked.text
    assert not is_in(client) and not is_in(after_password(alice))


def test_the_way_between_password_and_code_ends(after_password, alice, monkeypatch):
    secret, _codes = with_second_factor(alice)
    client = after_password(alice)
    late = time.time() + PENDING_SECONDS + STEP
    monkeypatch.setattr("accounts.views.signing_in.time.time", lambda: late)
    answer = client.post("/account/code/", {"code": code_of(secret)}, follow=True)
    assert "took too long" in answer.text and not is_in(client)


def test_a_password_that_changes_ends_what_began_with_the_old_one(after_password, alice):
    secret, _codes = with_second_factor(alice)
    client = after_password(alice)
    alice.set_password("another-one-8")
    alice.save()
    send(client, code_of(secret))
    assert not is_in(client)


def test_a_new_password_does_not_go_around_it(browse, root, alice):
    secret, _codes = with_second_factor(alice)
    client, code = browse(), services.make_code(user=alice, by=root)
    assert client.post(f"/join/{code}/", {"password": "another-one-8"})["Location"] == "/account/code/"
    assert not is_in(client)
    send(client, code_of(secret))
    assert is_in(client)


def test_the_page_to_sign_in_to_the_tables_does_not_go_around_it(browse, root):
    with_second_factor(root)
    given = {"username": "root", "password": PASSWORD, "next": "/admin/"}
    client = browse()
    assert client.post("/admin/login/", given)["Location"].startswith("/account/login/")
    assert not is_in(client)
    assert browse(root).post("/admin/login/", given)["Location"] == "/admin/"


def test_programs_need_a_code_for_a_new_token_and_none_afterwards(call, alice):
    secret, _codes = with_second_factor(alice)
    given = {"username": "alice", "password": PASSWORD}
    refused = call().post("/api/token/", given, format="json")
    assert refused.status_code == 400 and refused.json()["errors"][0]["code"] == "wrong_code"
    answer = call().post("/api/token/", given | {"code": code_of(secret)}, format="json")
    key = answer.json()["token"]
    assert call().get("/api/jobs/", headers={"authorization": f"Bearer {key}"}).status_code == 200


def test_tokens_of_before_go_on_working(call, alice):
    _token, key = services.make_token(user=alice, name="script")
    with_second_factor(alice)
    assert call().get("/api/jobs/", headers={"authorization": f"Bearer {key}"}).status_code == 200


def test_it_is_turned_off_by_the_password_alone(browse, alice, after_password):
    with_second_factor(alice)
    client = browse(alice)
    assert "10 recovery codes are left" in client.get("/account/second-factor/").text
    client.post("/account/second-factor/remove/", {"password": "guess"})
    assert SecondFactor.objects.exists()
    client.post("/account/second-factor/remove/", {"password": PASSWORD})
    assert not SecondFactor.objects.exists() and not RecoveryCode.objects.exists()
    assert is_in(after_password(alice)) and verbs()[1:] == ["alice deleted secondfactor of alice"]


def test_who_has_one_does_not_set_up_another(browse, alice, after_password):
    secret, _codes = with_second_factor(alice)
    client = browse(alice)
    client.post("/account/second-factor/", {"code": code_of(secret)})
    assert SecondFactor.objects.get().secret == secret
    pending = after_password(alice)
    pending.post("/account/second-factor/", {"code": code_of(secret)})
    assert SecondFactor.objects.get().secret == secret and not is_in(pending)


def test_an_administrator_removes_what_somebody_lost(browse, root, alice, after_password):
    with_second_factor(alice)
    page = f"/settings/people/{alice.pk}/"
    assert "Remove the second factor" in browse(root).get(page).text
    browse(root).post(f"{page}second-factor/")
    assert "Remove the second factor" not in browse(root).get(page).text
    assert is_in(after_password(alice)) and verbs()[1:] == ["root deleted secondfactor of alice"]


def test_where_it_is_required_teachers_set_it_up_before_they_are_in(browse, root, alice, after_password):
    browse(root).post(
        "/settings/site/",
        {"registration": "closed", "guardian_age": 14, "year_begins": 3, "second_factor_required": "on"},
    )
    client = after_password(alice, "/exams/")
    assert not is_in(client)
    shown = client.get("/account/second-factor/")
    assert "administrators of this site need one" in shown.text
    shown = client.post("/account/second-factor/", {"code": code_of(shown.context["key"])})
    assert shown.context["target"] == "/exams/" and is_in(client)


def test_where_it_is_required_members_need_none(after_password, charlie):
    change_site(by=None, second_factor_required=True)
    assert is_in(after_password(charlie))


def test_where_it_is_required_a_program_gets_no_token_without_one(call, alice):
    change_site(by=None, second_factor_required=True)
    given = {"username": "alice", "password": PASSWORD, "code": "000000"}
    assert call().post("/api/token/", given, format="json").status_code == 400


def test_where_it_is_required_who_turns_it_off_sets_up_the_next(browse, alice):
    change_site(by=None, second_factor_required=True)
    secret, _codes = with_second_factor(alice)
    client = browse(alice)
    answer = client.post("/account/second-factor/remove/", {"password": PASSWORD})
    assert answer["Location"] == "/account/second-factor/" and not is_in(client)
    new = client.get("/account/second-factor/").context["key"]
    assert new.replace(" ", "") != secret
    client.post("/account/second-factor/", {"code": code_of(new)})
    assert is_in(client)


def test_a_script_is_told_where_the_code_is_asked(browse, alice):
    with_second_factor(alice)
    given = {"username": "alice", "password": PASSWORD}
    answer = browse().post("/account/login/", given, headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/account/code/")


def test_a_deactivated_person_does_not_come_in_half_way(after_password, alice, root):
    secret, _codes = with_second_factor(alice)
    client = after_password(alice)
    assert client.session[PENDING]
    services.change_person(person=alice, is_active=False)
    send(client, code_of(secret))
    assert not is_in(client)
