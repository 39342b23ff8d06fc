"""Files that nobody will ask for."""

import os
import time

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from digits.models import Reading
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
