"""To whom the site tells how it stands."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError

TOKEN = "of-the-one-who-watches-7"
ELSEWHERE = {"REMOTE_ADDR": "203.0.113.9"}

pytestmark = pytest.mark.django_db


def test_strangers_get_no_metrics_and_only_the_verdict(browse, charlie):
    for client in (browse(), browse(charlie)):
        assert client.get("/metrics", **ELSEWHERE).status_code == 404
        answer = client.get("/readyz", **ELSEWHERE)
        assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})


def test_this_machine_gets_both(browse):
    assert "django_http_requests_total" in browse().get("/metrics").text
    assert "silent" in browse().get("/readyz").json()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto"])
def test_who_comes_through_a_proxy_on_this_machine_is_a_stranger(browse, header):
    assert browse().get("/metrics", headers={header: "203.0.113.9"}).status_code == 404


def test_who_comes_through_a_socket_is_a_stranger(browse):
    assert browse().get("/metrics", REMOTE_ADDR="").status_code == 404


def test_the_token_opens_from_anywhere_and_then_being_local_is_not_enough(browse, settings):
    settings.METRICS_TOKEN = TOKEN
    said = {
        key: browse().get("/metrics", headers={"Authorization": f"Bearer {key}"}, **ELSEWHERE).status_code
        for key in (TOKEN, TOKEN[:-1], "")
    }
    assert said == {TOKEN: 200, TOKEN[:-1]: 404, "": 404}
    assert browse().get("/metrics").status_code == 404
    assert browse().get("/readyz").json() == {"status": "not ready"}


def test_an_admin_sees_both_from_anywhere(browse, root, settings):
    settings.METRICS_TOKEN = TOKEN
    assert browse(root).get("/metrics", **ELSEWHERE).status_code == 200
    assert "silent" in browse(root).get("/readyz", **ELSEWHERE).json()


def test_where_the_database_is_away_a_stranger_is_told_that_it_is_not_ready(browse, root, monkeypatch):
    client = browse(root)
    monkeypatch.setattr("jobs.health.has_database", lambda: False)

    def away(*_args: object) -> None:
        raise OperationalError

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", away)
    answer = client.get("/readyz", **ELSEWHERE)
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})


def test_a_short_token_stops_the_start_with_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=site_settings.BASE_DIR,
        env=os.environ | {"METRICS_TOKEN": "short", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert "METRICS_TOKEN is shorter than 20 characters" in done.stderr.splitlines()[-1]
