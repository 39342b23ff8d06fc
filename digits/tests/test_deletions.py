"""Readings that are deleted while a worker is at them."""

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from digits import services, tasks
from digits.models import Reading
from digits.tests.readings import a_reading
from jobs.models import Job
from tests.support.deletions import before, delete_for_good, files_in, is_quiet

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(owner, **how) -> Reading:
    """A picture so large that a copy of it is kept to show."""
    out = BytesIO()
    Image.new("L", (1500, 1400), 255).save(out, "PNG")
    picture = SimpleUploadedFile("a.png", out.getvalue())
    return services.read(owner=owner, source="upload", picture=picture, **how)


@pytest.mark.parametrize("step", ["digits.tasks.pixels_of", "digits.tasks.keep_to_show", "web.files.encoded"])
def test_of_a_reading_that_is_deleted_while_it_is_read_no_copy_stays(
    alice, settings, monkeypatch, caplog, step
):
    reading = waiting(alice)
    before(monkeypatch, step, lambda: delete_for_good(reading))
    tasks.read()
    assert files_in(Path(settings.MEDIA_ROOT)) == [] and is_quiet(caplog) and not Job.objects.exists()


def test_one_that_is_deleted_does_not_hold_up_others_of_its_batch(alice, monkeypatch, caplog):
    gone = waiting(alice)
    other = services.read(owner=alice, source="pixels", pixels=bytes(784))
    before(monkeypatch, "digits.tasks.pixels_of", lambda: delete_for_good(gone))
    tasks.read()
    other.refresh_from_db()
    assert other.is_read and Job.objects.get().attempt == 1 and is_quiet(caplog)


def test_of_a_reading_that_is_deleted_while_one_looks_inside_no_numbers_stay(
    alice, settings, monkeypatch, caplog
):
    reading = a_reading(alice, "7")
    services.look_inside(reading=reading, place=0)
    before(monkeypatch, "digits.tasks.look", lambda: delete_for_good(reading))
    tasks.look_inside()
    assert files_in(Path(settings.MEDIA_ROOT)) == [] and is_quiet(caplog) and not Job.objects.exists()
