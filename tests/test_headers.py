"""What every answer tells browsers about itself, and how the site stands behind TLS."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse

from config.headers import CAMERA_PAGES
from grading.services import create_exam

TEMPLATES = Path(settings.BASE_DIR, "templates")

CSP = "Content-Security-Policy"
POLICY = frozenset(
    {
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    }
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DEPLOYED = {"BEHIND_TLS": "true", "ALLOWED_HOSTS": "nunbit.example.org", "SECRET_KEY": "of-tests-alone-" * 4}
ASK = """
import django; django.setup()
from django.test import Client
client = Client()
for answer in (
    client.get("/account/login/", HTTP_HOST="nunbit.example.org"),
    client.get("/account/login/", HTTP_HOST="nunbit.example.org", HTTP_X_FORWARDED_PROTO="https"),
    client.get("/healthz", HTTP_HOST="nunbit.example.org"),
):
    print(answer.status_code, dict(answer.headers), answer.cookies.output())
"""


def missing_headers(answer: HttpResponse) -> list[str]:
    """What a browser is not told by it and should be; tests/test_permissions.py asks this of every address."""
    told = {name: answer.headers.get(name) for name in ALWAYS}
    told[CSP] = frozenset(answer.headers.get(CSP, "").split("; "))
    permissions = answer.headers.get("Permissions-Policy", "")
    missing = [name for name, value in (ALWAYS | {CSP: POLICY}).items() if told[name] != value]
    return missing if "microphone=()" in permissions else [*missing, "Permissions-Policy"]


@pytest.mark.django_db
def test_only_pages_that_film_may_use_the_camera(browse, alice):
    client = browse(alice)
    exam = create_exam(owner=alice, title="Midterm", language="en", items=[{"number": 1, "kind": "ox"}])
    policies = {
        url: client.get(url)["Permissions-Policy"]
        for url in ("/", "/digits/", "/pictures/", f"/exams/{exam.pk}/camera/", f"/exams/{exam.pk}/scans/")
    }
    assert {url for url, policy in policies.items() if "camera=(self)" in policy} == {
        "/digits/",
        "/pictures/",
        f"/exams/{exam.pk}/camera/",
    }
    assert all("camera=(" in policy for policy in policies.values())


def test_every_page_that_has_a_camera_may_use_it():
    """By the scripts that ask for one, and the templates that load these."""
    scripts = {"digits/digits.js", "classifier/asking.js", "classifier/teaching.js", "grading/camera.js"}
    loading = {
        page.relative_to(TEMPLATES).with_suffix("").as_posix().replace("/", ":")
        for page in TEMPLATES.rglob("*.html")
        if any(script in page.read_text() for script in scripts)
    }
    assert loading == set(CAMERA_PAGES)


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/nowhere", "/admin/login/", "/api/nowhere/"])
def test_pages_of_errors_and_the_administration_have_all_headers(browse, url):
    assert missing_headers(browse().get(url)) == []


def test_static_files_have_the_policy_too(browse):
    answer = browse().get("/static/eye.svg")
    assert [
        name for name in missing_headers(answer) if name != "X-Frame-Options"
    ] == []  # they are not Django's


def test_no_template_has_a_style_or_a_script_of_its_own():
    inline = (" style=", "<style", "<script>", " onclick=", " onload=", " onchange=", "javascript:", "hx-on")
    found = [
        (page.name, part)
        for page in Path(settings.BASE_DIR, "templates").rglob("*.html")
        for part in inline
        if part in page.read_text()
    ]
    assert found == []


def deployed(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=os.environ | DEPLOYED | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
    )


def test_the_deploy_check_finds_nothing_behind_tls(tmp_path):
    done = deployed("manage.py", "check", "--deploy", "--fail-level", "WARNING", folder=tmp_path)
    assert done.returncode == 0, done.stderr


def test_behind_tls_everything_is_https_but_what_machines_ask(tmp_path):
    done = deployed("-c", ASK, folder=tmp_path)
    redirected, page, health = done.stdout.splitlines()
    assert redirected.startswith("301") and "'https://nunbit.example.org/account/login/'" in redirected
    assert page.startswith("200") and "max-age=31536000" in page and "upgrade-insecure-requests" in page
    assert "csrftoken=" in page and "Secure" in page and "HttpOnly" in page and "SameSite=Lax" in page
    assert health.startswith("200")


PREFLIGHT = {"Origin": "https://lms.example", "Access-Control-Request-Method": "POST"}


@pytest.mark.django_db
def test_pages_of_other_sites_may_ask_the_api_only_where_they_are_named(browse, settings):
    asked = PREFLIGHT | {"Access-Control-Request-Headers": "authorization, idempotency-key, prefer"}
    assert "Access-Control-Allow-Origin" not in browse().options("/api/exams/", headers=asked).headers
    settings.CORS_ALLOWED_ORIGINS = ["https://lms.example"]
    allowed = browse().options("/api/exams/", headers=asked)
    assert allowed["Access-Control-Allow-Origin"] == "https://lms.example"
    assert {"authorization", "idempotency-key", "prefer"} <= set(
        allowed["Access-Control-Allow-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    for url, origin in (("/exams/", "https://lms.example"), ("/api/exams/", "https://evil.example")):
        assert (
            "Access-Control-Allow-Origin"
            not in browse().options(url, headers=asked | {"Origin": origin}).headers
        )
