"""What the log says: of which request and job, with a traceback where the fault is ours, and never a name."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from structlog.stdlib import ProcessorFormatter

from accounts.models import User
from config import environment
from config.logs import logging_settings
from digits import services as digits
from digits import tasks as digit_tasks
from grading import services as grading
from grading import tasks
from grading.models import Exam
from jobs.claims import Rejected
from jobs.kinds import KINDS
from jobs.models import Job, Status
from web.logs import ClientErrors

pytestmark = pytest.mark.django_db
ID = "7f3a.of-the-proxy"
BROKEN = b"\x89PNG\r\n\x1a\nand then nothing"
Lines = Callable[[], list[dict[str, Any]]]


@contextmanager
def written(form: str) -> Iterator[io.StringIO]:
    """What the site's own settings write, beside pytest's."""
    config = logging_settings("INFO", form)
    made = {name: value for name, value in config["formatters"]["line"].items() if name != "()"}
    text, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(text), root.level
    handler.setFormatter(ProcessorFormatter(**made))
    handler.addFilter(ClientErrors("INFO"))
    root.addHandler(handler)
    root.setLevel("INFO")
    yield text
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The lines so far, each as JSON has it."""
    with written("JSON") as text:
        yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]


@pytest.fixture
def shown() -> Iterator[io.StringIO]:
    with written("LINES") as text:
        yield text


@pytest.fixture
def broken_page(monkeypatch) -> None:
    def fail() -> None:
        raise RuntimeError("of ours")

    monkeypatch.setattr("administration.views.health_context", fail)


def test_a_request_has_an_id_of_its_own_or_that_of_the_proxy(browse):
    own = {browse().get("/healthz")["X-Request-ID"] for _ in range(2)}
    assert len(own) == 2 and all(len(one) == 32 for one in own)
    assert browse().get("/healthz", headers={"X-Request-ID": ID})["X-Request-ID"] == ID


@pytest.mark.parametrize("forged", ["short", "x" * 65, "a line\nand another", "name=김서연", ""])
def test_an_id_that_could_forge_a_line_is_not_taken(browse, forged):
    assert browse().get("/healthz", headers={"X-Request-ID": forged})["X-Request-ID"] != forged


def test_what_is_our_fault_has_a_traceback_the_request_and_who_asked_by_number(
    root, browse, lines, broken_page
):
    client = browse(root)
    client.raise_request_exception = False
    client.get("/settings/health/", headers={"X-Request-ID": ID})
    [line] = lines()
    assert (line["level"], line["request_id"], line["user"]) == ("error", ID, root.pk)
    assert "RuntimeError: of ours" in line["exception"] and "root" not in json.dumps(line)


def test_a_program_is_named_by_number_too(alice, call, lines):
    call(alice).get("/api/jobs/00000000-0000-0000-0000-000000000000/")
    assert [(line["level"], line["user"]) for line in lines()] == [("info", alice.pk)]


def test_nothing_of_a_request_is_left_for_the_next_line(alice, browse, lines):
    browse(alice).get("/nowhere/")
    logging.getLogger("jobs").warning("Later.")
    missing, later = lines()
    assert missing["request_id"] and "request_id" not in later and "user" not in later


@pytest.mark.parametrize("url", ["/?a=%00", "/api/jobs/?a=%00", "/nowhere/"])
def test_what_cannot_be_read_is_one_line_without_a_traceback(browse, lines, url):
    browse().get(url)
    assert [(line["level"], "exception" in line) for line in lines()] == [("info", False)]


def test_people_read_the_same_in_a_line_of_text(browse, shown):
    browse().get("/nowhere/", headers={"X-Request-ID": ID})
    [line] = shown.getvalue().splitlines()
    assert "Not Found: /nowhere/" in line and f"request_id={ID}" in line


@pytest.fixture
def failing(monkeypatch) -> Callable[[Exception], None]:
    """Have readings of digits end with an exception."""

    def fail_with(problem: Exception) -> None:
        def work(_jobs: object) -> None:
            raise problem

        monkeypatch.setattr(KINDS[digits.READ], "work", work)

    return fail_with


def read_one(owner: User) -> Job:
    return digits.read(owner=owner, source="pixels", pixels=bytes(784)).job


def test_a_job_that_fails_is_named_with_its_attempt_and_the_request_that_asked_for_it(
    alice, call, lines, failing
):
    failing(ZeroDivisionError("of ours"))
    answer = call(alice).post("/api/digits/", {"pixels": [0] * 784}, "json", headers={"X-Request-ID": ID})
    assert answer.status_code == 202
    digit_tasks.read()
    [line] = [line for line in lines() if line["level"] == "error"]
    job = Job.objects.get()
    assert (line["kind"], line["job_id"], line["attempt"]) == (digits.READ, str(job.pk), 1)
    assert line["request_id"] == ID and "ZeroDivisionError" in line["exception"]


def test_a_job_that_is_refused_is_one_line_without_a_traceback(alice, lines, failing):
    failing(Rejected("This is no picture."))
    job = read_one(alice)
    digit_tasks.read()
    [line] = lines()
    assert (line["level"], line["job_id"], "exception" in line) == ("info", str(job.pk), False)


def test_jobs_that_failed_together_are_all_named(alice, lines, failing):
    failing(ZeroDivisionError())
    jobs = {str(read_one(alice).pk) for _ in range(2)}
    digit_tasks.read()
    together, *alone = lines()
    assert set(together["job_ids"]) == jobs == {line["job_id"] for line in alone}


def test_a_job_that_is_tried_again_is_of_the_request_that_asked_for_that(alice, call, failing):
    failing(Rejected("This is no picture."))
    job = read_one(alice)
    digit_tasks.read()
    call(alice).post(f"/api/jobs/{job.pk}/retry/", headers={"X-Request-ID": ID})
    job.refresh_from_db()
    assert (job.status, job.request_id) == (Status.QUEUED, ID)


@pytest.fixture
def exam(alice) -> Exam:
    items = [{"number": 1, "kind": "ox", "answer": "O"}]
    return grading.create_exam(owner=alice, title="기말고사", language="ko", id_digits=4, items=items)


def test_no_line_tells_whose_or_which_files_they_were(alice, call, exam, lines, settings, tmp_path):
    """Broken files and lists, refused at once and by a worker, each with a student's name in name and contents."""
    settings.MEDIA_ROOT = tmp_path
    api = call(alice)
    name = "김서연"

    def file(kind: str, content: bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{name}.{kind}", content)

    listed = file("csv", f"번호,이름\n1,{name}\n1,{name}\n".encode())
    api.put(f"/api/exams/{exam.pk}/roster/", {"file": listed}, format="multipart")
    api.post(f"/api/exams/{exam.pk}/scans/", {"files[]": file("pdf", b"%PDF-1.4 " + name.encode())})
    api.post(f"/api/exams/{exam.pk}/scans/", {"files[]": file("txt", name.encode())})
    api.post("/api/digits/", {"image": file("png", BROKEN)}, format="multipart")
    for done in (tasks.read_roster, tasks.read_scan, digit_tasks.read):
        done()
    assert not Job.objects.exclude(status__in=(Status.DONE, Status.FAILED)).exists() and lines()
    text = json.dumps(lines(), ensure_ascii=False)
    assert not [told for told in (name, alice.username, exam.title) if told in text]


def test_a_format_that_is_none_stops_the_start_with_a_sentence(monkeypatch, capsys):
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(SystemExit):
        environment.read_log_format()
    assert "LOG_FORMAT is 'XML': set it to one of LINES, JSON." in capsys.readouterr().err
