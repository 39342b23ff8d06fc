"""A whole site, backed up while it is used, comes back elsewhere: rows, files, people, tokens, sessions, jobs."""

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction

from accounts.models import User
from accounts.services import make_token
from backups.tests.sites import Elsewhere, Rows, all_files, all_rows
from conftest import database_url, patience, wait_until
from digits.models import Reading
from digits.services import READ, read
from grading.models import Exam
from grading.services import replace_roster
from jobs.models import Job
from registry.services import activate, add_candidate, roll_back
from registry.weight_files import store
from school.roster.rows import RosterRow
from tests.test_up import Site

pytestmark = pytest.mark.django_db(transaction=True)
IS_POSTGRESQL = connection.vendor == "postgresql"
PASSWORD = "drawn-with-care-8"
POPULATED = {  # tables that would compare well if they were empty on both sides
    *(
        "accounts.User",
        "accounts.Token",
        "jobs.Job",
        "registry.ModelVersion",
        "registry.Change",
        "registry.Upload",
    ),
    *("registry.Shadow", "registry.Disagreement", "registry.TrainingRun", "registry.Measurement"),
    *("digits.Reading", "digits.Inside"),
    *(
        "classifier.Picture",
        "classifier.Album",
        "classifier.Classifier",
        "classifier.Label",
        "classifier.Example",
    ),
    *(
        "classifier.Training",
        "generator.Order",
        "generator.Face",
        "grading.Exam",
        "grading.Item",
        "grading.Candidate",
    ),
    *(
        "grading.Scan",
        "grading.ScanPage",
        "grading.PageAssignment",
        "grading.ExamImport",
        "grading.Paper",
        "grading.Answer",
    ),
    *("grading.Release", "grading.ReleasedPaper", "grading.RegradeRequest"),
    *("example.Example", "example.Thing"),
    "auth.Permission",
}


@pytest.fixture
def site(owned, alice, settings) -> dict[str, object]:
    """Rows in the tables of all apps, and weights that people brought."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    alice.set_password(PASSWORD)
    alice.save()  # which ends the tokens that she had
    make_token(user=alice, name="script")
    replace_roster(
        exam=Exam.objects.get(pk=owned["exam"]), rows=[RosterRow("11", "김하늘"), RosterRow("12", "이서연")]
    )
    sha256 = "b" * 64
    store(sha256=sha256, files={"brought.safetensors": bytes(range(256)) * 99})
    card = {"sha256": sha256, "kind": "digits", "name": "brought"}
    activate(version=add_candidate(card=card), by=alice, why="Better")
    roll_back(kind="digits", by=alice)
    return owned


@pytest.fixture
def archive(site, tmp_path: Path) -> Path:
    call_command("backup", tmp_path / "site.tar")
    return tmp_path / "site.tar"


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The URL of an empty database beside the one of the tests."""
    name = f"{connection.settings_dict['NAME']}_elsewhere"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield f"{database_url().rpartition('/')[0]}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"] if IS_POSTGRESQL else ["sqlite"])
def elsewhere(request, tmp_path: Path) -> Elsewhere:
    database = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    return Elsewhere(tmp_path / "elsewhere", database)


def test_every_row_and_every_file_comes_back(archive, elsewhere):
    assert elsewhere.manage("restore", archive).count("Everyone signs in as before")
    rows = elsewhere.rows()
    assert rows == all_rows()
    assert elsewhere.files() == all_files()
    assert {table for table, found in rows.items() if found} >= POPULATED
    script = "from accounts.models import User; print(User.objects.create_user('new').pk)"
    new = int(elsewhere.manage("shell", "--no-imports", "-c", script))
    assert new > max(User.objects.values_list("pk", flat=True))


class Writing(threading.Thread):
    """Someone has digits read without a pause: each time a job, a reading and its picture."""

    def __init__(self, owner: User) -> None:
        super().__init__()
        self.owner, self.count, self.is_over = owner, 0, threading.Event()

    def run(self) -> None:
        try:
            while not self.is_over.is_set():
                self.write()
        finally:
            connection.close()

    def write(self) -> None:
        with transaction.atomic():
            job = Job.objects.create(owner=self.owner, task=READ, key=f"written {self.count}")
            reading = Reading(owner=self.owner, job=job, source=Reading.Source.UPLOAD)
            reading.picture.save("written.png", ContentFile(b"%d" % self.count), save=False)
            reading.save()
        self.count += 1


def within(some: Rows, more: Rows) -> bool:
    return all(set(rows) <= set(more[table]) for table, rows in some.items())


def test_a_site_is_backed_up_as_it_was_at_one_moment(site, bob, elsewhere, tmp_path):
    before, writing = all_rows(), Writing(bob)
    writing.start()
    try:
        wait_until(lambda: writing.count > 3)
        begun = writing.count
        call_command("backup", tmp_path / "site.tar")
    finally:
        writing.is_over.set()
        writing.join()
    assert writing.count > begun + 3, "Nothing was written meanwhile."
    elsewhere.manage("restore", tmp_path / "site.tar")
    rows, files = elsewhere.rows(), elsewhere.files()
    assert within(before, rows)
    assert within(rows, all_rows())
    jobs, readings = (len(rows[table]) - len(before[table]) for table in ("jobs.Job", "digits.Reading"))
    assert begun <= jobs == readings < writing.count
    pictures = Reading.objects.filter(owner=bob).order_by("created_at").values_list("picture", flat=True)
    assert all(files[name] == b"%d" % number for number, name in enumerate(pictures[:readings]))


@pytest.mark.full
def test_people_and_jobs_go_on_where_they_were(site, alice, tmp_path, browse):
    session = browse(alice).cookies["sessionid"].value
    _token, key = make_token(user=alice, name="script")
    job = read(owner=alice, source=Reading.Source.PIXELS, pixels=bytes(784)).job
    Job.objects.filter(pk=job.pk).update(status="running", attempt=1, seen_at=job.created_at)
    call_command("backup", tmp_path / "site.tar")
    Elsewhere(tmp_path / "elsewhere").manage("restore", tmp_path / "site.tar")
    restored = Site(tmp_path / "elsewhere")
    restored.environment.pop("SECRET_KEY", None)
    restored.start()
    try:
        assert "alice" in ask(restored, "/account/", Cookie=f"sessionid={session}")
        assert "token" in ask(restored, "/api/token/", f"username=alice&password={PASSWORD}")
        wait_until(lambda: '"done"' in ask(restored, f"/api/jobs/{job.pk}/", Authorization=f"Bearer {key}"))
    finally:
        restored.stop()


def ask(site: Site, path: str, form: str = "", **headers: str) -> str:
    request = Request(f"{site.url}{path}", form.encode() or None, headers)
    with urlopen(request, timeout=patience()) as answer:
        return answer.read().decode()


@pytest.mark.skipif(not IS_POSTGRESQL, reason="needs a PostgreSQL to come back to")
def test_a_site_that_moved_to_sqlite_moves_back(archive, postgresql, tmp_path):
    small, large = Elsewhere(tmp_path / "small"), Elsewhere(tmp_path / "large", postgresql)
    small.manage("restore", archive)
    small.manage("backup", tmp_path / "small.tar")
    large.manage("restore", tmp_path / "small.tar")
    assert large.rows() == all_rows()
