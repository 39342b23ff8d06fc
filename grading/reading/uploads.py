"""Uploaded files: are they usable, and where do they lie?"""

from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from grading.models import AGAIN, Exam, Scan, ScanPage
from grading.sheet.scan_files import check_scan_file
from uploads.problems import BadFile
from web.files import delete_folder


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


def delete_files(scan: Scan) -> None:
    """Those of a scan that was deleted, and what is left of its exam where that is gone, too."""
    is_exam_there = Exam.with_trashed.filter(pk=scan.exam_id).exists()
    delete_folder(scan.folder if is_exam_there else scan.exam.folder)


def delete_files_of_page(page: ScanPage) -> None:
    """Those of one that was deleted by itself, or with its exam."""
    if not Scan.with_trashed.filter(pk=page.scan_id).exists():
        delete_files(page.scan)
        return
    default_storage.delete(page.scan.image_name(page.page, page.part))
    default_storage.delete(page.scan.image_name(page.page, page.part, AGAIN))
