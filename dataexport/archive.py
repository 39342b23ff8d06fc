"""What is in the file: every row that belongs to somebody, as JSON, and every file of these rows, as it was sent.

rows/<app>.<model>.json    a list of objects; in place of a picture that lies in a row stands the name of its file
files/…                    as they are called in the storage, and those pictures
manifest.json              whose it is, when it was made, how much is in it
"""

import json
from collections import deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db.models import CASCADE, BinaryField, Field, FileField, ForeignKey, Model, QuerySet

from accounts.models import User
from backups.rows import columns, json_line
from jobs.leftovers import names_in
from web.files import Folders

SECRETS = ("password", "digest", "secret", "oidc_digest")  # by which one is known: nobody's to read
PNG = b"\x89PNG"
AT_ONCE = 500  # rows
PIECE = 2**20  # bytes
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the time of members: ZIP knows none earlier
Table = type[Model]
Report = Callable[[float], None]


@cache
def ways_to_owner() -> dict[Table, str]:
    """The tables whose rows go with a person, and by which lookup they lead there: the one that says whose they are,
    else the shortest. (A scan is of whom its exam is, not of whoever sent it.)"""
    ways: dict[Table, str] = {get_user_model(): "pk"}
    for table in apps.get_models():
        if path := getattr(table._default_manager.all(), "path_to_owner", ""):
            ways[table] = path
    left: deque[Table] = deque(ways)
    while left:
        target = left.popleft()
        for table in apps.get_models():
            field = next(
                filter(None, (leads_to(field, target) for field in table._meta.concrete_fields)), None
            )
            if field and table not in ways:
                ways[table] = field.name if ways[target] == "pk" else f"{field.name}__{ways[target]}"
                left.append(table)
    return ways


def leads_to(field: Field, target: Table) -> Field | None:
    is_whole = isinstance(field, ForeignKey) and field.remote_field.on_delete is CASCADE
    return field if is_whole and field.related_model is target else None


def rows_of(table: Table, person: User) -> QuerySet:
    """In the trash, too."""
    rows = table._base_manager.all()
    own = rows.filter(**{ways_to_owner()[table]: person.pk})
    return rows.filter(pk__in=own.values("pk")).order_by("pk")  # each once, where several ways lead there


def write_archive(person: User, out: IO[bytes], report: Report) -> None:
    """report: is called with the share that is done, and may raise."""
    tables = list(ways_to_owner())
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        counts = {}
        for at, table in enumerate(tables):
            counts[table._meta.label_lower] = write_rows(archive, table, person)
            report(0.5 * at / len(tables))
        files = 0
        for files, name in enumerate(files_of(person), 1):  # noqa: B007
            copy_file(archive, name)
            report(0.5 + 0.49 * files / (files + 100))  # how many there are is not known before the end
        for table in tables:
            for name, content in pictures_in(table, person):
                archive.writestr(ZipInfo(name, LONG_AGO), content)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"person": person.username, "made_at": made_at, "rows": counts, "files": files}
        archive.writestr("manifest.json", json.dumps(about, indent=2, ensure_ascii=False))


def write_rows(archive: ZipFile, table: Table, person: User) -> int:
    """How many."""
    names = [field.attname for field in columns(table) if field.name not in SECRETS]
    label, count = table._meta.label_lower, 0
    with archive.open(f"rows/{label}.json", "w", force_zip64=True) as out:
        out.write(b"[\n")
        for count, values in enumerate(rows_of(table, person).values(*names).iterator(AT_ONCE), 1):
            pictures = {
                name: picture_name(label, name, values[table._meta.pk.attname])
                for name, value in values.items()
                if is_picture(value)
            }
            out.write(b"," * (count > 1) + json_line({**values, **pictures}))
        out.write(b"]\n")
    return count


def is_picture(value: object) -> bool:
    return isinstance(value, bytes | memoryview) and bytes(value[:4]) == PNG


def picture_name(label: str, name: str, pk: object) -> str:
    return f"files/rows/{label}/{pk}-{name}.png"


def pictures_in(table: Table, person: User) -> Iterator[tuple[str, bytes]]:
    """Those that lie in rows, as faces do."""
    names = [field.attname for field in columns(table) if isinstance(field, BinaryField)]
    if names:
        for pk, *values in rows_of(table, person).values_list("pk", *names).iterator(AT_ONCE):
            for name, value in zip(names, values, strict=True):
                if is_picture(value):
                    yield picture_name(table._meta.label_lower, name, pk), bytes(value)


def files_of(person: User) -> Iterator[str]:
    """Names in the storage, each once."""
    seen: set[str] = set()
    for table in ways_to_owner():
        for name in named_files(table, person):
            if name not in seen:
                seen.add(name)
                yield name


def named_files(table: Table, person: User) -> Iterator[str]:
    for field in columns(table):
        if isinstance(field, FileField) and table._meta.app_label != "dataexport":
            named = rows_of(table, person).exclude(**{field.name: ""})
            yield from named.values_list(field.name, flat=True).iterator(AT_ONCE)
    folders: Folders | None = getattr(table, "FOLDERS", None)
    if folders and folders.is_stored and "*" not in folders.place:  # others lie within one of these
        for pk in rows_of(table, person).values_list("pk", flat=True):
            yield from names_in(folders.of(pk))


def copy_file(archive: ZipFile, name: str) -> None:
    """Nothing where it is gone by now. Pictures do not get smaller."""
    member = ZipInfo(f"files/{name}", LONG_AGO)
    member.compress_type = ZIP_STORED
    try:
        with default_storage.open(name) as file, archive.open(member, "w", force_zip64=True) as out:
            while piece := file.read(PIECE):
                out.write(piece)
    except FileNotFoundError:
        return
