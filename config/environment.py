"""Settings read from the environment, each checked: what is wrong ends the process with one sentence, not a traceback.

Secrets may stand in addresses (DATABASE_URL, REDIS_URL): their values are never repeated.
"""

import logging
import os
import sys
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

# gunicorn's own status of a worker that cannot start: it stops, where any other makes it start one after the other
CANNOT_START = 3
YES, NO = {"true", "yes", "on", "1", "y", "t", "ok"}, {"false", "no", "off", "0", "n", "f", ""}
SHORTEST_SECRET = 32  # letters
SHORTEST_TOKEN = 20
OIDC = ("OIDC_NAME", "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")


def refuse(sentence: str) -> NoReturn:
    """Ends the process: manage.py, gunicorn and Celery alike show the sentence and nothing else."""
    sys.stderr.write(f"Nunbit cannot start. {sentence}\n")
    sys.exit(CANNOT_START)


def read_bool(name: str, default: bool) -> bool:
    value = env.str(name, default=str(default)).strip().lower()
    if value not in YES | NO:
        refuse(f"{name} is {value!r}: set it to true or false.")
    return value in YES


def read_int(name: str, default: int, least: int, most: int) -> int:
    """Docker Compose hands on what is unset as an empty text, so that one is the default, too."""
    value = env.str(name, default="").strip() or str(default)
    try:
        number = int(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        refuse(f"{name} is {value[:40]!r}: set it to a whole number from {least} to {most}.")
    return number


def read_choice(name: str, default: str, choices: list[str]) -> str:
    value = env.str(name, default="").strip().upper() or default
    if value not in choices:
        refuse(f"{name} is {value[:40]!r}: set it to one of {', '.join(choices)}.")
    return value


def read_log_level() -> str:
    return read_choice("LOG_LEVEL", "INFO", [*logging.getLevelNamesMapping()])


def read_log_format() -> str:
    return read_choice("LOG_FORMAT", "LINES", ["LINES", "JSON"])


def read_time_zone(default: str) -> str:
    value = env.str("TIME_ZONE", default="").strip() or default
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # the last one where it is a folder: "Asia"
        refuse(f"TIME_ZONE is {value[:40]!r}, which is no time zone: set it to a name such as {default}.")
    return value


def read_folder(name: str, default: Path) -> Path:
    """The folder, made where it is missing."""
    folder = Path(env.str(name, default="") or default).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"{name} is {str(folder)!r}, which cannot be made: {error.strerror}.")
    if not os.access(folder, os.W_OK | os.X_OK):
        refuse(
            f"{name} is {str(folder)!r}, where this user may not write: change its owner, or choose another."
        )
    return folder


def read_database(default: str) -> dict[str, Any]:
    """What Django calls a database, of a URL."""
    hint = "set it to postgres://user:password@host/name, or leave it out for SQLite in DATA_DIR"
    url = env.str("DATABASE_URL", default="") or default
    try:
        kind = env.DB_SCHEMES.get(urlsplit(url).scheme, "")
        # What it does not know it would print, with the password
        database: dict[str, Any] = env.db_url_config(url) if kind.endswith(("sqlite3", ".postgresql")) else {}
    except (ImproperlyConfigured, ValueError):
        database = {}
    if not database.get("NAME"):
        refuse(f"DATABASE_URL is not the address of a PostgreSQL or SQLite database: {hint}.")
    return database


def read_redis() -> str:
    """Its URL, empty where there is none."""
    url = env.str("REDIS_URL", default="").strip()
    try:
        is_right = not url or (urlsplit(url).scheme in ("redis", "rediss") and bool(urlsplit(url).hostname))
        _port = urlsplit(url).port
    except ValueError:  # its port is no number
        is_right = False
    if not is_right:
        refuse("REDIS_URL is not the address of a Redis: set it to redis://host:6379/0, or leave it out.")
    return url


def read_mail() -> dict[str, Any]:
    """Django's settings of the server that sends mail; no host where there is none."""
    url = env.str("EMAIL_URL", default="").strip()
    try:
        scheme, is_right = urlsplit(url).scheme, bool(urlsplit(url).hostname and urlsplit(url).port)
    except ValueError:  # its port is no number
        scheme, is_right = "", False
    if not url:
        return {"EMAIL_HOST": ""}
    if scheme not in ("smtp", "smtp+tls", "smtp+ssl") or not is_right:
        refuse("EMAIL_URL is no mail server: set it to smtp+tls://user:password@host:587, or leave it out.")
    read: dict[str, Any] = env.email_url_config(url)
    return {name: value for name, value in read.items() if name != "EMAIL_FILE_PATH"}


def read_oidc() -> dict[str, str]:
    """The identity provider of the school; all of it is empty where there is none."""
    read = {name: env.str(name, default="").strip() for name in OIDC}
    issuer, *others = (read[name] for name in OIDC[1:])
    if not any(read.values()):
        return read
    if not is_safe_address(issuer):
        refuse(
            "OIDC_ISSUER is no address of an identity provider: set it to https://…, as the provider writes it."
        )
    if not all(others):
        refuse(
            "Set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, as the identity provider of OIDC_ISSUER gave them."
        )
    return read | {"OIDC_NAME": read["OIDC_NAME"] or str(urlsplit(issuer).hostname)}


def is_safe_address(text: str) -> bool:
    """Whether nobody on the way to it can read along."""
    try:
        scheme, host = urlsplit(text).scheme, urlsplit(text).hostname
    except ValueError:
        return False
    return bool(host) and (
        scheme == "https" or (scheme == "http" and host in ("localhost", "127.0.0.1", "::1"))
    )


def read_origins(name: str) -> list[str]:
    origins: list[str] = env.list(name, default=[])
    if wrong := [origin for origin in origins if not origin.startswith(("https://", "http://"))]:
        refuse(f"{name} holds {wrong[0][:80]!r}: begin each with https:// and separate them by commas.")
    return origins


def read_networks(name: str, default: list[str]) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(text.strip(), strict=False) for text in env.list(name, default=default)]
    except ValueError as error:
        refuse(f"{name}: {error}. Write addresses or networks, as in 192.0.2.7,10.0.0.0/8.")


def read_token(name: str) -> str:
    """Empty where none is set."""
    token: str = env.str(name, default="")
    if token and len(token) < SHORTEST_TOKEN:
        refuse(
            f"{name} is shorter than {SHORTEST_TOKEN} characters: take a text of chance (openssl rand -hex 24)."
        )
    return token


def read_secret_key(is_shared: bool, is_public: bool) -> str:
    """Empty where this machine may keep one of its own.

    is_shared: several processes must have the same; is_public: people who do not sit at this machine come.
    """
    key = env.str("SECRET_KEY", default="")
    if not key and is_shared:
        refuse("Set SECRET_KEY: with REDIS_URL several processes must share one.")
    if key and len(key) < SHORTEST_SECRET and (is_shared or is_public):
        refuse(
            f"SECRET_KEY has {len(key)} letters, which can be guessed: set it to at least {SHORTEST_SECRET} of chance."
        )
    return key
