"""What visitors try on the first page, without an account: asked by anybody, seen there alone, gone soon."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from conftest import PASSWORD
from digits import tasks
from digits.models import Reading
from digits.tests.pictures import as_file, grey
from generator.models import Order
from jobs.models import Job
from siteconfig.services import change_site
from visitors import services, views
from visitors.purging import forget_old

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch) -> None:
    """No worker runs here."""
    monkeypatch.setattr(views, "WAIT", 0)


def a_seven() -> SimpleUploadedFile:
    return SimpleUploadedFile("drawing.png", as_file(grey("7")), "image/png")


def ask(browser, name: str = "digits", **form):
    form = form or {"image": a_seven()}
    return browser.post(reverse("visitors:ask", args=[name]), form, headers={"hx-request": "true"})


def read(reading: Reading) -> str:
    """Its page, once a worker has read it."""
    tasks.read(str(reading.job_id))
    return reverse("visitors:answer", args=["digits", reading.pk])


def test_a_visitor_draws_a_digit_and_it_is_read(browse):
    assert "A moment" in ask(browse()).text
    answer = browse().get(read(Reading.objects.get()), headers={"hx-request": "true"})
    assert answer.status_code == 286 and ">7</p>" in answer.text and "I am sure." in answer.text


def test_a_picture_or_a_sample_is_looked_at_and_a_face_is_drawn(browse):
    assert ask(browse(), "pictures", sample="cat").status_code == 200
    assert ask(browse(), "faces", prompt="smiling").status_code == 200
    assert set(Job.objects.values_list("task", flat=True)) == {"classifier.look", "generator.draw"}
    assert Order.objects.get().count == 1


def test_without_scripts_the_answer_has_a_page_of_its_own_that_no_search_engine_lists(browse):
    asked = browse().post(reverse("visitors:ask", args=["digits"]), {"image": a_seven()})
    assert asked.url == read(Reading.objects.get())
    page = browse().get(asked.url)
    assert ">7</p>" in page.text and "noindex" in page["X-Robots-Tag"]
    assert browse().get(f"{asked.url}picture")["Content-Type"] == "image/png"


def test_what_visitors_ask_belongs_to_one_account_that_nobody_can_sign_in_to(browse):
    ask(browse())
    ask(browse())
    account = User.objects.get(username=services.USERNAME)
    assert Job.objects.filter(owner=account).count() == 2
    assert not account.is_active and not account.has_usable_password()
    browser = browse()
    browser.post(reverse("accounts:login"), {"username": services.USERNAME, "password": PASSWORD})
    assert browser.get(reverse("digits:history")).status_code == 302


def test_what_belongs_to_someone_is_nothing_that_visitors_see(browse, owned):
    for page in ("answer", "picture"):
        url = reverse(f"visitors:{page}", args=["digits", owned["reading"]])
        assert browse().get(url).status_code == 404, page


def test_what_visitors_asked_is_gone_with_its_files_after_some_minutes(
    browse, owned, django_capture_on_commit_callbacks
):
    ask(browse())
    reading = Reading.objects.get(owner__username=services.USERNAME)
    ask(browse())
    others = Job.objects.exclude(pk=reading.job_id).count()
    Job.objects.filter(pk=reading.job_id).update(created_at=timezone.now() - timedelta(minutes=9))
    with django_capture_on_commit_callbacks(execute=True):
        forget_old()
    assert not Reading.with_trashed.filter(pk=reading.pk).exists() and Job.objects.count() == others
    assert not reading.picture.storage.exists(reading.picture.name)


def test_nothing_that_came_in_stays_longer_than_ten_minutes(settings):
    between = timedelta(seconds=settings.PERIODIC_TASKS["visitors.forget_old"])
    assert services.KEPT + between < timedelta(minutes=10)


def test_too_many_questions_from_one_address_are_told_to_wait(browse, monkeypatch):
    monkeypatch.setattr(services, "QUESTIONS", 2)
    answers = [ask(browse()) for _turn in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "more than 2 requests in a minute" in answers[-1].text and int(answers[-1]["Retry-After"]) > 0


def test_visitors_have_only_so_much_at_work_whatever_their_addresses(browse, monkeypatch):
    monkeypatch.setattr(services, "OPEN_JOBS", 1)
    assert ask(browse()).status_code == 200
    busy = ask(browse())
    assert busy.status_code == 429 and "Many people are trying this right now" in busy.text


@pytest.mark.parametrize(("name", "form"), [("digits", {"image": ""}), ("pictures", {"sample": ""})])
def test_who_sends_nothing_is_asked_for_a_file(browse, name, form):
    answer = ask(browse(), name, **form)
    assert (answer.status_code, answer.text.strip()) == (400, "Please choose a file.")


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(browse):
    for name in ("digits", "pictures"):
        answer = ask(browse(), name, image=SimpleUploadedFile("a.png", b"no picture"))
        assert answer.status_code == 400 and answer.text.endswith("."), answer.text
    assert not Job.objects.exists()


def test_an_administrator_switches_it_off(browse, root):
    assert "Try it now" in browse().get("/").text
    change_site(by=root, has_demos=False)
    assert "Try it now" not in browse().get("/").text
    assert ask(browse()).status_code == 404


def test_a_site_without_faces_offers_none(browse, settings):
    settings.FACES = False
    assert "Draw a face" not in browse().get("/").text
    assert ask(browse(), "faces", prompt="").status_code == 404
