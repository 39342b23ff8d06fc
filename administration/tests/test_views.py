"""The pages of /settings/: administrators set, try and watch the site; others see what is theirs."""

import io
import smtplib
from datetime import timedelta

import pytest
from axes.models import AccessLog
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from administration import upkeep
from administration.presentation.health import QueueState, queue_states
from generator.models import Photo
from generator.services import forget_photos
from generator.tests.orders import a_film
from jobs.lately import open_jobs, recent_jobs
from jobs.models import Job, Queue, Status, Worker
from siteconfig.models import SiteSettings
from siteconfig.services import change_site, site_settings

PAGES = ("site", "mail", "storage", "retention", "health")
SET = {"language": "", "registration": "closed", "guardian_age": "14", "year_begins": "3", "contact": ""}

pytestmark = pytest.mark.django_db


def a_logo() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue())


def test_everyone_sees_the_sections_that_are_theirs(browse, charlie, root):
    assert "/settings/storage/" not in browse(charlie).get("/settings/").text
    assert "/account/" in browse(charlie).get("/settings/").text
    page = browse(root).get("/settings/").text
    assert all(f"/settings/{name}/" in page for name in PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_costs_few_queries(browse, root, name, django_assert_max_num_queries):
    client = browse(root)
    with django_assert_max_num_queries(10):
        assert client.get(f"/settings/{name}/").status_code == 200


def test_an_admin_sets_name_logo_and_whom_to_ask_and_takes_the_logo_away(browse, root):
    client = browse(root)
    sent = SET | {"name": "한빛중학교", "contact": "031-000-0000", "new_logo": a_logo(), "year_begins": "9"}
    assert client.post("/settings/site/", sent).status_code == 302
    site = site_settings()
    assert (site.name, site.year_begins, site.changed_by, bool(site.logo)) == ("한빛중학교", 9, root, True)
    assert "031-000-0000" in browse().get("/privacy/").text
    client.post("/settings/site/", SET | {"name": "한빛중학교", "no_logo": "on"})
    assert not site_settings().logo


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"new_logo": SimpleUploadedFile("a.svg", b"<svg/>")}, "not a picture"),
        ({"guardian_age": "90"}, "less than or equal to 20"),
        ({"year_begins": "13"}, "13 is not one of the available choices"),
    ],
)
def test_what_is_refused_is_said_and_nothing_of_it_shows(browse, root, wrong, sentence):
    answer = browse(root).post("/settings/site/", SET | {"name": "Other"} | wrong)
    assert sentence in answer.text
    assert "· Nunbit</title>" in answer.text
    assert site_settings().name == ""


def test_days_are_set_and_out_of_range_refused(browse, root):
    days = {"trash_days": "7", "log_days": "365", "sign_in_days": "30", "photo_days": "2"}
    assert (
        "greater than or equal to 1"
        in browse(root).post("/settings/retention/", days | {"trash_days": "0"}).text
    )
    assert browse(root).post("/settings/retention/", days).status_code == 302
    assert site_settings().trash_days == 7
    assert "7 days more in the trash" in browse().get("/privacy/").text


def test_old_sign_ins_and_photos_go_after_the_days_that_are_set(root):
    for days in (1, 5):
        row = AccessLog.objects.create(username="root", ip_address="192.0.2.7")
        AccessLog.objects.filter(pk=row.pk).update(attempt_time=timezone.now() - timedelta(days=days))
    change_site(by=root, sign_in_days=3, photo_days=3)
    upkeep.forget_sign_ins()
    assert AccessLog.objects.count() == 1
    photo = a_film(root).photo
    photo.file.save("face.jpg", ContentFile(b"of a face"))
    Photo.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert forget_photos() == 0
    change_site(by=root, photo_days=1)
    assert forget_photos() == 1


def test_without_a_mail_server_the_page_says_how_to_have_one(browse, root):
    page = browse(root).get("/settings/mail/").text
    assert "EMAIL_URL=" in page and "<form" in page and "Send a test" not in page


