"""Uploaded files: are they usable, and where do they lie?"""

from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from grading.models import Scan
from grading.sheet.scan_files import check_scan_file
from uploads.problems import BadFile


def check_upload(upload: UploadedFile) -> dict[str, Any]:
    """{"name", "kind", "pages"}, or {"name", "problem"}."""
    name = (upload.name or "file")[:200]
    try:
        kind, pages = check_scan_file(cast(BinaryIO, upload.file))
        return {"name": name, "kind": kind, "pages": pages}
    except BadFile as problem:
        return {"name": name, "problem": problem.reason}


def store_upload(scan: Scan, index: int, both: tuple[UploadedFile, dict[str, Any]]) -> dict[str, Any]:
    upload, check = both
    if "problem" in check:
        return check
    upload.seek(0)
    return {
        **check,
        "path": default_storage.save(f"{scan.folder}/uploads/{index:04d}.{check['kind']}", upload),
    }


def delete_folder(folder: str) -> None:
    if not default_storage.exists(folder):
        return
    folders, names = default_storage.listdir(folder)
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        delete_folder(f"{folder}/{name}")
    default_storage.delete(folder)
