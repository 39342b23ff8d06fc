import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts import services
from accounts.models import OneTimeCode, Role, User
from conftest import PASSWORD, wait_until
from siteconfig.models import Registration
from siteconfig.services import change_site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CHOSEN = {"username": "haneul", "first_name": "김하늘", "password": PASSWORD}


def invited(root: User, **more) -> tuple[User, str]:
    return services.invite(by=root, role=Role.TEACHER, **more)


def test_an_invitation_lets_somebody_choose_name_and_password_and_signs_them_in(browse, root):
    _person, code = invited(root)
    client = browse()
    assert client.post(f"/join/{code}/", CHOSEN, follow=True).context["user"].username == "haneul"
    assert User.objects.get(username="haneul").role == Role.TEACHER
    assert client.get("/exams/").status_code == 200


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_a_code_is_understood_however_it_is_typed(browse, root, typed):
    _person, code = invited(root)
    assert browse().post("/join/", {"code": typed(code)}).status_code == 302


def test_a_code_is_good_for_one_time(browse, root):
    _person, code = invited(root)
    browse().post(f"/join/{code}/", CHOSEN)
    assert browse().get(f"/join/{code}/").status_code == 404


def test_of_two_who_use_a_code_at_once_the_second_is_refused(root):
    _person, text = invited(root)
    code = services.find_code(text=text)
    services.use_code(code=code, **CHOSEN)
    with pytest.raises(services.ValidationError, match="used already"):
        services.use_code(code=code, password="another-one-8")
    assert User.objects.get(username="haneul").check_password(PASSWORD)


def test_a_code_expires(browse, root):
    _person, code = invited(root)
    OneTimeCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert browse().get(f"/join/{code}/").status_code == 404


def test_a_new_code_ends_the_one_before(root):
    person, old = invited(root)
    new = services.make_code(user=person, by=root)
    assert services.find_code(text=old) is None and services.find_code(text=new)


def test_a_code_is_not_kept(root):
    _person, code = invited(root)
    assert code not in str(OneTimeCode.objects.values()) and code.replace("-", "") not in str(
        OneTimeCode.objects.values()
    )


def test_a_weak_password_and_a_taken_username_are_said_at_their_fields(browse, root, alice):
    _person, code = invited(root)
    shown = browse().post(f"/join/{code}/", {**CHOSEN, "username": "alice", "password": "short"})
    assert "password" in shown.context["form"].errors
    shown = browse().post(f"/join/{code}/", {**CHOSEN, "username": "alice"})
    assert "username" in shown.context["form"].errors
    assert services.find_code(text=code)


def test_a_code_for_somebody_who_forgot_the_password_changes_that_alone_and_ends_their_sessions(
    browse, root, alice
):
    there = browse(alice)
    code = services.make_code(user=alice, by=root)
    assert there.get("/account/").status_code == 200
    browse().post(f"/join/{code}/", {"username": "mallory", "password": "another-one-8"})
    alice.refresh_from_db()
    assert (alice.username, alice.check_password("another-one-8")) == ("alice", True)
    assert there.get("/account/").status_code == 302


def test_no_child_gets_in_before_a_guardian_has_agreed(browse, root):
    person, code = invited(root)
    User.objects.filter(pk=person.pk).update(needs_consent=True)
    assert "parents agree" in browse().post(f"/join/{code}/", CHOSEN).text
    person.refresh_from_db()
    services.note_consent(person=person, by=root)
    assert browse().post(f"/join/{code}/", CHOSEN).status_code == 302


def test_nobody_registers_where_the_site_is_closed(browse):
    assert browse().post("/register/", CHOSEN).status_code == 404
    assert "/register/" not in browse().get("/account/login/").text


def test_where_it_is_open_whoever_registers_is_a_member(browse):
    change_site(by=None, registration=Registration.OPEN)
    assert "/register/" in browse().get("/account/login/").text
    client = browse()
    client.post("/register/", {**CHOSEN, "role": "admin", "is_staff": "on"})
    assert User.objects.get(username="haneul").role == Role.MEMBER
    assert client.get("/account/").status_code == 200


def test_who_registers_is_told_all_that_is_wrong_at_once(browse, alice):
    change_site(by=None, registration=Registration.OPEN)
    wrong = {"username": "alice", "email": "haneul@", "password": "short"}
    assert set(browse().post("/register/", wrong).context["form"].errors) == {"username", "email", "password"}
    wrong = {"username": "", "email": "haneul@school.example", "password": "12345678"}
    assert set(browse().post("/register/", wrong).context["form"].errors) == {"username", "password"}


def test_who_may_not_work_with_exams_reads_whom_to_ask(browse):
    change_site(by=None, registration=Registration.OPEN, contact="Ms Lee, room 12")
    member = browse()
    assert "Ms Lee, room 12" in member.get("/register/").text
    member.post("/register/", CHOSEN)
    shown = member.get("/").text
    assert "Ms Lee, room 12" in shown and "One sheet for all" not in shown
    refused = member.get("/exams/")
    assert refused.status_code == 403 and "Ms Lee, room 12" in refused.text


@pytest.fixture
def with_mail(settings):
    settings.EMAIL_HOST = "mail.school.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_a_forgotten_password_is_mailed_a_link_that_works(browse, alice, with_mail):
    User.objects.filter(pk=alice.pk).update(email="alice@school.example")
    browse().post("/account/forgotten/", {"who": "Alice@school.example"})
    wait_until(lambda: mail.outbox)
    link = re.search(r"http://testserver(/join/\S+)", mail.outbox[0].body)[1]
    browse().post(link, {"password": "another-one-8"})
    alice.refresh_from_db()
    assert alice.check_password("another-one-8")


@pytest.mark.parametrize("who", ["nobody", "alice", "bob"])
def test_the_page_for_forgotten_passwords_does_not_tell_who_is_here(browse, alice, bob, with_mail, who):
    User.objects.filter(pk=alice.pk).update(email="alice@school.example")
    shown = browse().post("/account/forgotten/", {"who": who}, follow=True)
    assert "If somebody has this name" in shown.text


def test_without_a_mail_server_the_page_says_whom_to_ask(browse):
    shown = browse().get("/account/forgotten/").text
    assert "Ask your teacher" in shown and "Send the link" not in shown


def test_nobodys_mailbox_is_filled_by_strangers(browse, alice, with_mail):
    User.objects.filter(pk=alice.pk).update(email="alice@school.example")
    for _time in range(3):
        browse().post("/account/forgotten/", {"who": "alice"})
    assert OneTimeCode.objects.count() == 1
    wait_until(lambda: mail.outbox)
    assert len(mail.outbox) == 1


def test_a_code_ends_when_the_password_is_changed_in_another_way(root, alice):
    code = services.make_code(user=alice, by=root)
    alice.set_password("another-one-8")
    alice.save()
    assert services.find_code(text=code) is None


def test_a_code_ends_with_the_role_that_it_was_made_for(root, alice, charlie):
    code = services.make_code(user=charlie, by=alice)
    services.change_person(person=charlie, role=Role.ADMIN)
    assert services.find_code(text=code) is None
