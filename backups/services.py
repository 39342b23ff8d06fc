"""What an administrator does with backups: write one, and bring one back."""

import gzip
import os
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import IO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from backups import files, rows
from backups.archive import (
    FILES,
    FORMAT,
    ROWS,
    ROWS_END,
    SECRET_KEY,
    ArchiveWriter,
    BackupError,
    Manifest,
    members,
    newer,
    open_archive,
    verify_archive,
)

# Bytes on the disk for one of JSON lines: the table, its indexes, SQLite's log of the transaction
ROW_SPACE = 3


def release() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


# --- back up


def back_up(path: Path) -> Manifest:
    """Write everything to a new file, readable by its owner only, while the site runs.

    Raises BackupError, or OSError where the file cannot be written.
    """
    with new_file(path) as out, tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        archive = ArchiveWriter(tar)
        archive.add_bytes(SECRET_KEY, settings.SECRET_KEY.encode())
        with rows.snapshot():
            migrations = rows.applied()
            found = rows.tables(migrations)
            counts, row_bytes = add_rows(archive, found, path.parent)
        # After the rows: what they name is there, unless someone has deleted it since.
        count, file_bytes = add_files(archive, found)
        manifest = Manifest(
            format=FORMAT,
            release=release(),
            made_at=timezone.now().isoformat(timespec="seconds"),
            database=connection.vendor,
            migrations=migrations,
            tables=counts,
            row_bytes=row_bytes,
            files=count,
            file_bytes=file_bytes,
        )
        archive.close(manifest)
    note_backup(manifest)
    return manifest


def note_of_backup() -> Path:
    return Path(settings.DATA_DIR) / "last_backup"


def note_backup(manifest: Manifest) -> None:
    """When it was made, beside the site: the file itself goes elsewhere."""
    with suppress(OSError):  # the backup is what counts
        note_of_backup().write_text(manifest.made_at)


def last_backup() -> datetime | None:
    """When the last one of this site was made, as far as it knows."""
    try:
        return datetime.fromisoformat(note_of_backup().read_text())
    except (OSError, ValueError):
        return None


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Has its name only once it is complete. Raises BackupError where that is taken or among what is backed up."""
    if path.exists():
        raise BackupError(f"{path} exists: choose another name.")
    if Path(settings.MEDIA_ROOT).resolve() in path.resolve().parents:
        raise BackupError(f"{path} lies among the files of the site: choose a folder outside.")
    partial = path.with_name(f"{path.name}.part")
    try:
        number = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BackupError(
            f"{partial} is there: another backup is being written, or one was stopped. Then delete it."
        ) from None
    try:
        with os.fdopen(number, "wb") as out:
            yield out
            os.fsync(number)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def add_rows(archive: ArchiveWriter, found: list[rows.Table], folder: Path) -> tuple[dict[str, int], int]:
    """Label → rows, and their bytes. A tar wants sizes first, so each table is compressed into `folder` before."""
    counts, row_bytes = {}, 0
    for table in found:
        with tempfile.TemporaryFile(dir=folder) as space:
            with gzip.open(space, "wb", compresslevel=6) as out:
                counts[table._meta.label_lower] = rows.dump_table(table, out)
                row_bytes += out.tell()
            size = space.tell()
            space.seek(0)
            archive.add(f"{ROWS}{table._meta.label_lower}{ROWS_END}", space, size)
    return counts, row_bytes


def add_files(archive: ArchiveWriter, found: list[rows.Table]) -> tuple[int, int]:
    """How many, and their bytes. Raises BackupError where one vanished that a row still names."""
    sizes: list[int] = []

    def add(name: str, content: IO[bytes], size: int) -> None:
        archive.add(FILES + name, content, size)
        sizes.append(size)

    for name in files.copy_all(add):
        if rows.is_named(name, found):
            raise BackupError(
                f"{name} vanished from the storage while a row names it: look why, then try again."
            )
    return len(sizes), sum(sizes)


# --- restore


def restore(path: Path) -> Manifest:
    """Bring back a site into an empty database and storage: all of it, or nothing.

    Raises BackupError, or OSError where a file cannot be read or written.
    """
    manifest = verify_archive(path)
    check_release(manifest)
    is_new = check_database(manifest)
    is_sqlite = connection.vendor == "sqlite"
    files.check_disk_space(
        file_bytes=manifest.file_bytes, row_bytes=manifest.row_bytes * ROW_SPACE if is_sqlite else 0
    )
    if is_new:
        rows.make_tables(manifest.migrations)
    found = {table._meta.label_lower: table for table in rows.tables(manifest.migrations)}
    with unless_it_fails() as written, transaction.atomic(), open_archive(path) as tar:
        rows.flush_tables(list(found.values()))
        for name, content in members(tar):
            put_member(name, content, found, written)
        check_links()
        rows.set_sequences(list(found.values()))
    call_command("migrate", verbosity=0)  # where this release is a later one
    return manifest


def check_release(manifest: Manifest) -> None:
    """Raises BackupError where a newer one made the archive."""
    if rows.unknown(manifest.migrations) or version_numbers(manifest.release) > version_numbers(release()):
        raise BackupError(newer(manifest.release))


def version_numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]


def check_database(manifest: Manifest) -> bool:
    """Whether it has no tables yet. Raises BackupError where it is in use."""
    if not connection.introspection.table_names():
        return True
    if rows.applied() != manifest.migrations:
        raise BackupError(
            "The database holds tables, and not those of the backup: restore into an empty one "
            "(without PostgreSQL: into an empty DATA_DIR)."
        )
    people = get_user_model()._base_manager.count()
    if people:
        raise BackupError(
            f"The database is in use: it knows {people} users. Restore into an empty one "
            "(without PostgreSQL: into an empty DATA_DIR)."
        )
    return False


@contextmanager
def unless_it_fails() -> Iterator[list[str]]:
    """Names of files that are written inside; they go again where it ends with an exception."""
    written: list[str] = []
    try:
        yield written
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise


def put_member(name: str, content: BufferedReader, found: dict[str, rows.Table], written: list[str]) -> None:
    if name.startswith(FILES):
        if files.put_file(name.removeprefix(FILES), content):
            written.append(name.removeprefix(FILES))
    elif name.startswith(ROWS):
        put_rows(name.removeprefix(ROWS).removesuffix(ROWS_END), content, found)
    elif name == SECRET_KEY:
        put_secret_key(content.read().decode())


def put_rows(label: str, content: IO[bytes], found: dict[str, rows.Table]) -> None:
    if label not in found:
        raise BackupError(f"The archive holds rows of {label}, which its release did not have.")
    try:
        with gzip.open(content) as lines:
            rows.load_table(found[label], lines)
    except rows.UNFIT as problem:
        raise BackupError(f"The database does not take the rows of {label}: {problem}") from problem


def check_links() -> None:
    """Raises BackupError where a row names another one that is not there."""
    try:
        connection.check_constraints()
    except DatabaseError as problem:
        raise BackupError(f"The rows of the archive do not belong together: {problem}") from problem


def put_secret_key(key: str) -> None:
    """For this machine, where its environment does not name one."""
    if not os.environ.get("SECRET_KEY"):
        path = Path(settings.DATA_DIR) / "secret_key"
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        path.write_text(key)
