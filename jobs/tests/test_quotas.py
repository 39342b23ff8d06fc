"""What one person may have waiting, keep and ask, and how too much of it is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from jobs.models import Job, Queue, Status
from jobs.services import kept_bytes, retry, submit
from jobs.waiting import position_of
from web import quotas
from web.quotas import QuotaExceeded, RequestCounts

pytestmark = pytest.mark.django_db
PIXELS = {"pixels": [0] * 784}


def a_file(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.pdf", bytes(size))


@pytest.fixture
def at_noon(monkeypatch):
    """Twelve seconds of a minute have passed, and no more pass."""
    monkeypatch.setattr(quotas.time, "time", lambda: 60_000_012.0)


def test_jobs_that_wait_or_run_are_limited_and_those_that_ended_are_not(alice, bob, settings):
    settings.QUOTA_JOBS = 2
    first, _ = submit(owner=alice, task="a.b")
    submit(owner=alice, task="a.b", key="once")
    with pytest.raises(QuotaExceeded):
        submit(owner=alice, task="c.d")
    submit(owner=bob, task="a.b")
    assert submit(owner=alice, task="a.b", key="once")[1] is False  # it was sent again, and is no new one
    Job.objects.filter(pk=first.pk).update(status=Status.FAILED, ended_at=timezone.now())
    submit(owner=alice, task="a.b")
    with pytest.raises(QuotaExceeded):
        retry(job=first)


def test_a_program_with_too_many_jobs_is_told_so(call, alice, settings):
    settings.QUOTA_JOBS = 1
    assert call(alice).post("/api/digits/", PIXELS, format="json").status_code == 202
    answer = call(alice).post("/api/digits/", PIXELS, format="json")
    assert answer.status_code == 429
    assert answer.json() == {
        "type": "client_error",
        "errors": [
            {
                "code": "throttled",
                "detail": "No more than 1 of your jobs may wait or run. "
                "Wait until some have ended, or cancel some.",
                "attr": None,
            }
        ],
    }
    assert (answer["Retry-After"], answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == (
        "30",
        "1",
        "0",
    )


def test_what_is_kept_counts_until_it_is_deleted(alice, bob, settings):
    settings.QUOTA_GB = 1
    job, _ = submit(owner=alice, task="a.b", key="once", files=[a_file(700), a_file(24)])
    submit(owner=alice, task="a.b", key="once", files=[a_file(724)])
    assert (kept_bytes(alice.pk), kept_bytes(bob.pk)) == ([724], [])
    Job.objects.filter(pk=job.pk).update(size=2**30)
    with pytest.raises(QuotaExceeded, match="empty the trash"):
        submit(owner=alice, task="a.b", files=[a_file(1)])
    submit(owner=alice, task="a.b")  # what brings no file is no matter of room
    job.delete()
    submit(owner=alice, task="a.b", files=[a_file(1)])


@pytest.mark.parametrize("path", ["/pictures/", "/api/albums/"])
def test_what_there_is_no_room_for_is_refused_before_it_is_stored(browse, alice, settings, path):
    settings.QUOTA_GB = 1
    submit(owner=alice, task="a.b", files=[a_file(1)])
    Job.objects.update(size=2**30)
    files = {"images": [a_file(10), a_file(10)]}
    answer = browse(alice).post(path, files)
    assert answer.status_code == 429
    assert "You keep up to 1 GB of files here." in answer.content.decode()
    assert not settings.MEDIA_ROOT.exists()


def test_requests_of_a_minute_are_limited_on_pages_and_api_together(
    browse, call, alice, bob, settings, at_noon
):
    settings.QUOTA_REQUESTS = 3
    assert browse(alice).get("/history/").status_code == 200
    assert call(alice).get("/api/jobs/").status_code == 200
    assert browse(alice).get("/api/jobs/").status_code == 200
    page, answer = browse(alice).get("/history/"), call(alice).get("/api/jobs/")
    assert (page.status_code, answer.status_code) == (429, 429)
    assert page["Retry-After"] == answer["Retry-After"] == answer["RateLimit-Reset"] == "48"
    assert "Try again in 48 seconds." in page.content.decode()
    assert browse(bob).get("/history/").status_code == 200


def test_in_the_next_minute_counting_begins_anew(alice, settings, monkeypatch, at_noon):
    settings.QUOTA_REQUESTS = 1
    quotas.count_request(alice.pk)
    with pytest.raises(QuotaExceeded):
        quotas.count_request(alice.pk)
    monkeypatch.setattr(quotas.time, "time", lambda: 60_000_060.0)
    quotas.count_request(alice.pk)


def test_processes_count_together(tmp_path):
    one, other = RequestCounts(tmp_path / "counts"), RequestCounts(tmp_path / "counts")
    assert [one.add(7, 1), other.add(7, 1), one.add(7, 1), one.add(8, 1)] == [1, 2, 3, 1]


def test_who_waits_is_told_how_many_are_before(call, browse, alice, bob):
    for owner in (alice, alice, alice, bob):
        last, _ = submit(owner=owner, task="grading.read_scan")
    oldest, _second, third = Job.objects.filter(owner=alice).order_by("created_at")
    assert [position_of(job) for job in (oldest, third, last)] == [1, 3, 1]
    assert call(alice).get(f"/api/jobs/{third.pk}/").json()["queue_position"] == 3
    assert "3 jobs are before yours." in browse(alice).get("/history/panel/", {"job": third.pk}).text
    assert call(alice).get("/api/jobs/").json()["results"][0]["queue_position"] is None


def test_what_someone_waits_for_is_done_in_the_order_in_which_it_came(alice, bob):
    for _ in range(3):
        submit(owner=alice, task="digits.read", queue=Queue.QUICK)
    job, _ = submit(owner=bob, task="digits.read", queue=Queue.QUICK)
    assert position_of(job) == 3
    Job.objects.filter(owner=alice).update(status=Status.RUNNING)
    assert position_of(job) == 0
