"""Files that nobody will ask for: of requests and processes that ended before they had put them away."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path, PurePosixPath

from celery import shared_task
from django.apps import apps
from django.conf import settings
from django.core.files.storage import Storage, default_storage
from django.db.models import FileField
from django.utils import timezone

from web.files import Folders, delete_folder, original_of

log = logging.getLogger(__name__)

UNFINISHED_SECONDS = 3600  # no request and no export writes for that long
ORPHAN_AGE = timedelta(days=1)  # whoever stores a file commits its row sooner


@shared_task(name="jobs.remove_leftovers")
def remove_leftovers() -> None:
    remove_unfinished(UNFINISHED_SECONDS)
    remove_orphans()
    remove_folders()


def remove_unfinished(seconds: float = 0) -> None:
    """Uploads that were being received, and networks that were being written, when nothing was added for so long."""
    folders = [(Path(settings.FILE_UPLOAD_TEMP_DIR), "*"), (Path(settings.MODEL_CACHE_DIR), "**/*.part")]
    for path in (path for folder, pattern in folders for path in folder.glob(pattern)):
        try:
            if time.time() - path.stat().st_mtime >= seconds:
                path.unlink()
        except OSError:  # whose it is was faster
            continue


def remove_orphans() -> None:
    """Stored for a row that was then not committed."""
    fields = [
        field for model in apps.get_models() for field in model._meta.fields if isinstance(field, FileField)
    ]
    long_ago = timezone.now() - ORPHAN_AGE
    folders = {str(field.upload_to).partition("/%")[0] for field in fields}
    stored = {
        name for folder in folders for name in names_in(folder)
    }  # asked before the rows, which name newer ones
    for field in fields:
        rows = field.model._base_manager.exclude(**{field.name: ""}).order_by()
        stored.difference_update(rows.values_list(field.name, flat=True).iterator())
    copies = {
        name
        for name in stored
        if original_of(name) not in stored and default_storage.exists(original_of(name))
    }
    for name in stored - copies:
        if default_storage.exists(name) and default_storage.get_modified_time(name) < long_ago:
            log.info("%s belongs to no row and is removed.", name)
            default_storage.delete(name)


def remove_folders() -> None:
    """Of rows that were deleted while a worker still wrote there, or never committed."""
    for model in apps.get_models():
        folders: Folders | None = getattr(model, "FOLDERS", None)
        if folders is None:
            continue
        found = folders_at(folders.storage, f"{folders.place}/*")  # asked before the rows, which are older
        keys = {str(key) for key in model._base_manager.order_by().values_list("pk", flat=True)}
        for folder in (one for one in found if PurePosixPath(one).name not in keys):
            if not (folders.is_first and is_young(folder)):
                log.info("The folder %s belongs to no row and is removed.", folder)
                delete_folder(folder, folders.storage)


def folders_at(storage: Storage, pattern: str) -> list[str]:
    found = [""]
    for part in pattern.split("/"):
        inside = [(folder, name) for folder in found for name in subfolders(storage, folder)]
        found = [f"{folder}/{name}".lstrip("/") for folder, name in inside if part in ("*", name)]
    return found


def subfolders(storage: Storage, folder: str) -> list[str]:
    try:
        return storage.listdir(folder)[0]
    except FileNotFoundError:
        return []


def is_young(folder: str) -> bool:
    """Whether its row may still come."""
    times = [default_storage.get_modified_time(name) for name in names_in(folder)]
    return not times or max(times) >= timezone.now() - ORPHAN_AGE


def names_in(folder: str) -> Iterator[str]:
    """Of all files below."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}" for name in files)
    for name in folders:
        yield from names_in(f"{folder}/{name}")
