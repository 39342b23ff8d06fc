"""The tutorial's own client, unchanged: numbers to /upload, a form to /upload2, no token of this site."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from conftest import person
from digits import services, tasks
from digits.models import Reading
from digits.tests.calls import SEVEN
from digits.tests.pictures import as_file, grey

NUMBERS = ",".join(map(str, SEVEN))


@pytest.fixture(autouse=True)
def reads_at_once(monkeypatch):
    """As a worker would, before the request waits."""
    asked = services.read

    def read(**wanted):
        reading = asked(**wanted)
        tasks.read(str(reading.job_id))
        return Reading.objects.select_related("job").get(pk=reading.pk)

    monkeypatch.setattr(services, "read", read)


def browser(user=None) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    if user:
        client.force_login(user)
    return client


def send(client: Client, **headers: str):
    return client.post("/upload", {"image": NUMBERS}, "application/json", headers=headers)


def send_file(client: Client, **headers: str):
    return client.post("/upload2", {"file": SimpleUploadedFile("a.png", as_file(grey("4")))}, headers=headers)


def test_its_canvas_is_answered_as_the_tutorial_has_it(alice):
    answer = send(browser(alice), origin="http://testserver")
    assert (answer.status_code, answer.json()) == (200, {"status": "success", "processed_data": 7})
    assert Reading.objects.get().owner == alice


def test_its_form_is_answered_the_same(alice):
    assert send_file(browser(alice), origin="http://testserver").json()["processed_data"] == 4


def test_several_digits_are_answered_as_they_stand_and_nothing_as_null(alice):
    client = browser(alice)
    files = {"file": SimpleUploadedFile("a.png", as_file(grey("047")))}
    assert client.post("/upload2", files).json()["processed_data"] == "047"
    blank = client.post("/upload", {"image": ",".join(["0"] * 784)}, "application/json")
    assert blank.json() == {"status": "success", "processed_data": None}


@pytest.mark.parametrize("sender", [send, send_file])
@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null"])
def test_a_page_of_another_site_sends_nothing_in_the_name_of_who_is_signed_in(
    alice, settings, sender, origin
):
    settings.UPLOADS_OF_ANYBODY = "alice"
    assert sender(browser(alice), origin=origin).status_code == 403
    assert not Reading.objects.exists()


def test_a_trusted_origin_may(alice, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://class.example"]
    assert send(browser(alice), origin="https://class.example").status_code == 200


@pytest.mark.parametrize("sender", [send, send_file])
def test_who_is_not_signed_in_may_not_by_default(db, sender):
    assert sender(browser()).status_code == 401


def test_where_it_is_switched_on_anybody_may_and_an_account_keeps_it(db, settings):
    guest = person("guest", Role.MEMBER)
    settings.UPLOADS_OF_ANYBODY = "guest"
    assert send(browser(), origin="http://testserver").json()["processed_data"] == 7
    assert Reading.objects.get().owner == guest


def test_an_account_that_is_not_there_lets_nobody_in(db, settings):
    settings.UPLOADS_OF_ANYBODY = "nobody"
    refused = send(browser())
    assert refused.status_code == 401 and "make a token on your account page" in refused.content.decode()


def test_anybody_is_counted_by_where_they_come_from(db, settings, monkeypatch):
    person("guest", Role.MEMBER)
    settings.UPLOADS_OF_ANYBODY = "guest"
    monkeypatch.setattr("web.quotas.MOST_VISITS", 2)
    assert [send(browser()).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("image", ["", "1,2", "a," * 783 + "a", None])
def test_what_are_no_784_numbers_gets_a_sentence(alice, image):
    answer = browser(alice).post("/upload", {"image": image}, "application/json")
    assert answer.status_code == 400 and answer.json()["errors"][0]["detail"]


def test_the_api_takes_numbers_as_image_too(api):
    assert api.post("/api/digits/", {"image": NUMBERS}, format="json").status_code == 201
