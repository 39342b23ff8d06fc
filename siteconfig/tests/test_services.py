"""How the site is set: what an administrator changes holds for all processes, and a page costs no query for it."""

import io
import os
import subprocess
import sys

import pytest
from django.conf import settings as site_settings_of_django
from django.contrib.staticfiles.finders import find
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from PIL import Image

from conftest import database_url
from siteconfig import services
from siteconfig.models import Registration, SiteSettings
from siteconfig.services import change_site, shown_site, site_settings

CHANGE = """
import django
django.setup()
from siteconfig.services import change_site
change_site(by=None, name="Elsewhere")
"""

made = io.BytesIO()
Image.new("RGB", (60, 40), "navy").save(made, "JPEG")
A_PICTURE = made.getvalue()

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_known():
    services.known.clear()
    yield
    services.known.clear()


def logo(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("our logo.JPG", A_PICTURE if content is None else content)


def test_a_new_site_is_closed_and_asks_for_guardians_below_fourteen():
    site = site_settings()
    assert (site.registration, site.guardian_age, site.year_begins) == (Registration.CLOSED, 14, 3)
    assert (site.trash_days, site.log_days, site.photo_days) == (30, 730, 1)
    assert (site.shown_name, site.mail_language) == ("Nunbit", "ko")
    assert not SiteSettings.objects.exists()


def test_asking_again_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [site_settings().trash_days for _ in range(3)] == [30, 30, 30]


def test_what_is_changed_holds_at_once_and_says_who_did_it(root):
    site_settings()
    change_site(by=root, name="한빛중학교", trash_days=7)
    change_site(by=root, language="en")
    site = site_settings()
    assert (site.name, site.trash_days, site.language, site.changed_by) == ("한빛중학교", 7, "en", root)
    assert SiteSettings.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_another_process_changes_holds_at_once(settings):
    assert site_settings().name == ""
    environment = os.environ | {
        "DATA_DIR": str(settings.DATA_DIR),
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    subprocess.run(
        [sys.executable, "-c", CHANGE], cwd=site_settings_of_django.BASE_DIR, env=environment, check=True
    )
    assert site_settings().name == "Elsewhere"


@pytest.mark.parametrize(
    "wrong",
    [{"trash_days": 0}, {"registration": "all"}, {"year_begins": 13}, {"name": "x" * 61}, {"language": "xx"}],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(root, wrong):
    with pytest.raises(ValidationError):
        change_site(by=root, contact="school@example.org", **wrong)
    assert site_settings().contact == ""


def test_without_the_database_pages_show_what_was_read_last(root, monkeypatch):
    change_site(by=root, name="Hanbit")
    assert shown_site().name == "Hanbit"
    monkeypatch.setattr(services, "FRESH_SECONDS", 0)
    site_settings()

    def away(*_args: object, **_more: object) -> None:
        raise OperationalError

    monkeypatch.setattr(SiteSettings.objects, "filter", away)
    assert shown_site().name == "Hanbit"
    services.known.clear()
    assert shown_site().shown_name == "Nunbit"


def test_visitors_see_name_and_logo_and_may_keep_the_file(browse, root):
    change_site(by=root, name="한빛중학교", logo=logo())
    page = browse().get("/account/login/").text
    assert "<b>한빛중학교</b>" in page and "· 한빛중학교</title>" in page
    answer = browse().get("/site/logo/")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "immutable" in answer["Cache-Control"]
    assert site_settings().logo_version in page


def test_a_phone_puts_the_site_on_its_home_screen_under_its_name_with_icons_that_are_there(browse, root):
    change_site(by=root, name="Class 3B")
    answer = browse().get("/manifest.webmanifest")
    told = answer.json()
    assert answer["Content-Type"] == "application/manifest+json"
    assert (told["name"], told["start_url"], told["display"]) == ("Class 3B", "/", "standalone")
    assert [browse(root).get(one["url"]).status_code for one in told["shortcuts"]] == [200, 200, 200]
    for icon in told["icons"]:
        with Image.open(find(icon["src"].removeprefix("/static/"))) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]


def test_another_logo_has_another_address_and_the_old_file_goes(root, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = change_site(by=root, logo=logo())
        storage, name = first.logo.storage, first.logo.name
    with django_capture_on_commit_callbacks(execute=True):
        second = change_site(by=root, logo=logo())
    assert second.logo_version != first.logo_version
    assert not storage.exists(name) and storage.exists(second.logo.name)
    assert not change_site(by=root, logo=None).logo


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload='x()'/>", b"\xff\xd8\xff\xe0" + b"0" * 99, b"%PDF-1.4"]
)
def test_what_is_no_small_whole_picture_is_no_logo(browse, root, content):
    with pytest.raises(ValidationError):
        change_site(by=root, logo=logo(content))
    assert browse().get("/site/logo/").status_code == 404


def test_the_language_of_the_site_is_below_a_persons_choice_and_above_a_browsers(browse, root):
    client = browse()
    assert client.get("/account/login/").headers["Content-Language"] == "en"
    change_site(by=root, language="ko")
    assert client.get("/account/login/").headers["Content-Language"] == "ko"
    client.post("/language/setlang/", {"language": "en", "next": "/"})
    assert client.get("/account/login/").headers["Content-Language"] == "en"


def test_a_program_is_answered_in_the_language_that_it_asks_for(call, root):
    change_site(by=root, language="ko")
    answer = call().get("/api/jobs/", headers={"Authorization": "Bearer none", "Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "en"