def test_a_test_goes_to_the_admin_and_a_refusal_is_told_in_the_servers_words(
    browse, root, settings, mailoutbox, monkeypatch
):
    settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "mail.example.org", "of-the-server"
    change_site(by=root, name="Hanbit")
    client = browse(root)
    assert "of-the-server" not in client.get("/settings/mail/").text
    client.post("/settings/mail/", {"address": "root@example.org"})
    assert (mailoutbox[0].to, mailoutbox[0].subject) == (["root@example.org"], "Hanbit: a test")

    def refuses(*_args: object) -> None:
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong password")

    monkeypatch.setattr("web.mail.send_mail", refuses)
    assert "5.7.8 Wrong password" in client.post("/settings/mail/", {"address": "root@example.org"}).text


def test_storage_is_told_by_part_by_person_and_as_counted(browse, root, alice):
    Job.objects.create(owner=alice, task="grading.read_scan", size=3_000_000)
    default_storage.save("pictures/2026/11/a.jpg", ContentFile(b"x" * 2_000))
    client = browse(root)
    page = client.get("/settings/storage/").text
    assert "alice" in page and "2.9\xa0MB" in page and "Grading" in page
    assert "has not done so yet" in page
    upkeep.count_files()
    page = client.get("/settings/storage/").text
    assert "pictures" in page and "2.0\xa0KB" in page and "Counted" in page


def test_health_tells_of_queues_workers_and_failures(browse, root, alice):
    now = timezone.now()
    for seconds in (1, 2, 90):
        begun = now - timedelta(minutes=5)
        asked = begun - timedelta(seconds=seconds)
        Job.objects.create(
            owner=alice, task="digits.read", queue=Queue.QUICK, status=Status.DONE, attempt=1,
            created_at=asked, started_at=begun, ended_at=begun,
        )  # fmt: skip
    Job.objects.create(owner=alice, task="grading.read_scan", created_at=now - timedelta(minutes=7))
    Job.objects.create(owner=alice, task="digits.read", status=Status.FAILED, ended_at=now)
    work, quick = queue_states(open_jobs(), recent_jobs())
    assert (work.waiting, work.oldest_at, work.median) == (1, now - timedelta(minutes=7), None)
    assert (quick.running, quick.median, quick.longest) == (0, 2.0, 90.0)
    Worker.objects.create(host="elsewhere", pid=7, queues=["work"])
    part = browse(root).get("/settings/health/", headers={"HX-Request": "true"}).text
    assert "Read handwritten digits: 1" in part and "elsewhere" in part and "alive" in part
    assert "No worker serves: quick" in part
    assert "<html" not in part and 'hx-trigger="every 5s"' in part


def test_an_idle_site_has_empty_queues(db):
    assert all(
        (state.waiting, state.oldest_at, state.running, state.median) == (0, None, 0, None)
        for state in queue_states(open_jobs(), recent_jobs())
        if isinstance(state, QueueState)
    )


def test_programs_of_admins_read_and_change_the_settings(call, root, alice):
    told = call(root).get("/api/settings/").json()
    assert (told["registration"], told["trash_days"], told["logo"]) == ("closed", 30, None)
    changed = (
        call(root).patch("/api/settings/", {"name": "Hanbit", "logo": a_logo()}, format="multipart").json()
    )
    assert changed["name"] == "Hanbit" and "/site/logo/?" in changed["logo"]
    assert call(root).patch("/api/settings/", {"logo": None}, format="json").json()["logo"] is None
    refused = call(root).patch("/api/settings/", {"trash_days": 0, "name": "X"}, format="json")
    assert (refused.status_code, SiteSettings.objects.get().name) == (400, "Hanbit")
    assert call(alice).patch("/api/settings/", {"name": "Mine"}, format="json").status_code == 403
