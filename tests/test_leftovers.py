"""Files that nobody will ask for."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from digits.models import Reading
from grading.models import Exam, Scan
from jobs.leftovers import remove_leftovers, remove_unfinished
from jobs.services import submit
from web.files import copy_of

pytestmark = pytest.mark.django_db


def age(path, days: float):
    """Last written so long ago."""
    os.utime(path, (time.time() - days * 86400,) * 2)
    return path


def stored(name: str, days: float) -> str:
    saved = default_storage.save(name, ContentFile(b"x"))
    age(default_storage.path(saved), days)
    return saved


def test_files_without_a_row_go_after_a_day(alice):
    orphan, young = stored("digits/2026/11/a.png", 2), stored("digits/2026/11/b.png", 0.5)
    known, elsewhere = stored("digits/2026/11/c.png", 2), stored("models/0123/weights.safetensors", 2)
    its_copy, copy_of_none = stored(copy_of(known), 2), stored(copy_of(orphan), 2)
    job, _is_new = submit(owner=alice, task="digits.read")
    Reading.objects.create(owner=alice, job=job, picture=known)
    remove_leftovers()
    assert not any(map(default_storage.exists, (orphan, copy_of_none)))
    assert all(map(default_storage.exists, (young, known, its_copy, elsewhere)))


def test_uploads_and_networks_that_were_never_finished_go_after_an_hour(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR, settings.MODEL_CACHE_DIR = tmp_path / "incoming", tmp_path / "models"
    for folder in (tmp_path / "incoming", tmp_path / "models" / "hangul"):
        folder.mkdir(parents=True)
    old = [tmp_path / "incoming" / "a.upload.pdf", tmp_path / "models" / "hangul" / "b.12.part"]
    for path in old:
        path.touch()
        age(path, 1)
    young, ready = tmp_path / "incoming" / "c.upload.pdf", tmp_path / "models" / "digits.onnx"
    young.touch()
    ready.touch()
    age(ready, 9)
    remove_leftovers()
    assert not any(path.exists() for path in old) and young.exists() and ready.exists()
    remove_unfinished()  # at a start nobody writes
    assert not young.exists()


def test_folders_of_what_was_deleted_go_at_once(alice, settings):
    exam = Exam.objects.create(owner=alice, title="Quiz")
    scan = Scan.objects.create(exam=exam, job=submit(owner=alice, task="grading.read_scan")[0])
    kept, gone = stored(f"{scan.folder}/page-0001.jpg", 0), stored("exams/999/scans/1/page-0001.jpg", 2)
    uploading, failed = (
        stored(f"{exam.folder}/scans/998/a.pdf", 0),
        stored(f"{exam.folder}/scans/999/a.pdf", 2),
    )
    training, other = Path(settings.DATA_DIR) / "teaching" / "7", Path(settings.DATA_DIR) / "other" / "7"
    for folder in (training, other):
        folder.mkdir(parents=True)
        (folder / "maps.npy").touch()
    remove_leftovers()
    assert not any(map(default_storage.exists, (gone, failed, "exams/999"))) and not training.exists()
    assert all(map(default_storage.exists, (kept, uploading))) and other.exists()
