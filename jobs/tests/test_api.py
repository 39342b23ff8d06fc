from datetime import timedelta
from threading import Event, Thread
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from jobs import services
from jobs.long_poll import wait_until_ended
from jobs.models import Job, Status

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(alice) -> Job:
    return Job.objects.create(owner=alice, task="grading.read_scan", step="Reading pages", position="3 / 9")


def test_the_owner_sees_how_a_job_stands(call, alice, job):
    answer = call(alice).get(f"/api/jobs/{job.pk}/").json()
    assert answer["status"] == "queued"
    assert answer["step"] == "Reading pages 3 / 9"
    assert answer["url"].endswith(f"/api/jobs/{job.pk}/")


def test_steps_and_errors_are_said_in_the_language_of_the_reader(call, alice, job):
    answer = call(alice).get(f"/api/jobs/{job.pk}/", headers={"accept-language": "ko"}).json()
    assert "3 / 9" in answer["step"]
    assert "Reading" not in answer["step"]


def test_a_stranger_gets_404_and_an_anonymous_401(call, bob, job):
    assert call(bob).get(f"/api/jobs/{job.pk}/").status_code == 404
    assert call(bob).post(f"/api/jobs/{job.pk}/cancel/").status_code == 404
    assert call().get(f"/api/jobs/{job.pk}/").status_code == 401


def test_jobs_are_filtered_by_status_and_app_and_paged(call, alice, job):
    Job.objects.create(owner=alice, task="grading.read_scan", status=Status.DONE)
    api = call(alice)
    assert api.get("/api/jobs/?status=done").json()["count"] == 1
    assert api.get("/api/jobs/?app=grading").json()["count"] == 2
    assert api.get("/api/jobs/?app=digits").json()["count"] == 0
    assert len(api.get("/api/jobs/?page_size=1").json()["results"]) == 1


def test_an_unknown_status_is_a_sentence_not_an_empty_list(call, alice):
    answer = call(alice).get("/api/jobs/?status=finished")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "status"


def test_cancel_and_retry_by_program(call, alice, job):
    api = call(alice)
    assert api.post(f"/api/jobs/{job.pk}/cancel/").json()["status"] == "cancelled"
    assert api.post(f"/api/jobs/{job.pk}/cancel/").status_code == 409
    again = api.post(f"/api/jobs/{job.pk}/retry/")
    assert (again.status_code, again.json()["status"]) == (202, "queued")
    assert api.post(f"/api/jobs/{job.pk}/retry/").status_code == 409


def ended_job(owner, ago: float = 60) -> Job:
    moment = timezone.now() - timedelta(seconds=ago)
    return Job.objects.create(owner=owner, task="grading.read_scan", status=Status.DONE, ended_at=moment)


def test_a_program_follows_jobs_as_they_end_and_is_told_of_each_once(call, alice, bob, job):
    api = call(alice)
    begin = f"{(timezone.now() - timedelta(hours=1)).isoformat()}_{UUID(int=0)}"
    later, earlier, _other = ended_job(alice, ago=20), ended_job(alice, ago=30), ended_job(bob)
    first = api.get("/api/jobs/ended/", {"after": begin}).json()
    assert [told["id"] for told in first["jobs"]] == [str(earlier.pk), str(later.pk)]
    again = api.get("/api/jobs/ended/", {"after": first["cursor"]}).json()
    assert again == {"jobs": [], "cursor": first["cursor"]}
    last = ended_job(alice, ago=10)
    assert [
        told["id"] for told in api.get("/api/jobs/ended/", {"after": first["cursor"]}).json()["jobs"]
    ] == [str(last.pk)]


def test_jobs_that_ended_in_one_moment_are_all_told_of(call, alice, monkeypatch):
    monkeypatch.setattr("jobs.ended.MOST", 2)
    moment = timezone.now() - timedelta(minutes=1)
    jobs = {
        Job.objects.create(owner=alice, task="grading.read_scan", status=Status.DONE, ended_at=moment).pk
        for _ in range(5)
    }
    cursor, told = f"{(moment - timedelta(seconds=1)).isoformat()}_{UUID(int=0)}", []
    while answer := call(alice).get("/api/jobs/ended/", {"after": cursor}).json():
        told += [UUID(job["id"]) for job in answer["jobs"]]
        cursor = answer["cursor"]
        if not answer["jobs"]:
            break
    assert len(told) == 5
    assert set(told) == jobs


def test_who_begins_to_follow_is_told_of_what_ends_from_now_on(call, alice):
    ended_job(alice)
    answer = call(alice).get("/api/jobs/ended/").json()
    assert answer["jobs"] == []
    assert call(alice).get("/api/jobs/ended/", {"after": answer["cursor"]}).status_code == 200


@pytest.mark.parametrize(
    "cursor", ["yesterday", "2026-11-30_x", "2026-11-30T10:00:00_" + "0" * 32, "9" * 400]
)
def test_what_is_no_cursor_is_a_sentence(call, alice, cursor):
    answer = call(alice).get("/api/jobs/ended/", {"after": cursor})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "after"


@pytest.mark.django_db(transaction=True)
def test_a_job_is_waited_for_where_that_is_preferred(call, alice, job, monkeypatch):
    """It is cancelled by another program once the first one waits."""
    waits = Event()

    def wait(pk: UUID, seconds: float) -> None:
        waits.set()
        wait_until_ended(pk, seconds)

    def cancel() -> None:
        waits.wait()
        services.cancel(job=job)
        connection.close()

    monkeypatch.setattr("jobs.api.wait_until_ended", wait)
    other = Thread(target=cancel)
    other.start()
    answer = call(alice).get(f"/api/jobs/{job.pk}/", headers={"prefer": "wait=30"}).json()
    other.join()
    assert answer["status"] == "cancelled"
