import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.fields.files import FieldFile, FileField

from web.files import download_of_upload, extension, remove_on_commit


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("scan.PDF", "pdf"),
        ("a.tar.gz", "gz"),
        ("../../x.p/y", "bin"),
        ("답안지", "bin"),
        ("a.toolong", "bin"),
        (None, "bin"),
    ],
)
def test_of_a_name_only_a_short_harmless_extension_is_kept(name, kept):
    assert extension(name) == kept


def a_file() -> FieldFile:
    return FieldFile(None, FileField(), default_storage.save("one.txt", ContentFile(b"1")))


@pytest.mark.django_db(transaction=True)
def test_files_go_once_the_deletion_of_their_rows_is_committed_and_not_before():
    file, kept = a_file(), a_file()
    with transaction.atomic():
        remove_on_commit([file, FieldFile(None, FileField(), "")])
        assert default_storage.exists(file.name)
    assert not default_storage.exists(file.name) and default_storage.exists(kept.name)


@pytest.mark.django_db(transaction=True)
def test_files_stay_where_the_deletion_is_taken_back():
    file = a_file()
    with transaction.atomic():
        remove_on_commit([file])
        transaction.set_rollback(True)
    assert default_storage.exists(file.name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("cat.png", "image/png"),
        ("cat.html", "application/octet-stream"),
        ("cat.svg", "application/octet-stream"),
        ("cat.png.xhtml", "application/octet-stream"),
        ("고양이", "application/octet-stream"),
    ],
)
def test_an_upload_is_never_sent_back_as_what_a_browser_would_run(name, kind):
    answer = download_of_upload(a_file(), name)
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer) == b"1"
