"""The files of versions that did not come with the repository: in the storage, from where each machine fetches them."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage

from packaged.packages import module_folder
from registry.models import BUILT_IN, ModelVersion
from web.files import delete_folder

log = logging.getLogger(__name__)


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


def weights_folder(version: ModelVersion) -> Path:
    """The folder on this machine with `<name>.safetensors`; those that a Python package holds are found by the card."""
    if not version.is_built_in:
        return fetch(version, weights_name(version))
    store_copy(version)
    return version.folder


def store_copy(version: ModelVersion) -> None:
    """What came with the repository and answers lies in the storage, too: the next release may come without it."""
    local = version.folder / weights_name(version)
    path = path_of(version.sha256, local.name)
    if not local.exists():  # a Python package holds it
        return
    try:
        if not default_storage.exists(path) or default_storage.size(path) < local.stat().st_size:
            store(sha256=version.sha256, files={local.name: local.read_bytes()})
    except OSError as problem:
        log.warning("%s answers, but its weights could not be kept in the storage: %s", version, problem)


def weights_name(version: ModelVersion) -> str:
    return f"{version.name}.safetensors"


def is_readable(version: ModelVersion) -> bool:
    """Whether its weights are still there."""
    if version.is_built_in:
        return bool(version.card.get("packaged")) or (BUILT_IN / weights_name(version)).exists()
    return default_storage.exists(path_of(version.sha256, weights_name(version)))


def size(version: ModelVersion) -> int | None:
    """Bytes of its weights; None where they are gone, or were in a package that is not installed here."""
    try:
        if version.is_built_in:
            return built_in_file(version).stat().st_size
        return default_storage.size(path_of(version.sha256, weights_name(version)))
    except FileNotFoundError:
        return None


def open_weights(version: ModelVersion) -> tuple[str, BinaryIO | File]:
    """What the file is called, and it. Raises FileNotFoundError where it is gone."""
    if version.is_built_in:
        path = built_in_file(version)
        return path.name, path.open("rb")
    name = weights_name(version)
    return name, open_file(version, name)


def built_in_file(version: ModelVersion) -> Path:
    """In the repository, or in the Python package that its card names. Raises FileNotFoundError where that is not
    installed."""
    if not version.card.get("packaged"):
        return BUILT_IN / weights_name(version)
    module, _, inside = version.card["packaged"].partition("/")
    folder = module_folder(module)
    if folder is None:
        raise FileNotFoundError(module)
    return folder / inside


def remove(versions: Iterable[ModelVersion]) -> None:
    for version in versions:
        folder = path_of(version.sha256, "").rstrip("/")
        names = default_storage.listdir(folder)[1] if default_storage.exists(folder) else ()
        for name in names:
            default_storage.delete(f"{folder}/{name}")


def remove_unknown(sha256: str) -> None:
    """What was stored for a version that was then not kept."""
    if not ModelVersion.objects.filter(sha256=sha256).exists():
        delete_folder(path_of(sha256, "").rstrip("/"))
