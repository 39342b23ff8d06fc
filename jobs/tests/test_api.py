import pytest

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
