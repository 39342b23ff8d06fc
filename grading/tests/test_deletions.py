"""An exam that is deleted while a worker reads for it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from grading import services, tasks
from grading.tests.drawing import as_pdf, printed
from jobs.models import Job
from tests.support.deletions import before, delete_for_good, files_in, is_quiet

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = ["note_page_counts", "store_image", "read_cells"]


@pytest.mark.parametrize("step", STEPS)
def test_of_an_exam_that_is_deleted_while_it_is_read_no_page_stays(
    exam, alice, settings, monkeypatch, caplog, step
):
    file = SimpleUploadedFile("class.pdf", as_pdf(*printed(exam)))
    services.submit_scans(exam=exam, uploads=[file], owner=alice)
    folder = Path(settings.MEDIA_ROOT) / exam.folder
    before(monkeypatch, f"grading.reading.files.{step}", lambda: delete_for_good(exam))
    tasks.read_scan()
    assert files_in(Path(settings.MEDIA_ROOT)) == [] and not folder.exists()
    assert is_quiet(caplog) and not Job.objects.exists()


def test_of_an_account_that_is_deleted_meanwhile_no_page_stays(exam, alice, settings, monkeypatch, caplog):
    file = SimpleUploadedFile("class.pdf", as_pdf(*printed(exam)))
    services.submit_scans(exam=exam, uploads=[file], owner=alice)
    before(monkeypatch, "grading.reading.files.read_cells", alice.delete)
    tasks.read_scan()
    assert files_in(Path(settings.MEDIA_ROOT)) == [] and is_quiet(caplog)


@pytest.mark.parametrize(
    ("step", "table"),
    [
        ("grading.tasks.read_file", "number,name\n1,Kim\n"),
        ("school.uploads.read_roster", "number,name\n1,Kim\n1,Lee\n"),
    ],
)
def test_of_an_exam_that_is_deleted_under_its_roster_nothing_comes_back(
    exam, alice, settings, monkeypatch, caplog, step, table
):
    file = SimpleUploadedFile("roster.csv", table.encode())
    services.submit_roster(exam=exam, file=file, owner=alice)
    before(monkeypatch, step, lambda: delete_for_good(exam))
    tasks.read_roster()
    assert files_in(Path(settings.MEDIA_ROOT)) == [] and is_quiet(caplog)
    assert not Job.objects.exists()
