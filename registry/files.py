"""The files of versions that did not come with the repository: in the storage, from where each machine fetches them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from registry.models import ModelVersion


def path_of(sha256: str, name: str) -> str:
    return f"models/{sha256}/{name}"


def store(*, sha256: str, files: Mapping[str, bytes]) -> None:
    """Keeps files by their names; what an earlier attempt left under the same hash is replaced."""
    for name, content in files.items():
        path = path_of(sha256, name)
        default_storage.delete(path)
        default_storage.save(path, ContentFile(content))


def open_file(version: ModelVersion, name: str) -> File:
    """Raises FileNotFoundError where it has no such file."""
    return default_storage.open(path_of(version.sha256, name))


def fetch(version: ModelVersion, name: str) -> Path:
    """The folder on this machine that holds that file of the version."""
    local = version.folder / name
    if not local.exists():
        local.parent.mkdir(parents=True, exist_ok=True)
        partial = local.with_suffix(".part")
        with open_file(version, name) as file:
            partial.write_bytes(file.read())
        partial.replace(local)
    return local.parent


def remove(versions: Iterable[ModelVersion]) -> None:
    for version in versions:
        folder = path_of(version.sha256, "").rstrip("/")
        names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else ()
        for name in names:
            default_storage.delete(f"{folder}/{name}")
