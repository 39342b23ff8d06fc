"""Wrong settings end in one sentence each, wherever the site is started."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import environment
from jobs.listening import why_not

SECRET = "x" * 32
WRONG = [
    (lambda: environment.read_int("PORT", 8000, 1, 65535), "PORT", ["abc", "99999", "0", "-1", "9" * 5000]),
    (lambda: environment.read_int("WORKER_THREADS", 2, 1, 64), "WORKER_THREADS", ["-3", "x", "0", "1.5"]),
    (lambda: environment.read_int("JOB_LEASE_SECONDS", 30, 3, 3600), "JOB_LEASE_SECONDS", ["0", "soon"]),
    (
        lambda: environment.read_time_zone("Asia/Seoul"),
        "TIME_ZONE",
        ["Mars", "../etc/passwd", "Asia", "a\tb"],
    ),
    (lambda: environment.read_bool("BEHIND_TLS", False), "BEHIND_TLS", ["perhaps", "2"]),
    (
        lambda: environment.read_redis(),
        "REDIS_URL",
        ["foo://", "redis://", "localhost:6379", "redis://h:port"],
    ),
    (environment.read_log_level, "LOG_LEVEL", ["loud", "11"]),
    (
        environment.read_oidc,
        "OIDC_ISSUER",
        ["login.school.example", "http://login.school.example", "https://["],
    ),
    (
        lambda: environment.read_database("sqlite:///x"),
        "DATABASE_URL",
        [
            "nonsense",
            "foo://",
            "postgres://",
            "postgres://u:p@h:port/n",
            "postgres://u:p@h/",
            "mysql://h/n",
            "http://[",
        ],
    ),
    (lambda: environment.read_origins("CSRF_TRUSTED_ORIGINS"), "CSRF_TRUSTED_ORIGINS", ["school.example"]),
    (
        lambda: environment.read_folder("DATA_DIR", Path("x")),
        "DATA_DIR",
        ["/proc/nunbit", "/etc/hostname", "/etc/hostname/x"],
    ),
]


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        pytest.param(read, name, value, id=f"{name}={value[:20]}")
        for read, name, values in WRONG
        for value in values
    ],
)
def test_a_wrong_setting_ends_in_a_sentence_that_names_it(read, name, value, monkeypatch, capsys):
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        read()
    said = capsys.readouterr().err
    assert ended.value.code == 3
    assert said.startswith("Nunbit cannot start. ") and name in said and said.count("\n") == 1
    assert len(said) < 300


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL"])
def test_what_may_hold_a_password_is_not_repeated(name, monkeypatch, capsys):
    monkeypatch.setenv(name, "wrong://user:pass-word@host/name")
    with pytest.raises(SystemExit):
        environment.read_database("sqlite:///x") if name == "DATABASE_URL" else environment.read_redis()
    assert "pass-word" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("key", "is_shared", "is_public", "is_taken"),
    [
        (SECRET, True, True, True),
        ("short", False, False, True),
        ("", False, True, True),  # this machine makes a long one
        ("short", True, False, False),
        ("short", False, True, False),
        ("", True, False, False),
    ],
)
def test_a_short_secret_is_for_one_machine_alone(key, is_shared, is_public, is_taken, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", key)
    if is_taken:
        assert environment.read_secret_key(is_shared=is_shared, is_public=is_public) == key
    else:
        with pytest.raises(SystemExit):
            environment.read_secret_key(is_shared=is_shared, is_public=is_public)


@pytest.mark.parametrize(
    "command",
    [["manage.py", "up"], ["-m", "gunicorn", "config.wsgi"], ["-m", "celery", "-A", "config", "worker"]],
    ids=["manage.py", "gunicorn", "celery"],
)
def test_whatever_is_started_says_it_without_a_traceback_and_ends(command, tmp_path):
    wrong = os.environ | {
        "TIME_ZONE": "Mars",
        "DATA_DIR": str(tmp_path),
        "GUNICORN_CMD_ARGS": "--bind=127.0.0.1:0",
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=settings.BASE_DIR, env=wrong, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert done.stderr.count("Nunbit cannot start. TIME_ZONE is 'Mars'") == 1
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.EADDRINUSE, "Port 80 is taken"),
        (errno.EACCES, "Port 80 is for root"),
        (errno.EADDRNOTAVAIL, "HOST=192.0.2.1 is not an address of this machine"),
        (errno.ENOBUFS, "No buffer space"),
    ],
)
def test_a_port_is_called_taken_only_where_it_is(number, says):
    assert says in why_not(OSError(number, os.strerror(number)), "192.0.2.1", 80)
