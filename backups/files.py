"""The files of the default storage, wherever it is."""

import shutil
from collections.abc import Callable, Iterator
from hashlib import file_digest
from io import BufferedReader
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

from backups.archive import BackupError


def names(folder: str = "") -> Iterator[str]:
    """Of all of them; a folder that is gone by now holds none."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    within = f"{folder}/" if folder else ""
    yield from (within + name for name in sorted(files))
    for name in sorted(folders):
        yield from names(within + name)


def copy_all(add: Callable[[str, IO[bytes], int], None]) -> list[str]:
    """Hand each to `add` with its size; returns the names of those that vanished meanwhile."""
    vanished = [name for name in names() if not copied(name, add)]
    return [name for name in vanished if not copied(name, add)]  # some were only replaced


def copied(name: str, add: Callable[[str, IO[bytes], int], None]) -> bool:
    try:
        with default_storage.open(name) as file:
            add(name, file, file.size)
    except FileNotFoundError:
        return False
    return True


def put_file(name: str, content: BufferedReader) -> bool:
    """Keep it under this name; False where it lies there already. Raises BackupError where something else does."""
    if default_storage.exists(name):
        if not has_same_content(name, content):
            raise BackupError(f"The storage holds another file {name}: restore into an empty one.")
        return False
    if default_storage.save(name, File(content)) != name:
        raise BackupError(f"The storage does not take a file called {name}.")
    return True


def has_same_content(name: str, content: BufferedReader) -> bool:
    with default_storage.open(name) as file:
        same = file_digest(file, "sha256").digest() == file_digest(content, "sha256").digest()
    content.seek(0)
    return same


def check_disk_space(*, file_bytes: int, row_bytes: int) -> None:
    """Raises BackupError where the disk of the site has not enough left; other machines' disks are not looked at."""
    needed = file_bytes if isinstance(default_storage, FileSystemStorage) else 0
    free = shutil.disk_usage(settings.DATA_DIR).free
    if needed + row_bytes > free:
        raise BackupError(
            f"The backup needs {(needed + row_bytes) / 1e9:.1f} GB in {settings.DATA_DIR}, {free / 1e9:.1f} GB are "
            "free: make room, or set DATA_DIR to a folder on a larger disk."
        )
