import smtplib

import pytest
from django.core import mail
from django.utils import timezone

from accounts import services
from accounts.models import Role, User
from web import mail as web_mail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_many_are_invited_at_once_and_each_gets_a_link(browse, root):
    people = "Kim Haneul <haneul@school.example>\n이서연\npark@school.example\n"
    shown = browse(root).post("/settings/people/invite/", {"role": "teacher", "people": people})
    links = [one["link"] for one in shown.context["sent"]]
    assert len(set(links)) == 3 and all(link in shown.text for link in links)
    assert [person.email for person in User.objects.invited().order_by("pk")] == [
        "haneul@school.example",
        "",
        "park@school.example",
    ]


def test_one_line_that_is_no_address_keeps_all_of_them_back(browse, root):
    shown = browse(root).post("/settings/people/invite/", {"role": "teacher", "people": "Kim\nlee@school"})
    assert "lee@school” is not a mail address" in shown.text
    assert not User.objects.invited().exists()


def test_an_address_that_is_here_already_is_not_invited_again(browse, root, alice):
    User.objects.filter(pk=alice.pk).update(email="alice@school.example")
    shown = browse(root).post(
        "/settings/people/invite/", {"role": "member", "people": "ALICE@school.example"}
    )
    assert "is here already" in shown.text
    assert not User.objects.invited().exists()


def test_with_a_mail_server_invitations_are_mailed(browse, root, settings):
    settings.EMAIL_HOST = "mail.school.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    shown = browse(root).post("/settings/people/invite/", {"role": "teacher", "people": "kim@school.example"})
    assert mail.outbox[0].to == ["kim@school.example"]
    assert shown.context["sent"][0]["link"] in mail.outbox[0].body


def test_where_a_mail_is_refused_the_page_says_so_and_shows_the_link(browse, root, settings, monkeypatch):
    settings.EMAIL_HOST = "mail.school.example"

    def refuse(*_arguments):
        raise smtplib.SMTPSenderRefused(550, b"who are you?", "nunbit@localhost")

    monkeypatch.setattr(web_mail, "send_mail", refuse)
    shown = browse(root).post("/settings/people/invite/", {"role": "teacher", "people": "kim@school.example"})
    assert "who are you?" in shown.text and shown.context["sent"][0]["link"] in shown.text


def test_a_deactivated_person_is_out_at_once_and_back_with_all(browse, root, alice):
    there = browse(alice)
    browse(root).post(f"/settings/people/{alice.pk}/activity/")
    assert there.get("/account/").status_code == 302
    browse(root).post(f"/settings/people/{alice.pk}/activity/", {"activate": ""})
    assert browse(User.objects.get(pk=alice.pk)).get("/exams/").status_code == 200


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.TEACHER}])
def test_the_last_administrator_stays_one(root, change):
    with pytest.raises(services.ValidationError, match="Somebody has to administer"):
        services.change_person(person=root, **change)
    root.refresh_from_db()
    assert root.is_active and root.role == Role.ADMIN


def test_a_role_is_changed_on_the_page_of_the_person(browse, root, charlie):
    fields = {"first_name": "Charlie", "username": "charlie", "email": "", "role": "teacher"}
    browse(root).post(f"/settings/people/{charlie.pk}/", fields)
    charlie.refresh_from_db()
    assert charlie.is_teacher


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ali", ["alice"]),
        ("?role=member", ["charlie"]),
        ("?state=deactivated", ["bob"]),
        ("?role=nonsense", 4),
    ],
)
def test_people_are_found_by_name_role_and_state(browse, root, alice, bob, charlie, query, found):
    User.objects.filter(pk=bob.pk).update(is_active=False)
    page = browse(root).get(f"/settings/people/{query}").context["page"]
    names = [person.username for person in page]
    assert (len(names) if isinstance(found, int) else names) == found


def test_when_somebody_was_here_is_noted_once_in_ten_minutes(browse, alice, django_assert_num_queries):
    client = browse(alice)
    client.get("/account/")
    alice.refresh_from_db()
    first = alice.seen_at
    assert timezone.now() - first < services.SEEN_EVERY
    client.get("/account/")
    alice.refresh_from_db()
    assert alice.seen_at == first


def test_djangos_admin_changes_no_role(browse, root):
    fields = {"username": "root", "role": "teacher", "is_active": "", "first_name": "Root"}
    browse(root).post(f"/admin/accounts/user/{root.pk}/change/", fields)
    root.refresh_from_db()
    assert root.role == Role.ADMIN and root.is_active


def test_who_comes_back_has_no_old_code_and_no_old_tokens(root, alice):
    code = services.make_code(user=alice, by=root)
    services.make_token(user=alice, name="script")
    services.change_person(person=alice, is_active=False)
    services.change_person(person=alice, is_active=True)
    assert services.find_code(text=code) is None and not alice.tokens.exists()


def test_an_address_that_no_mail_reaches_is_not_invited(browse, root):
    shown = browse(root).post(
        "/settings/people/invite/", {"role": "member", "people": "a" * 250 + "@school.example"}
    )
    assert shown.status_code == 200 and not User.objects.invited().exists()
