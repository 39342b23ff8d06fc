"""A disk that is short or full: what is refused, and what goes on."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from benchmarks.activation import SEVEN
from classifier.models import Picture

pytestmark = pytest.mark.django_db

ALL_THERE_IS = 10**9  # MB
DIGIT = {"pixels": ",".join(map(str, SEVEN))}
GROW = "PRAGMA max_page_count = 4294967294"
NO_ROOM = "The site has no room for more files."


@pytest.fixture
def short_disk(settings) -> None:
    settings.DISK_RESERVE_MB = ALL_THERE_IS


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", b"whatever it is")


def test_a_program_that_uploads_is_refused_with_a_sentence(call, alice, short_disk):
    answer = call(alice).post("/api/pictures/", {"image": picture()}, format="multipart")
    (error,) = answer.json()["errors"]
    assert answer.status_code == 507 and error["code"] == "insufficient_storage"
    assert error["detail"].startswith(NO_ROOM)


def test_a_person_who_uploads_is_refused_on_a_page(browse, alice, short_disk):
    answer = browse(alice).post("/pictures/", {"images": picture()})
    assert answer.status_code == 507 and NO_ROOM in answer.content.decode()
    assert 'href="/account/"' in answer.content.decode()  # still signed in
    assert not Picture.objects.exists()


def test_the_length_that_is_announced_counts(call, alice, settings):
    settings.DISK_RESERVE_MB = 0
    body = b"--x--\r\n"
    kind = {"content_type": "multipart/form-data; boundary=x"}
    assert call(alice).generic("POST", "/api/pictures/", body, **kind).status_code == 400
    assert (
        call(alice).generic("POST", "/api/pictures/", body, **kind, CONTENT_LENGTH="9" * 18).status_code
        == 507
    )


def test_reading_correcting_and_deleting_go_on(call, alice, short_disk):
    made = call(alice).post("/api/digits/", DIGIT, format="json")
    url = f"/api/digits/{made.json()['id']}/"
    assert call(alice).get(url).status_code == 200
    assert call(alice).patch(url, {"text": "7"}, format="json").status_code == 200
    assert call(alice).delete(url).status_code == 204


@pytest.fixture
def full_database(transactional_db):
    """SQLite may not grow, as on a disk without a free block."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL cannot be told not to grow.")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
        yield
        cursor.execute(GROW)


def test_a_database_that_cannot_grow_is_said_and_not_for_long(call, alice, full_database):
    program = call(alice)
    program.raise_request_exception = False
    items = [{"number": number, "kind": "ox", "answer": "O"} for number in range(1, 101)]
    exam = {"title": "Quiz", "language": "en", "id_digits": 3, "items": items}
    for _ in range(500):  # as many as the file's free pages hold
        answer = program.post("/api/exams/", exam, format="json")
        if answer.status_code != 201:
            break
    assert answer.status_code == 507 and answer.json()["errors"][0]["detail"].startswith(NO_ROOM)
    with connection.cursor() as cursor:
        cursor.execute(GROW)
    assert program.post("/api/exams/", exam, format="json").status_code == 201


def test_a_page_says_so_too(browse, alice, full_database):
    person = browse(alice)
    person.raise_request_exception = False
    for number in range(2_000):  # as many as the file's free pages hold
        answer = person.post("/classifiers/", {"name": f"{number} {'n' * 80}", "labels": "a\nb"})
        if answer.status_code == 507:
            break
    assert NO_ROOM in answer.content.decode()
