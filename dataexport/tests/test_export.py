"""Gathering all that is somebody's own. That it is of every table and file, tests/test_dataexport.py walks."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from dataexport import services
from dataexport.models import Export
from jobs.models import Job, Status


def test_one_is_made_at_a_time(call, alice, bob):
    first, again = (call(alice).post("/api/exports/") for _ in range(2))
    assert first.status_code == 202 and first["Location"] == again["Location"]
    assert call(bob).post("/api/exports/").json()["id"] != first.json()["id"]
    assert first.json()["file_url"] is None and first.json()["expires_at"] is None


def test_it_is_forgotten_after_a_day(alice, django_capture_on_commit_callbacks):
    export = services.ask(owner=alice)
    export.file.save("a.zip", ContentFile(b"PK"))
    Job.objects.update(status=Status.DONE, ended_at=timezone.now() - timedelta(hours=23))
    assert services.forget_old() == 0
    Job.objects.update(ended_at=timezone.now() - timedelta(hours=25))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_old() == 1
    assert not Export.objects.exists() and not export.file.storage.exists(export.file.name)
