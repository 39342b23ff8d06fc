"""How the site is set, and changing it.

Every page asks, and so does every request of a visitor. So a process keeps what it has read until another one of this
machine has changed it, which the time of a small file tells at a fortieth of a query's price, and for FRESH_SECONDS
where that was another machine.
"""

import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.files import File
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import Verb
from audit.services import record
from siteconfig.logos import checked_kind
from siteconfig.models import ONLY, SiteSettings
from web.files import remove_on_commit

FRESH_SECONDS = 5.0


class Known(NamedTuple):
    row: SiteSettings
    stamp: tuple[Path, int]  # the file that tells of changes, and its time
    until: float


known: list[Known] = []  # what this process has read last, or nothing


def site_settings() -> SiteSettings:
    """As they stand, to be read: `change_site` changes them."""
    stamp, now = stamp_of_changes(), time.monotonic()
    for last in known:
        if last.stamp == stamp and now < last.until:
            return last.row
    row = SiteSettings.objects.filter(pk=ONLY).first() or SiteSettings(pk=ONLY)
    known[:] = [Known(row, stamp, now + FRESH_SECONDS)]
    return row


def shown_site() -> SiteSettings:
    """For what every answer shows, those that say that the database is away among them: then what was read last."""
    try:
        return site_settings()
    except DatabaseError:
        return known[0].row if known else SiteSettings(pk=ONLY)


@transaction.atomic
def change_site(*, by: AbstractUser | None, **fields: object) -> SiteSettings:
    """Sets these fields; `logo` is a file, or None to have none. Raises ValidationError where a value is not allowed.

    Rows that are changed in another way are noticed only after FRESH_SECONDS.
    """
    SiteSettings.objects.get_or_create(pk=ONLY)
    site = SiteSettings.objects.select_for_update().get(pk=ONLY)
    for name in fields.keys() - {"logo"}:
        setattr(site, name, fields[name])
    site.changed_at, site.changed_by_id = timezone.now(), by.pk if by else None
    site.full_clean()
    if "logo" in fields:
        change_logo(site, fields["logo"])
    site.save()
    record(actor=by, verb=Verb.CHANGED, row=site, fields=sorted(fields))
    known.clear()
    transaction.on_commit(tell_of_change)
    return site


def change_logo(site: SiteSettings, file: object) -> None:
    remove_on_commit([site.logo])
    site.logo = ""
    if isinstance(file, File):
        site.logo.save(f"{secrets.token_hex(8)}.{checked_kind(file)}", file, save=False)


def stamp_file() -> Path:
    return Path(settings.DATA_DIR) / "site_settings.changed"


def stamp_of_changes() -> tuple[Path, int]:
    path = stamp_file()
    try:
        return path, path.stat().st_mtime_ns
    except FileNotFoundError:  # nothing was ever changed here
        return path, 0


def tell_of_change() -> None:
    with suppress(OSError):  # a full disk: others notice after FRESH_SECONDS
        stamp_file().touch()
